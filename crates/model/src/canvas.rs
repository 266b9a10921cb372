//! The state that events add up to: a slab of workspace records, with their tree and what runs. `reduce` applies the events.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use orrery_protocol::{Event, Seq, Status, Workspace, WorkspaceId};

use crate::orphaned_events::OrphanedEvents;
use crate::runs::Runs;
use crate::slot::Slot;
use crate::tree::Tree;

/// Number of removed ids that are remembered: an event that is later than so many removals is not expected of a log with a `seq`.
const MAX_REMOVED_IDS: usize = 16_384;

/// The state of the canvas at one place of the log.
#[derive(Debug, Clone, Default)]
pub struct Canvas {
    pub(crate) seq: Seq,
    /// Shared with snapshots; a record is copied when it changes while one exists.
    records: Vec<Option<Arc<Workspace>>>,
    free: Vec<Slot>,
    index: HashMap<WorkspaceId, Slot>,
    removed: HashSet<WorkspaceId>,
    removed_in_order: VecDeque<WorkspaceId>,
    counts: Counts,
    pub(crate) tree: Tree,
    pub(crate) orphaned_events: OrphanedEvents,
    pub(crate) runs: Runs,
    pub(crate) last_without_seq: Option<Event>,
}

/// Number of workspaces by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub provisioning: usize,
    pub online: usize,
    pub degraded: usize,
    pub offline: usize,
    pub failed: usize,
    pub other: usize,
}

impl Canvas {
    /// Returns the state before the first event.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the state of a snapshot that was made at `seq`.
    pub fn from_rows(rows: impl IntoIterator<Item = Workspace>, seq: Seq) -> Self {
        let mut canvas = Self::default();
        rows.into_iter().for_each(|row| canvas.insert_row(row));
        canvas.with_seq(seq)
    }

    /// Inserts a row of a snapshot, or replaces the one with its id. Removed workspaces are left out.
    pub fn insert_row(&mut self, row: impl Into<Arc<Workspace>>) {
        let row = row.into();
        match self.find(&row.id) {
            _ if row.status == Status::Removed => {}
            Some(slot) => self.edit(slot, |record| *record = Arc::unwrap_or_clone(row)),
            None => {
                self.insert(row);
            }
        }
    }

    /// Sets the place in the log that the rows of a snapshot belong to.
    pub fn with_seq(self, seq: Seq) -> Self {
        Self { seq, ..self }
    }

    /// Sets the executions, runs and agent states of a snapshot.
    pub fn with_runs(self, runs: Runs) -> Self {
        Self { runs, ..self }
    }

    /// Returns a state with the same rows, shared, and a `seq` of 0.
    pub fn clone_rows(&self) -> Self {
        let mut canvas = Self::default();
        self.records().for_each(|row| canvas.insert_row(row.clone()));
        canvas
    }

    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Returns the `seq` of the last event that was applied; 0 before the first.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    pub fn find(&self, id: &WorkspaceId) -> Option<Slot> {
        self.index.get(id).copied()
    }

    pub fn get(&self, slot: Slot) -> Option<&Workspace> {
        self.records.get(slot.index())?.as_deref()
    }

    pub fn workspace(&self, id: &WorkspaceId) -> Option<&Workspace> {
        self.get(self.find(id)?)
    }

    /// Returns whether a workspace with this id was removed; late events do not bring it back.
    pub fn is_removed(&self, id: &WorkspaceId) -> bool {
        self.removed.contains(id)
    }

    /// Iterates over all workspaces, in the order of the slab.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Workspace)> {
        let slots = self.records.iter().enumerate();
        slots.filter_map(|(index, record)| Some((Slot::new(index), record.as_deref()?)))
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &Arc<Workspace>> {
        self.records.iter().flatten()
    }

    /// Returns the parent in the tree; `None` for roots, also if the record's parent is unknown or would form a cycle.
    pub fn parent(&self, slot: Slot) -> Option<Slot> {
        self.tree.parent(slot)
    }

