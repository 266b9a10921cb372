//! Which workspaces look different on the map of what is no element. Most of what happens is not seen there. Never drawn here.

use std::hash::{DefaultHasher, Hash, Hasher};

use orrery_model::Slot;
use orrery_protocol::Status;

use super::mounting::Detail;
use crate::fleet::Fleet;

/// What was seen of each when it was last looked at. Nothing is known of those to which nothing happened yet.
#[derive(Default)]
pub struct Changed {
    looks: Vec<Option<Look>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    /// From far away: of its status, and whether it is dimmed.
    far: u64,
    /// From a middle distance: of its name and whether there is a task, too.
    middle: u64,
    is_failed: bool,
}

/// What has to be done about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    Drawn,
    /// It calls for help, or no longer: it may become an element, or be none any more.
    Mounted,
}

impl Changed {
    /// Slots mean something else from now on.
    pub fn forget(&mut self) {
        self.looks.clear();
    }

    pub fn look(&mut self, fleet: &Fleet, slot: Slot, detail: Detail) -> Seen {
        let Some(it) = fleet.canvas().get(slot) else { return Seen::Nothing };
        let far = hash((it.status.as_str(), fleet.sieve.holds_back(slot)));
        let look = Look {
            far,
            middle: far ^ hash((&it.name, it.current_task.is_some())),
            is_failed: it.status == Status::Failed,
        };
        if self.looks.len() <= slot.index() {
            self.looks.resize(slot.index() + 1, None);
        }
        let before = self.looks[slot.index()].replace(look);
        match detail {
            _ if before == Some(look) => Seen::Nothing,
            Detail::Near => Seen::Nothing,
            Detail::Middle if before.is_none_or(|before| before.is_failed != look.is_failed) => Seen::Mounted,
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
