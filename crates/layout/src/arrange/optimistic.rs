//! Optimistic layout: teams that are shown collapsed or expanded before their records say so.

use orrery_model::Slot;

use super::Arrangement;

impl Arrangement {
    /// Shows a team collapsed or expanded whatever its record says, from the next [`update`](Self::update) on; with `None` as
    /// its record says. Returns whether that is a change.
    pub fn set_optimistic_collapsed(&mut self, slot: Slot, collapsed: Option<bool>) -> bool {
        let before = self.optimistic_collapsed.iter().position(|(optimistic, _)| *optimistic == slot);
        let before = before.map(|index| self.optimistic_collapsed.swap_remove(index).1);
        self.optimistic_collapsed.extend(collapsed.map(|collapsed| (slot, collapsed)));
        before != collapsed
    }

    pub(super) fn is_collapsed(&self, slot: Slot, recorded: bool) -> bool {
        self.optimistic_collapsed
            .iter()
            .find(|(optimistic, _)| *optimistic == slot)
            .map_or(recorded, |(_, collapsed)| *collapsed)
    }
}
