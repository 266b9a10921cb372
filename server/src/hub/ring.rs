//! The most recent events, so that whoever was away for a while needs no query. Never older ones: those are in the log.

use std::collections::VecDeque;
use std::sync::Arc;

use orrery_protocol::Seq;

use super::about::About;
use crate::publish::Published;

const MOST_EVENTS: usize = 65_536;
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// An event as it was delivered.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub published: Arc<Published>,
    pub about: Option<Arc<About>>,
}

/// Without a gap: the events from `first` to `head`.
#[derive(Debug)]
pub struct Ring {
    events: VecDeque<Delivered>,
    bytes: usize,
    head: Seq,
    most_events: usize,
    most_bytes: usize,
}

impl Ring {
    pub fn new(head: Seq) -> Self {
        Self::with_limits(head, MOST_EVENTS, MOST_BYTES)
    }

    pub fn with_limits(head: Seq, most_events: usize, most_bytes: usize) -> Self {
        Self { events: VecDeque::new(), bytes: 0, head, most_events, most_bytes }
    }

    /// The place of the last event.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// The place of the first event that is still here.
    pub fn first(&self) -> Seq {
        self.head + 1 - self.events.len() as Seq
    }

    /// The event must be the next one.
    pub fn push(&mut self, delivered: Delivered) {
        debug_assert_eq!(delivered.published.seq, self.head + 1);
        self.head = delivered.published.seq;
        self.bytes += delivered.published.frame.len();
        self.events.push_back(delivered);
        while self.events.len() > self.most_events || self.bytes > self.most_bytes {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.published.frame.len();
        }
    }

    /// The events after a place, oldest first; `None` when the next one is no longer here.
    pub fn after(&self, seq: Seq) -> Option<impl DoubleEndedIterator<Item = &Delivered>> {
        let skipped = (seq + 1).checked_sub(self.first())?;
        Some(self.events.range((skipped as usize).min(self.events.len())..))
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Event, RunEvent, RunEventKind, Timestamp};

    use super::*;

    fn ring(head: Seq, count: Seq, most_events: usize, most_bytes: usize) -> Ring {
        let mut ring = Ring::with_limits(head, most_events, most_bytes);
        for seq in head + 1..=head + count {
            let event = Event::Run(RunEvent::new(RunEventKind::Progress, Timestamp::default()));
            ring.push(Delivered { published: Arc::new(Published::new(seq, event)), about: None });
        }
        ring
    }

    fn after(ring: &Ring, seq: Seq) -> Option<Vec<Seq>> {
        ring.after(seq).map(|events| events.map(|it| it.published.seq).collect())
    }

    #[test]
    fn what_is_kept_is_the_unbroken_end() {
        let full = ring(10, 5, 3, usize::MAX);
        assert_eq!((full.first(), full.head()), (13, 15));
        assert_eq!(after(&full, 11), None);
        assert_eq!(after(&full, 12), Some(vec![13, 14, 15]));
        assert_eq!(after(&full, 14), Some(vec![15]));
        assert_eq!(after(&full, 15), Some(vec![]));
        let empty = ring(7, 0, 3, usize::MAX);
        assert_eq!((after(&empty, 7), after(&empty, 6)), (Some(vec![]), None));
    }

    #[test]
    fn bytes_are_a_limit_too() {
        let one = ring(0, 1, 100, usize::MAX).bytes;
        let full = ring(0, 100, 100, one * 5);
        assert!(full.bytes <= one * 5 && full.first() > 90, "{}", full.first());
    }
}
