//! What of a workspace's status is seen from far away, in a byte: kept side by side, a hundred thousand are looked through
//! without opening their records. Never a colour.

use std::collections::VecDeque;

use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::{Status, Workspace};

/// The more it calls for help, the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum OverviewStatus {
    #[default]
    Online,
    Offline,
    Other,
    Provisioning,
    Degraded,
    Failed,
}

/// By slot.
#[derive(Default)]
pub struct StatusIndex {
    by_slot: Vec<OverviewStatus>,
    changes: u64,
    /// Who changed, the latest last.
    latest: VecDeque<Slot>,
}

/// More than so many are not told one by one.
const LATEST: usize = 64;

impl OverviewStatus {
    pub const ALL: [Self; 6] =
        [Self::Online, Self::Offline, Self::Other, Self::Provisioning, Self::Degraded, Self::Failed];

    pub fn is_problem(self) -> bool {
        self >= Self::Degraded
    }
}

impl From<&Status> for OverviewStatus {
    fn from(status: &Status) -> Self {
        match status {
            Status::Online => Self::Online,
            Status::Offline => Self::Offline,
            Status::Provisioning => Self::Provisioning,
            Status::Degraded => Self::Degraded,
            Status::Failed => Self::Failed,
            Status::Removed | Status::Other(_) => Self::Other,
        }
    }
}

impl StatusIndex {
    pub fn of(&self, slot: Slot) -> OverviewStatus {
        self.by_slot.get(slot.index()).copied().unwrap_or_default()
    }

    /// Counts up when any of them is another.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Who changed since it was that; none when that is too long ago.
    pub fn changed_since(&self, changes: u64) -> Option<Vec<Slot>> {
        let count = (self.changes - changes) as usize;
        let known = self.latest.len().checked_sub(count)?;
        Some(self.latest.iter().skip(known).copied().collect())
    }

    /// After a fold.
    pub fn follow(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) {
        if replaced {
            self.by_slot.clear();
            canvas.iter().for_each(|(slot, it)| self.put(slot, it));
            self.latest.clear();
            self.changes += 1;
            return;
        }
        for slot in changes.added.iter().chain(&changes.updated) {
            canvas.get(*slot).into_iter().for_each(|it| self.put(*slot, it));
        }
    }

    fn put(&mut self, slot: Slot, it: &Workspace) {
        if self.by_slot.len() <= slot.index() {
            self.by_slot.resize(slot.index() + 1, OverviewStatus::default());
        }
        let tone = OverviewStatus::from(&it.status);
        if std::mem::replace(&mut self.by_slot[slot.index()], tone) != tone {
            self.changes += 1;
            self.latest.push_back(slot);
            if self.latest.len() > LATEST {
                self.latest.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::WorkspaceId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_calls_for_help_comes_last_and_each_follows_its_record() {
        assert!(OverviewStatus::ALL.is_sorted());
        let row = |id: &str, status| {
            let mut it = Workspace::new(WorkspaceId::parse(id).unwrap());
            it.status = status;
            it
        };
        let canvas = Canvas::from_rows([row("a", Status::Failed), row("b", Status::from("asleep"))], 1);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut tones = StatusIndex::default();
        assert_eq!(tones.of(slots[0]), OverviewStatus::Online);
        tones.follow(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!([tones.of(slots[0]), tones.of(slots[1])], [OverviewStatus::Online, OverviewStatus::Other]);
        let changes = tones.changes();
        tones.follow(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!((tones.changes(), tones.changed_since(changes)), (changes, Some(vec![])));
        tones.follow(&canvas, &Changes::default(), true);
        assert!(tones.changes() > changes);
        assert_eq!(tones.changed_since(changes), None);
        assert_eq!([tones.of(slots[0]), tones.of(slots[1])], [OverviewStatus::Failed, OverviewStatus::Other]);
        let (changes, well) = (tones.changes(), Canvas::from_rows([row("a", Status::Online)], 1));
        tones.follow(&well, &Changes { updated: vec![slots[0]], ..Changes::default() }, false);
        assert_eq!(tones.changed_since(changes), Some(vec![slots[0]]));
    }
}
