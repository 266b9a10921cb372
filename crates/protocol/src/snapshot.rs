//! Response of `GET /snapshot`: every record at one cursor, as one JSON object or as NDJSON.
//!
//! As NDJSON the first line is a `SnapshotHeader` and each further line a `SnapshotLine`, so that a reader can use the first
//! rows before the last one has arrived, and knows from the counts whether all of them did.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::record::Viewport;
use crate::{AgentState, Cursor, Execution, Run, Workspace};

/// Content type of NDJSON.
pub const NDJSON: &str = "application/x-ndjson";

/// The whole snapshot as one JSON object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub cursor: Cursor,
    pub workspaces: Vec<Workspace>,
    /// The running and the latest ended executions; likewise `runs`.
    #[serde(default)]
    pub executions: Vec<Execution>,
    #[serde(default)]
    pub runs: Vec<Run>,
    #[serde(default)]
    pub agents: Vec<AgentState>,
    pub viewport: Viewport,
}

/// The first line of a snapshot in NDJSON: its cursor, and how many records of each kind follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotHeader {
    pub cursor: Cursor,
    pub viewport: Viewport,
    pub workspaces: usize,
    pub executions: usize,
    pub runs: usize,
    pub agents: usize,
}

impl SnapshotHeader {
    /// Returns how many lines follow.
    pub fn record_count(&self) -> usize {
        self.workspaces + self.executions + self.runs + self.agents
    }
}

/// A further line of a snapshot in NDJSON, with an unread record, so that the reader can skip a record that is not readable.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotLine<'a> {
    #[serde(borrow)]
    Workspace(&'a RawValue),
    #[serde(borrow)]
    Execution(&'a RawValue),
    #[serde(borrow)]
    Run(&'a RawValue),
    #[serde(borrow)]
    Agent(&'a RawValue),
}

/// A record that is written as a `SnapshotLine`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotRecord<'a> {
    Workspace(&'a Workspace),
    Execution(&'a Execution),
    Run(&'a Run),
    Agent(&'a AgentState),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{WorkspaceId, from_json};

    #[test]
    fn records_round_trip() {
        let workspace = Workspace::new(WorkspaceId::parse("ada").unwrap());
        let text = serde_json::to_string(&SnapshotRecord::Workspace(&workspace)).unwrap();
        assert!(text.starts_with(r#"{"workspace":{"id":"ada""#), "{text}");
        let Ok(SnapshotLine::Workspace(record)) = from_json(&text) else { panic!("{text}") };
        assert_eq!(from_json::<Workspace>(record.get()).unwrap(), workspace);
        assert!(from_json::<SnapshotLine<'_>>(r#"{"team":{}}"#).unwrap_err().to_string().contains("team"));
    }
}
