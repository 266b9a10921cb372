//! What the writers were told: which marks were acknowledged, refused, or left without an answer. Never what clients saw.

use std::collections::HashMap;
use std::sync::Mutex;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Committed, said the server, and if it said where: there.
    Acknowledged(Option<u64>),
    /// Nothing was changed, said the server.
    Refused,
    /// No answer: it may stand in the log once, or not.
    Unknown,
}

/// A mark is a text that only one write uses.
#[derive(Default)]
pub struct Books {
    fates: Mutex<HashMap<String, Fate>>,
}

impl Books {
    pub fn note(&self, mark: String, fate: Fate) {
        self.fates.lock().unwrap().insert(mark, fate);
    }

    pub fn fates(&self) -> HashMap<String, Fate> {
        self.fates.lock().unwrap().clone()
    }

    pub fn acknowledged(&self) -> usize {
        self.fates().values().filter(|fate| matches!(fate, Fate::Acknowledged(_))).count()
    }
}
