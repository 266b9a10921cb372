//! The log in an embedded SQLite: one connection writes, a few read. Never two servers on one folder.

mod append;
mod encode;
mod read;
mod rows;
mod runner;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use orrery_protocol::Seq;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlSafeStr, SqliteConnection};

use crate::log::LogError;

/// The schema, step by step. A step that was released is never changed.
const MIGRATIONS: &[(&str, &str)] = &[
    ("log", include_str!("../../../migrations/sqlite/0001_log.sql")),
    ("runner", include_str!("../../../migrations/sqlite/0002_runner.sql")),
];

pub struct Appender {
    connection: SqliteConnection,
    /// Transient events since the last trim.
    untrimmed: u64,
    _lock: File,
}

#[derive(Clone)]
pub struct Reader {
    pool: SqlitePool,
}

pub(super) async fn open(folder: &Path) -> Result<(Appender, Reader), LogError> {
    let at = |error| LogError::Folder(folder.to_owned(), error);
    std::fs::create_dir_all(folder).map_err(at)?;
    let lock = File::create(folder.join("orrery.lock")).map_err(at)?;
    lock.try_lock().map_err(|_| LogError::InUse(folder.to_owned()))?;

    let options = SqliteConnectOptions::new()
        .filename(folder.join("orrery.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged event survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    migrator().run(&mut connection).await?;
    sqlx::query("INSERT INTO head (one, epoch, seq, oldest) VALUES (1, ?, 0, 1) ON CONFLICT DO NOTHING")
        .bind(new_epoch())
        .execute(&mut connection)
        .await?;
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
    Ok((Appender { connection, untrimmed: Seq::MAX / 2, _lock: lock }, Reader { pool }))
}

impl Appender {
    pub async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "closing the log");
        }
    }
}

fn migrator() -> Migrator {
    let step = |(index, (name, sql)): (usize, &(&'static str, &'static str))| {
        Migration::new(index as i64 + 1, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATIONS.iter().enumerate().map(step).collect())
}

/// A new log is a new life: sixteen hexadecimal digits, never used before.
fn new_epoch() -> String {
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    format!("{:016x}", u64::from_le_bytes(random))
}
