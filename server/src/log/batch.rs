//! What goes into the log in one transaction: events, the rows they changed, and the rows beside them. Never how.

use std::sync::Arc;

use orrery_protocol::record::Viewport;
use orrery_protocol::{Seq, Workspace, WorkspaceId};
use serde_json::Value;

use super::{Claim, ClaimId, RunnerWrite, SharedWrite};
use crate::auth::{SignIn, TokenHash};
use crate::liveness::Vitals;
use crate::ownership::Owner;
use crate::publish::Published;

/// What goes into one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    /// The place before the first event.
    pub head: Seq,
    pub published: Vec<Arc<Published>>,
    pub writes: Vec<Write>,
    pub rows: Vec<Projected>,
    pub removed: Vec<Removal>,
    pub records: Vec<RunRecord>,
}

/// A row of the projection.
#[derive(Debug, Clone)]
pub struct Projected {
    pub row: Workspace,
    pub config: Option<Value>,
}

/// What runs, as the fold left it: JSON text, or nothing when the fold no longer keeps it.
#[derive(Debug, Clone)]
pub struct RunRecord {
    pub kind: RunRecordKind,
    pub id: String,
    pub record: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunRecordKind {
    Execution,
    Run,
    Agent,
}

#[derive(Debug, Clone)]
pub struct Removal {
    pub id: WorkspaceId,
    pub seq: Seq,
    pub forwarded_to: Option<WorkspaceId>,
}

/// Rows beside the events, in the same transaction.
#[derive(Debug, Clone)]
pub enum Write {
    Token {
        workspace_id: WorkspaceId,
        hash: TokenHash,
    },
    /// The workspace's token counts no more.
    Revoked(WorkspaceId),
    /// This sign-in is over before its time.
    SignedOut(SignIn),
    /// Old activities and run events are no longer needed.
    Retain(Retain),
    /// The bodies of an ACTIVITY_LOGGED in the same batch.
    Bodies {
        activity_id: String,
        bodies: Bodies,
    },
    Vitals(Vec<(WorkspaceId, Vitals)>),
    Viewport(Viewport),
    /// This server has the workspace's process.
    Process {
        workspace_id: WorkspaceId,
        owner: Owner,
    },
    /// Whom ids of run events belong to, or that they are still in use.
    Claims(Vec<(ClaimId, Claim)>),
    Runner(RunnerWrite),
    Shared(SharedWrite),
}

/// How far back rows are kept, in milliseconds since 1970; `None`: for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retain {
    pub now: i64,
    pub activity_before: Option<i64>,
    pub runs_before: Option<i64>,
    pub outcomes_before: Option<i64>,
}

/// JSON texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bodies {
    pub request: Option<String>,
    pub response: Option<String>,
    pub error_detail: Option<String>,
}

/// What became of the log by a batch, besides growing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Set when old transient events were trimmed: the first event of the unbroken rest.
    pub oldest: Option<Seq>,
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.published.is_empty() && self.writes.is_empty()
    }
}

impl Write {
    /// Does it change who may call?
    pub fn is_credential(&self) -> bool {
        matches!(self, Self::Token { .. } | Self::Revoked(_) | Self::SignedOut(_))
    }
}

impl Retain {
    /// The tables that are not kept for ever.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let tables = [("activity_logs", self.activity_before), ("run_events", self.runs_before)];
        tables.into_iter().filter_map(|(table, before)| Some((table, before?)))
    }
}

impl RunRecordKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Execution => "execution",
            Self::Run => "run",
            Self::Agent => "agent",
        }
    }
}
