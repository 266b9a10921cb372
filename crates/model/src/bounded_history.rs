//! Records of what begins and ends: those that run, and the latest that ended, each kind up to a limit.
//! Which ones go first depends on the records alone, so that everyone who folds the same events keeps the same ones.
//! Never the records' own rules.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use orrery_protocol::Timestamp;

/// Enough for a list that a person reads.
const MOST_ENDED: usize = 500;
/// Far more than run at once: only what never ends, because its end was never told, comes near it.
const MOST_RUNNING: usize = 2_000;

#[derive(Debug, Clone)]
pub(crate) struct BoundedHistory<Id, Record> {
    records: HashMap<Id, Arc<Record>>,
    running: Order<Id>,
    ended: Order<Id>,
}

type Place<Id> = (Option<Timestamp>, Id);

/// Sorted, the first to leave at the front. New ones come at the end but for a few.
#[derive(Debug, Clone)]
struct Order<Id>(Vec<Place<Id>>);

/// Where a record stands in the order of leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    RunningSince(Option<Timestamp>),
    EndedAt(Option<Timestamp>),
}

pub(crate) trait Aging {
    fn age(&self) -> Age;
}

impl<Id: Clone + Ord + Hash, Record: Aging + Clone> BoundedHistory<Id, Record> {
    pub(crate) fn get(&self, id: &Id) -> Option<&Record> {
        self.records.get(id).map(Arc::as_ref)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.values()
    }

    pub(crate) fn running(&self) -> impl Iterator<Item = &Record> {
        self.running.0.iter().filter_map(|(_, id)| self.get(id))
    }

    /// Changes a record, made first when it is not there. Returns a record that had to leave for it.
    pub(crate) fn edit(
        &mut self,
        id: &Id,
        new: impl FnOnce() -> Record,
        change: impl FnOnce(&mut Record),
    ) -> Option<(Id, Arc<Record>)> {
        let record = match self.records.get_mut(id) {
            Some(record) => {
                let (shelf, place) = Self::place(&mut self.running, &mut self.ended, id, record.age());
                shelf.remove(&place);
                record
            }
            None => self.records.entry(id.clone()).or_insert_with(|| Arc::new(new())),
        };
        change(Arc::make_mut(record));
        let (shelf, place) = Self::place(&mut self.running, &mut self.ended, id, record.age());
        shelf.insert(place);
        let leaving = match (self.running.0.len() > MOST_RUNNING, self.ended.0.len() > MOST_ENDED) {
            (true, _) => self.running.pop_first(),
            (_, true) => self.ended.pop_first(),
            _ => None,
        };
        let (_, leaving) = leaving?;
        let record = self.records.remove(&leaving)?;
        Some((leaving, record))
    }

    fn place<'a>(
        running: &'a mut Order<Id>,
        ended: &'a mut Order<Id>,
        id: &Id,
        age: Age,
    ) -> (&'a mut Order<Id>, Place<Id>) {
        match age {
            Age::RunningSince(time) => (running, (time, id.clone())),
            Age::EndedAt(time) => (ended, (time, id.clone())),
        }
    }
}

impl<Id: Ord> Order<Id> {
    fn insert(&mut self, place: Place<Id>) {
        if let Err(at) = self.0.binary_search(&place) {
            self.0.insert(at, place);
        }
    }

    fn remove(&mut self, place: &Place<Id>) {
        if let Ok(at) = self.0.binary_search(place) {
            self.0.remove(at);
        }
    }

    fn pop_first(&mut self) -> Option<Place<Id>> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }
}

impl<Id, Record> Default for BoundedHistory<Id, Record> {
    fn default() -> Self {
        Self { records: HashMap::new(), running: Order(Vec::new()), ended: Order(Vec::new()) }
    }
}
