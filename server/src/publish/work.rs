//! How much one batch holds: events and bytes, so that a few large requests fill it like many small ones.

use super::Published;
use crate::log::{Bodies, Write};

/// A batch that holds so many events is committed; what is left waits for the next one.
pub const BATCH_EVENTS: u64 = 1024;
/// The same in bytes.
pub const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// So many bytes are as much work as one event.
const BYTES_PER_UNIT: u64 = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    pub events: u64,
    pub bytes: u64,
}

impl Work {
    /// Returns the work of one request: its events as they are sent, and what is stored beside them.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Published>, writes: &[Write]) -> Self {
        let mut work = Self::default();
        for published in events {
            work.events += 1;
            work.bytes += published.frame.len() as u64;
        }
        work.bytes += writes.iter().map(stored_bytes).sum::<u64>();
        work
    }

    /// Returns the sum of both.
    pub fn plus(self, other: Self) -> Self {
        Self { events: self.events + other.events, bytes: self.bytes + other.bytes }
    }

    pub fn fills_a_batch(self) -> bool {
        self.events >= BATCH_EVENTS || self.bytes >= BATCH_BYTES
    }

    /// Returns what a caller is charged for it.
    pub fn units(self) -> u64 {
        self.events + self.bytes / BYTES_PER_UNIT
    }
}

fn stored_bytes(write: &Write) -> u64 {
    match write {
        Write::Bodies { bodies: Bodies { request, response, error_detail }, .. } => {
            [request, response, error_detail].into_iter().flatten().map(|text| text.len() as u64).sum()
        }
        _ => 0,
    }
}
