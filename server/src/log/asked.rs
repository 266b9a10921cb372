//! What is asked of the log besides its events, and what it answers. Never the queries.

use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{Seq, Timestamp, WorkspaceId};
use serde::Serialize;
use serde_json::value::RawValue;

/// Which activity of a workspace is asked for: the newest `limit` before a place.
#[derive(Debug, Clone)]
pub struct ActivityFilter {
    pub kind: Option<String>,
    /// A workspace; or `agent` for any, `canvas` for none.
    pub source: Option<String>,
    pub before: Seq,
    pub limit: u32,
}

/// An activity with its bodies.
#[derive(Debug, Clone, Serialize)]
pub struct ActivityRow {
    pub seq: Seq,
    pub workspace_id: WorkspaceId,
    pub created_at: Timestamp,
    #[serde(flatten)]
    pub activity: Activity,
    pub request_body: Option<Box<RawValue>>,
    pub response_body: Option<Box<RawValue>>,
    pub error_detail: Option<Box<RawValue>>,
}

/// The last that was heard of a removed workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct LastWord {
    /// The JSON text of its WORKSPACE_REMOVED.
    pub event: String,
    pub forwarded_to: Option<WorkspaceId>,
}
