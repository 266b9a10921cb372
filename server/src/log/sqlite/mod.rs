//! The log in an embedded SQLite: one connection writes, a few read. Never two servers on one folder.

#[path = "../sql/append.rs"]
mod append;
#[path = "../sql/script.rs"]
mod script;
#[path = "../sql/credentials.rs"]
mod credentials;
#[path = "../sql/claims.rs"]
mod claims;
#[path = "../sql/encode.rs"]
mod encode;
#[path = "../sql/gaps.rs"]
mod gaps;
#[path = "../sql/read.rs"]
mod read;
#[path = "../sql/rows.rs"]
mod rows;
#[path = "../sql/retain.rs"]
mod retain;
#[path = "../sql/runner.rs"]
mod runner;
mod checkpoint;
mod folder;
mod identity;
mod open;
mod transaction;

use std::collections::{HashMap, HashSet};

use orrery_protocol::{Seq, WorkspaceId};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{ConnectOptions, Connection as _, Row as _};

use append::Room;
use checkpoint::Checkpoints;
pub(super) use folder::DATABASE;
use folder::Folder;
use identity::Identity;
pub(super) use open::{backup, new_life, open};

use crate::log::{Appended, Batch, Claim, ClaimId, Ingested, LogError, Taken, Unreadable};

/// What the shared statements need to know of the engine.
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;
/// The rows of one JSON text, each an array in the column `value`.
const EACH: &str = "json_each($1)";
/// One call may hold several statements.
const TOGETHER: bool = true;
/// A transaction that sees one state throughout.
const READ_AT_ONE_PLACE: &str = "BEGIN";
/// If the log grew by more than this without us, the state is loaded anew.
const FAR: u64 = 2_000;

pub struct Appender {
    /// `None` after any error: SQLite may have rolled back by itself, so the next append opens another connection.
    connection: Option<Connection>,
    options: SqliteConnectOptions,
    epoch: String,
    identity: Identity,
    room: Room,
    checkpoints: Checkpoints,
    reader: Reader,
    folder: Folder,
}

#[derive(Clone)]
pub struct Reader {
    pool: SqlitePool,
    unreadable: Unreadable,
}

impl Appender {
    /// Returns what was committed after `known`: something only if the outcome of an earlier append was not known.
    pub async fn begin(&mut self, known: Seq) -> Result<Taken, LogError> {
        self.identity.check()?;
        let mut missed = Vec::new();
        if self.connection.is_none() {
            let mut connection = self.options.connect().await?;
            let head = sqlx::query("SELECT epoch, seq FROM head").fetch_one(&mut connection).await?;
            self.identity.check()?;
            let ahead = (head.get::<i64, _>(1) as Seq).checked_sub(known);
            let Some(ahead) = ahead.filter(|_| head.get::<&str, _>(0) == self.epoch) else {
                return Err(LogError::AnotherLife);
            };
            if ahead > 0 {
                missed = read::events(&mut connection, known, FAR.min(ahead) as u32, &self.reader.unreadable).await?;
            }
            // Trimmed events leave gaps.
            if missed.len() as u64 != ahead {
                return Err(LogError::HeadMoved(known));
            }
            self.connection = Some(connection);
        }
        Ok(Taken { missed, is_there: true })
    }

    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        // Put back only when everything went well.
        let mut connection = self.connection.take().ok_or(LogError::HeadMoved(batch.head))?;
        transaction::begin(&mut connection).await?;
        let appended = append::fill(&mut connection, batch, &mut self.room).await?;
        self.commit(connection).await?;
        Ok(appended)
    }

    pub fn check_files(&self) -> Result<(), LogError> {
        self.identity.check()
    }

    /// Writes something that changes nothing.
    pub async fn probe(&mut self) -> Result<(), LogError> {
        let mut connection = self.connection.take().ok_or(LogError::TooLate)?;
        transaction::begin(&mut connection).await?;
        sqlx::query("UPDATE head SET seq = seq").execute(&mut connection).await?;
        self.commit(connection).await
    }

    pub async fn taken_in(&mut self, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
        let mut connection = self.connection.take().ok_or(LogError::TooLate)?;
        let known = runner::taken_in(&mut connection, keys).await?;
        self.connection = Some(connection);
        Ok(known)
    }

    pub async fn claims(&mut self, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Claim>, LogError> {
        let mut connection = self.connection.take().ok_or(LogError::TooLate)?;
        let claims = claims::claims(&mut connection, ids).await?;
        self.connection = Some(connection);
        Ok(claims)
    }

    pub async fn with_token(&mut self, workspaces: &[WorkspaceId]) -> Result<HashSet<WorkspaceId>, LogError> {
        let mut connection = self.connection.take().ok_or(LogError::TooLate)?;
        let with_token = claims::with_token(&mut connection, workspaces).await?;
        self.connection = Some(connection);
        Ok(with_token)
    }

    /// Leaves one file with everything in it.
    pub async fn close(mut self) {
        self.checkpoints.stop().await;
        self.reader.pool.close().await;
        if let Err(error) = self.finish().await {
            tracing::warn!(%error, "the write-ahead file could not be brought into the database; the next start does it");
        }
    }

    async fn commit(&mut self, mut connection: Connection) -> Result<(), LogError> {
        let unconfirmed = |error| LogError::Unconfirmed(Box::new(error));
        transaction::commit(&mut connection).await.map_err(unconfirmed)?;
        self.checkpoints.want();
        self.identity.check().map_err(unconfirmed)?;
        self.connection = Some(connection);
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), LogError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                self.identity.check()?;
                self.options.connect().await?
            }
        };
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

/// Any text can be kept as it is.
fn keep(rows: String) -> String {
    rows
}

fn give(text: String) -> String {
    text
}
