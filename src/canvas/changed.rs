//! Which workspaces look different on the map of what is no element. Most of what happens is not seen there. Never drawn here.

use std::hash::{DefaultHasher, Hash, Hasher};

use orrery_model::Slot;

use super::mounting::Detail;
use crate::store::CanvasStore;
use crate::store::OverviewStatus;

/// What was seen of each when it was last looked at. Nothing is known of those to which nothing happened yet.
#[derive(Default)]
pub struct Changed {
    looks: Vec<Option<Look>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    /// From far away: its status, and whether it is dimmed.
    far: (OverviewStatus, bool),
    /// From a middle distance, too: of its name and whether there is a task.
    middle: u64,
}

/// What has to be done about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    Drawn,
    /// It calls for help, or no longer: it may become an element, or be none any more.
    NodeHandle,
}

impl Changed {
    /// Slots mean something else from now on.
    pub fn forget(&mut self) {
        self.looks.clear();
    }

    pub fn look(&mut self, store: &CanvasStore, slot: Slot, detail: Detail) -> Seen {
        let Some(it) = store.canvas().get(slot) else { return Seen::Nothing };
        let far = (OverviewStatus::from(&it.status), store.filter_index.is_dimmed(slot));
        let look = Look { far, middle: hash((&it.name, it.current_task.is_some())) };
        let is_failed = |look: Look| look.far.0 == OverviewStatus::Failed;
        if self.looks.len() <= slot.index() {
            self.looks.resize(slot.index() + 1, None);
        }
        let before = self.looks[slot.index()].replace(look);
        match detail {
            _ if before == Some(look) => Seen::Nothing,
            Detail::Near => Seen::Nothing,
            Detail::Middle if before.is_none_or(|before| is_failed(before) != is_failed(look)) => Seen::NodeHandle,
            Detail::Middle => Seen::Drawn,
            Detail::Far if before.is_some_and(|before| before.far == look.far) => Seen::Nothing,
            Detail::Far => Seen::Drawn,
        }
    }
}

fn hash(it: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    it.hash(&mut hasher);
    hasher.finish()
}
