//! The log: the only truth. It appends whole batches and reads them back in order. Never decides, never announces.

/// The same question to either engine.
macro_rules! ask {
    ($log:expr, $engine:ident => $question:expr) => {
        match $log {
            Self::Sqlite($engine) => $question,
            Self::Postgres($engine) => $question,
        }
    };
}

/// The same, and it is counted: a delivery never asks.
macro_rules! read {
    ($log:expr, $reader:ident => $question:expr) => {{
        crate::metrics::LOG_QUESTIONS.add(1);
        ask!($log, $reader => $question)
    }};
}

mod batch;
mod error;
mod outcome;
mod restored;
mod asked;
mod claims;
mod runner;
mod past;
mod shared;
mod schema;
mod unreadable;
mod sqlite;
mod postgres;
pub mod upkeep;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use orrery_protocol::record::Viewport;
use orrery_protocol::{Seq, WorkspaceId};

pub use asked::{ActivityFilter, ActivityRow, LastWord};
pub use batch::{Appended, Batch, Bodies, Projected, Removal, Retain, RunRecord, RunRecordKind, Write};
pub use claims::{CLAIM_NOTED_EVERY, Claim, ClaimId, ClaimKind, ClaimOwner};
pub use error::LogError;
pub use outcome::{Ingested, Outcome};
pub use past::{Past, Unread};
pub use postgres::{Glance, Ownerless, Reader as SharedLog};
pub use restored::Restored;
pub use runner::{ExecutionFilter, RunnerWrite, Stored};
pub use shared::{SharedWrite, Waiting};
pub use unreadable::{EVENT_UNREADABLE, Unreadable};

use crate::config::Config;
use crate::ownership::Owner;
use crate::publish::Published;

/// Appends. There is one, and the door's writer has it.
pub enum Appender {
    Sqlite(Box<sqlite::Appender>),
    Postgres(Box<postgres::Appender>),
}

/// What a server that takes the log finds.
pub struct Taken {
    /// What others appended since.
    pub missed: Vec<Arc<Published>>,
    /// Whether it still owns what it runs.
    pub is_there: bool,
}

/// Reads. Cheap to clone.
#[derive(Clone)]
pub enum Log {
    Sqlite(sqlite::Reader),
    Postgres(SharedLog),
}

pub async fn open(config: &Config) -> Result<(Appender, Log), LogError> {
    if let Some(url) = &config.database_url {
        let (appender, reader) = postgres::open(url.expose(), config.keep_transient).await?;
        return Ok((Appender::Postgres(Box::new(appender)), Log::Postgres(reader)));
    }
    let (appender, reader) = sqlite::open(&config.data_dir, config.keep_transient).await?;
    Ok((Appender::Sqlite(Box::new(appender)), Log::Sqlite(reader)))
}

impl Appender {
    /// Makes this server the one that appends, until `append` or `release`; tells what others appended after the place
    /// that is `known`.
    pub async fn begin(&mut self, known: Seq, owner: Option<&Owner>) -> Result<Taken, LogError> {
        match self {
            Self::Sqlite(appender) => appender.begin(known).await,
            Self::Postgres(appender) => appender.begin(known, owner).await,
        }
    }

    /// Which of these keys of events are there, and where. Between `begin` and `append`.
    pub async fn taken_in(&mut self, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
        ask!(self, appender => appender.taken_in(keys).await)
    }

    /// Which of these ids of run events belong to somebody. Between `begin` and `append`.
    pub async fn claims(&mut self, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Claim>, LogError> {
        ask!(self, appender => appender.claims(ids).await)
    }

    /// Which of these workspaces have a token. Between `begin` and `append`.
    pub async fn with_token(&mut self, workspaces: &[WorkspaceId]) -> Result<HashSet<WorkspaceId>, LogError> {
        ask!(self, appender => appender.with_token(workspaces).await)
    }

    pub async fn release(&mut self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(appender) => appender.release().await,
        }
    }

    /// All of the batch or nothing. After `LogError::Unconfirmed` the log may still hold it: `begin` tells.
    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        ask!(self, appender => appender.append(batch).await)
    }

    /// Commits something that changes nothing, to see whether the log can be written. Between `begin` and the next `begin`.
    pub async fn probe(&mut self) -> Result<(), LogError> {
        ask!(self, appender => appender.probe().await)
    }

    /// Returns an error if a file of the log was deleted or replaced. A database elsewhere has none.
    pub fn check_files(&self) -> Result<(), LogError> {
        match self {
            Self::Sqlite(appender) => appender.check_files(),
            Self::Postgres(_) => Ok(()),
        }
    }

    pub async fn close(self) {
        ask!(self, appender => appender.close().await)
    }
}

impl Log {
    /// The log as several servers share it; `None`: it has one server.
    pub fn shared(&self) -> Option<&SharedLog> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(reader) => Some(reader),
        }
    }

    pub async fn restore(&self) -> Result<Restored, LogError> {
        read!(self, reader => reader.restore().await)
    }

    /// The events after a place, oldest first: exact and without a gap as long as `after` ≥ `oldest` − 1.
    pub async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Arc<Published>>, LogError> {
        read!(self, reader => reader.read(after, limit).await)
    }

    /// Is anything older than that left?
    pub async fn has_expired(&self, retain: &Retain) -> Result<bool, LogError> {
        ask!(self, reader => reader.has_expired(retain).await)
    }

    /// The first event of the unbroken rest.
    pub async fn oldest(&self) -> Result<Seq, LogError> {
        read!(self, reader => reader.oldest().await)
    }

    /// Those about one workspace up to a place, oldest first: the first ones after a place, or else the last ones.
    pub async fn of_workspace(
        &self,
        id: &WorkspaceId,
        after: Option<Seq>,
        until: Seq,
        limit: u32,
    ) -> Result<Vec<Arc<Published>>, LogError> {
        read!(self, reader => reader.of_workspace(id, after, until, limit).await)
    }

    /// Newest first.
    pub async fn activity(&self, id: &WorkspaceId, filter: &ActivityFilter) -> Result<Vec<ActivityRow>, LogError> {
        read!(self, reader => reader.activity(id, filter).await)
    }

    pub async fn last_word(&self, id: &WorkspaceId) -> Result<Option<LastWord>, LogError> {
        read!(self, reader => reader.last_word(id).await)
    }

    pub async fn viewport(&self) -> Result<Option<Viewport>, LogError> {
        read!(self, reader => reader.viewport().await)
    }
}
