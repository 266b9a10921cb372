//! The status of every workspace in one byte each, so that the overview reads a hundred thousand without their records.

use std::collections::VecDeque;

use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::{Status, Workspace};

/// A status as the overview shows it, in the order of urgency.
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

/// The statuses by slot.
#[derive(Default)]
pub struct StatusIndex {
    by_slot: Vec<OverviewStatus>,
    /// Counts the changes.
    revision: u64,
    /// The slots of the latest changes, the latest last.
    latest: VecDeque<Slot>,
}

/// How many changes are remembered one by one.
const LATEST_CAPACITY: usize = 64;

impl OverviewStatus {
    pub const ALL: [Self; 6] =
        [Self::Online, Self::Offline, Self::Other, Self::Provisioning, Self::Degraded, Self::Failed];

    /// Returns whether this is degraded or failed.
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
    /// Returns the status of a workspace; `Online` for a slot that is not known.
    pub fn get(&self, slot: Slot) -> OverviewStatus {
        self.by_slot.get(slot.index()).copied().unwrap_or_default()
    }

    /// Returns a number that grows with each change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the slots that changed after a revision, or `None` if that is too long ago.
    pub fn changed_since(&self, revision: u64) -> Option<Vec<Slot>> {
        let count = (self.revision - revision) as usize;
        let skipped = self.latest.len().checked_sub(count)?;
        Some(self.latest.iter().skip(skipped).copied().collect())
    }

    /// Reads the records that a frame has changed.
    pub fn update(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) {
        if replaced {
            self.by_slot.clear();
            canvas.iter().for_each(|(slot, workspace)| self.set(slot, workspace));
            self.latest.clear();
            self.revision += 1;
            return;
        }
        for slot in changes.added.iter().chain(&changes.updated) {
            canvas.get(*slot).into_iter().for_each(|workspace| self.set(*slot, workspace));
        }
    }

    fn set(&mut self, slot: Slot, workspace: &Workspace) {
        if self.by_slot.len() <= slot.index() {
            self.by_slot.resize(slot.index() + 1, OverviewStatus::default());
        }
        let status = OverviewStatus::from(&workspace.status);
        if std::mem::replace(&mut self.by_slot[slot.index()], status) != status {
            self.revision += 1;
            self.latest.push_back(slot);
            if self.latest.len() > LATEST_CAPACITY {
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
    fn statuses_follow_their_records_and_changes_are_remembered() {
        assert!(OverviewStatus::ALL.is_sorted());
        let row = |id: &str, status| {
            let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
            workspace.status = status;
            workspace
        };
        let canvas = Canvas::from_rows([row("a", Status::Failed), row("b", Status::from("asleep"))], 1);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut statuses = StatusIndex::default();
        assert_eq!(statuses.get(slots[0]), OverviewStatus::Online);
        statuses.update(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!([statuses.get(slots[0]), statuses.get(slots[1])], [OverviewStatus::Online, OverviewStatus::Other]);
        let changes = statuses.revision();
        statuses.update(&canvas, &Changes { updated: vec![slots[1]], ..Changes::default() }, false);
        assert_eq!((statuses.revision(), statuses.changed_since(changes)), (changes, Some(vec![])));
        statuses.update(&canvas, &Changes::default(), true);
        assert!(statuses.revision() > changes);
        assert_eq!(statuses.changed_since(changes), None);
        assert_eq!([statuses.get(slots[0]), statuses.get(slots[1])], [OverviewStatus::Failed, OverviewStatus::Other]);
        let (changes, well) = (statuses.revision(), Canvas::from_rows([row("a", Status::Online)], 1));
        statuses.update(&well, &Changes { updated: vec![slots[0]], ..Changes::default() }, false);
        assert_eq!(statuses.changed_since(changes), Some(vec![slots[0]]));
    }
}
