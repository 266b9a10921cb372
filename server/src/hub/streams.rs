//! The subscribers of the `/ws/*` streams, found by the channels that an event's ids name. Never workspace events.

use std::collections::HashMap;
use std::sync::Arc;

use orrery_protocol::{Channel, RunEvent};

use super::interest::Selection;
use super::queue::Queue;
use super::subscribers::Key;

type Listeners = HashMap<Key, (Arc<Queue>, Arc<Selection>)>;

#[derive(Debug, Default)]
pub struct Streams {
    chosen: Listeners,
    by_channel: HashMap<Channel, Listeners>,
}

impl Streams {
    /// A second selection takes the place of the first.
    pub fn insert(&mut self, key: Key, selection: Selection, queue: &Arc<Queue>) {
        self.remove(key);
        let selection = Arc::new(selection);
        for channel in &selection.channels {
            let there = self.by_channel.entry(channel.clone()).or_default();
            there.insert(key, (queue.clone(), selection.clone()));
        }
        self.chosen.insert(key, (queue.clone(), selection));
    }

    pub fn remove(&mut self, key: Key) {
        let Some((_, selection)) = self.chosen.remove(&key) else { return };
        for channel in &selection.channels {
            if let Some(there) = self.by_channel.get_mut(channel) {
                there.remove(&key);
                if there.is_empty() {
                    self.by_channel.remove(channel);
                }
            }
        }
    }

    /// Who has several of the channels is told several times, and its queue takes the event once.
    pub fn hear(&self, event: &RunEvent, mut tell: impl FnMut(&Arc<Queue>)) {
        if self.chosen.is_empty() {
            return;
        }
        let there = Channel::of(event).into_iter().filter_map(|channel| self.by_channel.get(&channel));
        for (queue, selection) in there.flat_map(HashMap::values) {
            if selection.passes(event) {
                tell(queue);
            }
        }
    }

    pub fn queues(&self) -> impl Iterator<Item = &Arc<Queue>> {
        self.chosen.values().map(|(queue, _)| queue)
    }

    pub fn len(&self) -> usize {
        self.chosen.len()
    }
}
