//! The log: the only truth. It appends whole batches and reads them back in order. Never decides, never announces.

mod batch;
mod restored;
mod asked;
mod runner;
mod sqlite;

use std::sync::Arc;

use orrery_protocol::record::Viewport;
use orrery_protocol::{Seq, WorkspaceId};

pub use asked::{ActivityFilter, ActivityRow, LastWord};
pub use batch::{Appended, Batch, Bodies, Projected, Removal, RunRecord, RunRecordKind, Write};
pub use restored::Restored;
pub use runner::{ExecutionFilter, RunnerWrite, Stored};

use crate::config::Config;
use crate::publish::Published;

/// Appends. There is one, and the door's writer has it.
pub enum Appender {
    Sqlite(sqlite::Appender),
}

/// Reads. Cheap to clone.
#[derive(Clone)]
pub enum Log {
    Sqlite(sqlite::Reader),
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
