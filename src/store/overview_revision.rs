//! What the fleet looks like from afar, and what of that changed since one looked. Never drawn here.

use orrery_model::Slot;

use super::CanvasStore;
use crate::store::OverviewStatus;

/// Another one: the whole looks different from afar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OverviewRevision {
    /// Where they stand, and who is held back.
    others: u64,
    tones: u64,
}

impl CanvasStore {
    pub fn tone(&self, slot: Slot) -> OverviewStatus {
        self.tones.of(slot)
    }

    pub fn seen_from_afar(&self) -> OverviewRevision {
        OverviewRevision { others: self.moves + self.filter_index.changes(), tones: self.tones.changes() }
    }

    /// Who looks different than it was then; none when anyone may.
    pub fn changed_from_afar(&self, then: OverviewRevision) -> Option<Vec<Slot>> {
        let slots = self.tones.changed_since(then.tones)?;
        (self.seen_from_afar().others == then.others).then_some(slots)
    }
}
