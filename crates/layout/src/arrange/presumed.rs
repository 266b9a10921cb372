//! What a person asked for and the records do not say yet. Never an answer to them.

use orrery_model::Slot;

use super::Arrangement;

impl Arrangement {
    /// From the next `follow` on, whatever its record says; with none, as its record says. Answers whether that is new.
    pub fn presume_collapsed(&mut self, slot: Slot, collapsed: Option<bool>) -> bool {
        let before = self.presumed_collapsed.iter().position(|it| it.0 == slot);
        let before = before.map(|at| self.presumed_collapsed.swap_remove(at).1);
        self.presumed_collapsed.extend(collapsed.map(|collapsed| (slot, collapsed)));
        before != collapsed
    }

    pub(super) fn is_collapsed(&self, slot: Slot, said: bool) -> bool {
        self.presumed_collapsed.iter().find(|it| it.0 == slot).map_or(said, |it| it.1)
    }
}
