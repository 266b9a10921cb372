//! The log in an embedded SQLite: one connection writes, a few read. Never two servers on one folder.

#[path = "../sql/append.rs"]
mod append;
#[path = "../sql/script.rs"]
mod script;
#[path = "../sql/credentials.rs"]
mod credentials;
#[path = "../sql/encode.rs"]
mod encode;
#[path = "../sql/read.rs"]
mod read;
#[path = "../sql/rows.rs"]
mod rows;
#[path = "../sql/retain.rs"]
mod retain;
#[path = "../sql/runner.rs"]
mod runner;
mod checkpoint;

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _};

use append::Room;
use checkpoint::Checkpoints;

use crate::log::schema::{Step, migrator, new_epoch};
use crate::log::{Appended, Batch, Ingested, LogError};

const SCHEMA: &[Step] = &[
    ("log", include_str!("../../../migrations/sqlite/0001_log.sql")),
    ("runner", include_str!("../../../migrations/sqlite/0002_runner.sql")),
    ("operations", include_str!("../../../migrations/sqlite/0003_operations.sql")),
    ("owners", include_str!("../../../migrations/sqlite/0004_owners.sql")),
    ("idempotency", include_str!("../../../migrations/sqlite/0005_idempotency.sql")),
];

pub(super) const FILE: &str = "orrery.db";

/// What the shared statements need to know of the engine.
type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;
/// The rows of one JSON text, each an array in the column `value`.
const EACH: &str = "json_each($1)";
/// One call may hold several statements.
const TOGETHER: bool = true;
/// A transaction that sees one state throughout.
const READ_AT_ONE_PLACE: &str = "BEGIN";

pub struct Appender {
    connection: Connection,
    room: Room,
    checkpoints: Checkpoints,
    _lock: File,
}

#[derive(Clone)]
pub struct Reader {
    pool: SqlitePool,
}

pub(super) async fn open(folder: &Path, kept: u64) -> Result<(Appender, Reader), LogError> {
    let at = |error| LogError::Folder(folder.to_owned(), error);
    std::fs::create_dir_all(folder).map_err(at)?;
    let lock = File::create(folder.join("orrery.lock")).map_err(at)?;
    lock.try_lock().map_err(|_| LogError::InUse(folder.to_owned()))?;

    let options = SqliteConnectOptions::new()
        .filename(folder.join(FILE))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged event survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    let mut connection = options.clone().pragma("wal_autocheckpoint", checkpoint::BY_A_COMMIT).connect().await?;
    migrator(SCHEMA).run(&mut connection).await?;
    sqlx::query("INSERT INTO head (one, epoch, seq, oldest) VALUES (1, $1, 0, 1) ON CONFLICT DO NOTHING")
        .bind(new_epoch())
        .execute(&mut connection)
        .await?;
    let lives = sqlx::query("UPDATE head SET epoch = $1 WHERE epoch = ''").bind(new_epoch()).execute(&mut connection);
    if lives.await?.rows_affected() > 0 {
        tracing::warn!("this log was restored from a copy: it begins a new life, and clients take a snapshot");
    }
    let checkpoints = Checkpoints::start(&options).await?;
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
    let room = Room { kept, untrimmed: u64::MAX / 2 };
    Ok((Appender { connection, room, checkpoints, _lock: lock }, Reader { pool }))
}

impl Appender {
    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        let mut transaction = self.connection.begin().await?;
        let appended = append::fill(&mut transaction, batch, &mut self.room).await?;
        transaction.commit().await?;
        self.checkpoints.want();
        Ok(appended)
    }

    pub async fn taken_in(&mut self, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
        runner::taken_in(&mut self.connection, keys).await
    }

    pub async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "closing the log");
        }
    }
}

/// The copy has no epoch: who opens it gives it one.
pub(super) async fn backup(from: &Path, to: &Path) -> Result<(), LogError> {
    let at = |path: &Path| SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(5));
    let mut connection = at(from).connect().await?;
    sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy()).execute(&mut connection).await?;
    connection.close().await?;
    let mut copy = at(to).connect().await?;
    sqlx::query("UPDATE head SET epoch = ''").execute(&mut copy).await?;
    Ok(copy.close().await?)
}

/// Refuses while a server uses the folder.
pub(super) async fn new_life(folder: &Path) -> Result<String, LogError> {
    let (mut appender, _) = open(folder, u64::MAX).await?;
    let epoch = new_epoch();
    sqlx::query("UPDATE head SET epoch = $1").bind(&epoch).execute(&mut appender.connection).await?;
    appender.close().await;
    Ok(epoch)
}

/// Any text can be kept as it is.
fn keep(rows: String) -> String {
    rows
}

fn give(text: String) -> String {
    text
}
