//! Rows that cannot be read: each is counted and logged once, and skipped, so that it hides no other row.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use orrery_protocol::{Event, Seq, Timestamp, UnknownEvent, WorkspaceId};
use serde_json::json;

use super::LogError;
use crate::error::{ECHO, shortened};
use crate::metrics::UNREADABLE_ROWS;

/// The kind of the event that clients get in place of one that cannot be read, so that no place in the log is missing.
pub const EVENT_UNREADABLE: &str = "EVENT_UNREADABLE";

/// How many rows are remembered as logged; further ones may be counted again.
const REMEMBERED: usize = 10_000;

/// Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Unreadable(Arc<Mutex<HashSet<(&'static str, String)>>>);

impl Unreadable {
    /// Returns what was read; counts and logs the row otherwise.
    pub fn skip<T>(&self, table: &'static str, key: impl Display, read: Result<T, LogError>) -> Option<T> {
        read.inspect_err(|error| self.note(table, &key, error)).ok()
    }

    pub fn note(&self, table: &'static str, key: &impl Display, error: &LogError) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key.to_string();
        if seen.contains(&(table, key.clone())) {
            return;
        }
        tracing::error!(table, row = key, error = shortened(&error.to_string(), ECHO), "a row is skipped");
        UNREADABLE_ROWS.add(1);
        if seen.len() < REMEMBERED {
            seen.insert((table, key));
        }
    }
}

/// Returns the event that stands in the place of one that cannot be read.
pub fn placeholder(
    kind: Option<&str>,
    workspace_id: Option<WorkspaceId>,
    timestamp: Option<Timestamp>,
    seq: Seq,
    error: &LogError,
) -> Event {
    let reason = format!("event {seq} is stored but cannot be read: {error}");
    let payload = json!({ "event_type": kind, "reason": shortened(&reason, ECHO) });
    Event::Unknown(UnknownEvent { kind: EVENT_UNREADABLE.into(), workspace_id, timestamp, payload })
}
