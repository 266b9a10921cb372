//! Bounded history of records that start and end: those that are running, and the latest that ended, each up to a limit.
//! Which record is evicted depends on the records alone, so everyone who applies the same events has the same history.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use orrery_protocol::Timestamp;

/// Enough for a list that a person reads.
const MAX_ENDED: usize = 500;
/// Far more than run at once: only records whose end never arrived come near it.
const MAX_RUNNING: usize = 2_000;

#[derive(Debug, Clone)]
pub(crate) struct BoundedHistory<Id, Record> {
    records: HashMap<Id, Arc<Record>>,
    running: EvictionOrder<Id>,
    ended: EvictionOrder<Id>,
}

type Key<Id> = (Option<Timestamp>, Id);

/// Sorted keys, the next to be evicted first. A vector, because most new keys belong near its end.
#[derive(Debug, Clone)]
struct EvictionOrder<Id>(Vec<Key<Id>>);

/// Whether a record is running or ended, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    RunningSince(Option<Timestamp>),
    EndedAt(Option<Timestamp>),
}

/// A record whose age decides when it is evicted.
pub(crate) trait Aging {
    fn age(&self) -> Age;
}

impl<Id: Clone + Ord + Hash, Record: Aging + Clone> BoundedHistory<Id, Record> {
    pub(crate) fn get(&self, id: &Id) -> Option<&Record> {
        self.records.get(id).map(Arc::as_ref)
    }

    /// Iterates over all records, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.values()
    }

    /// Iterates over the running records, the longest running first.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Record> {
        self.running.0.iter().filter_map(|(_, id)| self.get(id))
    }

    /// Changes a record, which is created by `new` if there is none. Returns the record that was evicted, if the history was full.
    pub(crate) fn edit(
        &mut self,
        id: &Id,
        new: impl FnOnce() -> Record,
        change: impl FnOnce(&mut Record),
    ) -> Option<(Id, Arc<Record>)> {
        let record = match self.records.get_mut(id) {
            Some(record) => {
                let (order, key) = Self::order_and_key(&mut self.running, &mut self.ended, id, record.age());
                order.remove(&key);
                record
            }
            None => self.records.entry(id.clone()).or_insert_with(|| Arc::new(new())),
        };
        change(Arc::make_mut(record));
        let (order, key) = Self::order_and_key(&mut self.running, &mut self.ended, id, record.age());
        order.insert(key);
        let evicted = match (self.running.0.len() > MAX_RUNNING, self.ended.0.len() > MAX_ENDED) {
            (true, _) => self.running.pop_first(),
            (_, true) => self.ended.pop_first(),
            _ => None,
        };
        let (_, evicted) = evicted?;
        let record = self.records.remove(&evicted)?;
        Some((evicted, record))
    }

    fn order_and_key<'a>(
        running: &'a mut EvictionOrder<Id>,
        ended: &'a mut EvictionOrder<Id>,
        id: &Id,
        age: Age,
    ) -> (&'a mut EvictionOrder<Id>, Key<Id>) {
        match age {
            Age::RunningSince(time) => (running, (time, id.clone())),
            Age::EndedAt(time) => (ended, (time, id.clone())),
        }
    }
}

impl<Id: Ord> EvictionOrder<Id> {
    fn insert(&mut self, key: Key<Id>) {
        if let Err(index) = self.0.binary_search(&key) {
            self.0.insert(index, key);
        }
    }

    fn remove(&mut self, key: &Key<Id>) {
        if let Ok(index) = self.0.binary_search(key) {
            self.0.remove(index);
        }
    }

    fn pop_first(&mut self) -> Option<Key<Id>> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }
}

impl<Id, Record> Default for BoundedHistory<Id, Record> {
    fn default() -> Self {
        Self { records: HashMap::new(), running: EvictionOrder(Vec::new()), ended: EvictionOrder(Vec::new()) }
    }
}