    /// Returns the children in the tree, in no particular order.
    pub fn children(&self, slot: Slot) -> &[Slot] {
        self.tree.children(slot)
    }

    /// Returns the workspaces without a parent in the tree, in no particular order.
    pub fn roots(&self) -> &[Slot] {
        self.tree.roots()
    }

    /// Returns whether making `parent` the parent of `child` would form a cycle.
    pub fn would_cycle(&self, child: Slot, parent: Slot) -> bool {
        self.tree.is_within(parent, child)
    }

    /// Returns the number of events whose workspace is not known yet.
    pub fn orphaned_event_count(&self) -> usize {
        self.orphaned_events.len()
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn insert(&mut self, record: impl Into<Arc<Workspace>>) -> Slot {
        let mut record = record.into();
        if record.parent_id.as_ref().is_some_and(|parent| self.removed.contains(parent)) {
            Arc::make_mut(&mut record).parent_id = None;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.records.push(None);
            Slot::new(self.records.len() - 1)
        });
        self.index.insert(record.id.clone(), slot);
        *self.counts.of_mut(&record.status) += 1;
        let parent = record.parent_id.as_ref().map(|id| (id, self.find(id)));
        self.tree.insert(slot, parent);
        self.tree.adopt_orphans(&record.id, slot);
        self.records[slot.index()] = Some(record);
        slot
    }

    /// Changes a record, and updates the counts and the tree accordingly.
    pub(crate) fn edit(&mut self, slot: Slot, change: impl FnOnce(&mut Workspace)) {
        let record = self.records[slot.index()].as_mut().expect("the slot of an existing workspace has a record");
        let record = Arc::make_mut(record);
        let (status, parent) = (record.status.clone(), record.parent_id.clone());
        change(record);
        // A removed parent does not come back, so its id is not worth waiting for.
        record.parent_id = record.parent_id.take().filter(|parent| !self.removed.contains(parent));
        if record.status != status {
            *self.counts.of_mut(&status) -= 1;
            *self.counts.of_mut(&record.status) += 1;
        }
        if record.parent_id != parent {
            let parent = record.parent_id.as_ref().map(|id| (id, self.index.get(id).copied()));
            self.tree.set_parent(slot, parent);
        }
    }

    /// Removes a workspace and remembers its id as removed. Its children become roots.
    pub(crate) fn remove(&mut self, id: &WorkspaceId) -> Option<Slot> {
        self.orphaned_events.remove(id);
        if self.removed.insert(id.clone()) {
            self.removed_in_order.push_back(id.clone());
            if self.removed_in_order.len() > MAX_REMOVED_IDS {
                let oldest = self.removed_in_order.pop_front();
                oldest.map(|id| self.removed.remove(&id));
            }
        }
        let slot = self.index.remove(id);
        let children = match slot {
            Some(slot) => self.tree.remove(slot),
            None => self.tree.take_orphans(id),
        };
        for child in children {
            self.edit(child, |child| child.parent_id = None);
        }
        let slot = slot?;
        let record = self.records[slot.index()].take().expect("every indexed slot has a record");
        *self.counts.of_mut(&record.status) -= 1;
        self.free.push(slot);
        Some(slot)
    }
}

impl Counts {
    /// Returns the number of workspaces with a status; statuses of foreign servers are counted together.
    pub fn get(&self, status: &Status) -> usize {
        *self.clone().of_mut(status)
    }

    fn of_mut(&mut self, status: &Status) -> &mut usize {
        match status {
            Status::Provisioning => &mut self.provisioning,
            Status::Online => &mut self.online,
            Status::Degraded => &mut self.degraded,
            Status::Offline => &mut self.offline,
            Status::Failed => &mut self.failed,
            Status::Removed | Status::Other(_) => &mut self.other,
        }
    }
}
