//! The log: the only truth. It appends whole batches and reads them back in order. Never decides, never announces.

mod sqlite;
mod runner;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use orrery_model::{Canvas, Runs};
use orrery_protocol::record::Viewport;
use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{Epoch, Seq, Timestamp, Workspace, WorkspaceId};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::auth::TokenHash;
use crate::config::Config;
use crate::liveness::Vitals;
use crate::publish::Published;
pub use runner::{ExecutionFilter, RunnerWrite, Stored};

/// Appends. There is one, and the door's writer has it.
pub enum Appender {
    Sqlite(sqlite::Appender),
}

/// Reads. Cheap to clone.
#[derive(Clone)]
pub enum Log {
    Sqlite(sqlite::Reader),
}

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

/// A row of the projection.
#[derive(Debug, Clone)]
pub struct Projected {
    pub row: Workspace,
    pub config: Option<Value>,
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
    /// The bodies of an ACTIVITY_LOGGED in the same batch.
    Bodies {
        activity_id: String,
        bodies: Bodies,
    },
    Vitals(Vec<(WorkspaceId, Vitals)>),
    Viewport(Viewport),
    Runner(RunnerWrite),
}

/// JSON texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bodies {
    pub request: Option<String>,
    pub response: Option<String>,
    pub error_detail: Option<String>,
}

/// Everything that a server starts from, read in one transaction.
#[derive(Debug, Clone)]
pub struct Restored {
    pub epoch: Epoch,
    pub head: Seq,
    /// The first event of the unbroken rest.
    pub oldest: Seq,
    pub rows: Vec<Workspace>,
    pub configs: HashMap<WorkspaceId, Value>,
    pub removed: HashSet<WorkspaceId>,
    pub tokens: Vec<(WorkspaceId, TokenHash)>,
    pub vitals: Vec<(WorkspaceId, Vitals)>,
    pub runs: Runs,
}

/// What became of the log by a batch, besides growing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Set when old transient events were trimmed: the first event of the unbroken rest.
    pub oldest: Option<Seq>,
}

/// Which activity of a workspace is asked for: the newest `limit` before a place.
#[derive(Debug, Clone)]
pub struct ActivityFilter {
    pub kind: Option<String>,
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

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("{0}: {1}")]
    Folder(std::path::PathBuf, std::io::Error),
    #[error("another server uses the folder {0}")]
    InUse(std::path::PathBuf),
    #[error("somebody else appended to this log: the head is not {0}")]
    HeadMoved(Seq),
    #[error("a stored row cannot be read: {0}")]
    Corrupt(String),
}

impl Batch {
    pub fn is_empty(&self) -> bool {
        self.published.is_empty() && self.writes.is_empty()
    }
}

impl Restored {
    /// The fold of the whole log.
    pub fn canvas(&self) -> Canvas {
        Canvas::from_rows(self.rows.iter().cloned(), self.head).with_runs(self.runs.clone())
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

pub async fn open(config: &Config) -> Result<(Appender, Log), LogError> {
    let (appender, reader) = sqlite::open(&config.data_dir).await?;
    Ok((Appender::Sqlite(appender), Log::Sqlite(reader)))
}

impl Appender {
    /// All of the batch or nothing. After an error the log may still hold it: read before going on.
    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        match self {
            Self::Sqlite(appender) => appender.append(batch).await,
        }
    }

    pub async fn close(self) {
        match self {
            Self::Sqlite(appender) => appender.close().await,
        }
    }
}

impl Log {
    pub async fn restore(&self) -> Result<Restored, LogError> {
        match self {
            Self::Sqlite(reader) => reader.restore().await,
        }
    }

    /// The events after a place, oldest first: exact and without a gap as long as `after` ≥ `oldest` − 1.
    pub async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Arc<Published>>, LogError> {
        match self {
            Self::Sqlite(reader) => reader.read(after, limit).await,
        }
    }

    /// The first event of the unbroken rest.
    pub async fn oldest(&self) -> Result<Seq, LogError> {
        match self {
            Self::Sqlite(reader) => reader.oldest().await,
        }
    }

    /// Those about one workspace up to a place, oldest first: the first ones after a place, or else the last ones.
    pub async fn of_workspace(
        &self,
        id: &WorkspaceId,
        after: Option<Seq>,
        until: Seq,
        limit: u32,
    ) -> Result<Vec<Arc<Published>>, LogError> {
        match self {
            Self::Sqlite(reader) => reader.of_workspace(id, after, until, limit).await,
        }
    }

    /// Newest first.
    pub async fn activity(&self, id: &WorkspaceId, filter: &ActivityFilter) -> Result<Vec<ActivityRow>, LogError> {
        match self {
            Self::Sqlite(reader) => reader.activity(id, filter).await,
        }
    }

    pub async fn last_word(&self, id: &WorkspaceId) -> Result<Option<LastWord>, LogError> {
        match self {
            Self::Sqlite(reader) => reader.last_word(id).await,
        }
    }

    pub async fn viewport(&self) -> Result<Option<Viewport>, LogError> {
        match self {
            Self::Sqlite(reader) => reader.viewport().await,
        }
    }
}
