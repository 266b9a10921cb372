//! Outcomes of the writes: which were acknowledged, rejected, or left without a response.

use std::collections::HashMap;
use std::sync::Mutex;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The server acknowledged it, at this `seq` if the response has one.
    Acknowledged(Option<u64>),
    /// The server rejected it.
    Refused,
    /// There was no response: it may be in the log or not.
    Unknown,
}

/// Outcomes by mark, a text that only one write uses.
#[derive(Default)]
pub struct WriteRecords {
    outcomes: Mutex<HashMap<String, WriteOutcome>>,
}

impl WriteRecords {
    pub fn note(&self, mark: String, outcome: WriteOutcome) {
        self.outcomes.lock().unwrap().insert(mark, outcome);
    }

    pub fn outcomes(&self) -> HashMap<String, WriteOutcome> {
        self.outcomes.lock().unwrap().clone()
    }

    pub fn acknowledged(&self) -> usize {
        self.outcomes().values().filter(|outcome| matches!(outcome, WriteOutcome::Acknowledged(_))).count()
    }
}
