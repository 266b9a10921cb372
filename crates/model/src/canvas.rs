//! The folded state: one record a workspace in a slab, found by id or by slot. Never the rules of folding (`reduce`).

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use orrery_protocol::{Event, Seq, Status, Workspace, WorkspaceId};

use crate::orphaned_events::OrphanedEvents;
use crate::runs::Runs;
use crate::tree::Tree;

/// A workspace's place in the slab: cheap to copy, stable while the workspace lives, used again after it is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u32);

impl Slot {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How many removed ids are remembered. A sequenced log cannot send events later than that many removals.
const REMEMBERED_REMOVALS: usize = 16_384;

#[derive(Debug, Clone, Default)]
pub struct Canvas {
    pub(crate) seq: Seq,
    /// Shared with whoever holds the state still; copied when it changes meanwhile.
    records: Vec<Option<Arc<Workspace>>>,
    free: Vec<Slot>,
    index: HashMap<WorkspaceId, Slot>,
    removed: HashSet<WorkspaceId>,
    removed_in_order: VecDeque<WorkspaceId>,
    counts: Counts,
    pub(crate) tree: Tree,
    pub(crate) orphaned_events: OrphanedEvents,
    pub(crate) runs: Runs,
    pub(crate) last_unplaced: Option<Event>,
}

/// How many workspaces stand in each status.
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
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of a snapshot: exactly these rows, at exactly this place in the log.
    pub fn from_rows(rows: impl IntoIterator<Item = Workspace>, seq: Seq) -> Self {
        let mut canvas = Self::default();
        rows.into_iter().for_each(|row| canvas.insert_row(row));
        canvas.with_seq(seq)
    }

    /// One more row of a snapshot. A later one of the same id stands.
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

    /// When all rows are put: their place in the log.
    pub fn with_seq(self, seq: Seq) -> Self {
        Self { seq, ..self }
    }

    /// The same snapshot's records of what runs.
    pub fn with_runs(self, runs: Runs) -> Self {
        Self { runs, ..self }
    }

    /// The same rows, shared, at no place in the log.
    pub fn clone_rows(&self) -> Self {
        let mut canvas = Self::default();
        self.shared().for_each(|row| canvas.insert_row(row.clone()));
        canvas
    }

    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// The last event applied; 0 before the first.
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

    /// Was this id removed? It does not come back by a late event.
    pub fn is_removed(&self, id: &WorkspaceId) -> bool {
        self.removed.contains(id)
    }

    /// Every workspace, in the order of the slab.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Workspace)> {
        let slots = self.records.iter().enumerate();
        slots.filter_map(|(index, record)| Some((Slot(index as u32), record.as_deref()?)))
    }

    /// Every workspace, to be held on to.
    pub(crate) fn shared(&self) -> impl Iterator<Item = &Arc<Workspace>> {
        self.records.iter().flatten()
    }

    /// The parent that encloses it on the canvas: none when the parent is unknown or would close a circle.
    pub fn parent(&self, slot: Slot) -> Option<Slot> {
        self.tree.parent(slot)
    }

    /// The children that it encloses, in no particular order.
    pub fn children(&self, slot: Slot) -> &[Slot] {
        self.tree.children(slot)
    }

    /// Those without a parent, in no particular order.
    pub fn roots(&self) -> &[Slot] {
        self.tree.roots()
    }

    /// Would nesting `child` in `parent` close a circle?
    pub fn would_cycle(&self, child: Slot, parent: Slot) -> bool {
        self.tree.is_within(parent, child)
    }

    /// How many events wait for a workspace that is not known yet.
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
            Slot(u32::try_from(self.records.len() - 1).expect("fewer than 2^32 workspaces"))
        });
        self.index.insert(record.id.clone(), slot);
        *self.counts.of(&record.status) += 1;
        let parent = record.parent_id.as_ref().map(|id| (id, self.find(id)));
        self.tree.insert(slot, parent);
        self.tree.arrived(&record.id, slot);
        self.records[slot.index()] = Some(record);
        slot
    }

    /// Every change of a record goes through here, so that counts and tree follow it.
    pub(crate) fn edit(&mut self, slot: Slot, change: impl FnOnce(&mut Workspace)) {
        let record = self.records[slot.index()].as_mut().expect("a slot in hand holds a record");
        let record = Arc::make_mut(record);
        let (status, parent) = (record.status.clone(), record.parent_id.clone());
        change(record);
        // A removed parent does not come back, so nobody waits for one.
        record.parent_id = record.parent_id.take().filter(|parent| !self.removed.contains(parent));
        if record.status != status {
            *self.counts.of(&status) -= 1;
            *self.counts.of(&record.status) += 1;
        }
        if record.parent_id != parent {
            let parent = record.parent_id.as_ref().map(|id| (id, self.index.get(id).copied()));
            self.tree.nest(slot, parent);
        }
    }

    /// Takes the workspace off the canvas for good. Its children, if any are left, stand at the root.
    pub(crate) fn remove(&mut self, id: &WorkspaceId) -> Option<Slot> {
        self.orphaned_events.forget(id);
        if self.removed.insert(id.clone()) {
            self.removed_in_order.push_back(id.clone());
            if self.removed_in_order.len() > REMEMBERED_REMOVALS {
                let oldest = self.removed_in_order.pop_front();
                oldest.map(|id| self.removed.remove(&id));
            }
        }
        let slot = self.index.remove(id);
        let children = match slot {
            Some(slot) => self.tree.remove(slot),
            None => self.tree.stop_waiting_for(id),
        };
        for child in children {
            self.edit(child, |child| child.parent_id = None);
        }
        let slot = slot?;
        let record = self.records[slot.index()].take().expect("the index names records that are there");
        *self.counts.of(&record.status) -= 1;
        self.free.push(slot);
        Some(slot)
    }
}

impl Counts {
    pub fn get(&self, status: &Status) -> usize {
        *self.clone().of(status)
    }

    fn of(&mut self, status: &Status) -> &mut usize {
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
