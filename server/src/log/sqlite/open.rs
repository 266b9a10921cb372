//! Opens the log of a folder or creates one, and copies it.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _};

use super::append::Room;
use super::checkpoint::{self, Checkpoints};
use super::folder::{Folder, Found, create_private_file};
use super::identity::Identity;
use super::{Appender, Connection, Reader};
use crate::log::schema::{Step, migrator, new_epoch};
use crate::log::{LogError, Unreadable};

const SCHEMA: &[Step] = &[
    ("log", include_str!("../../../migrations/sqlite/0001_log.sql")),
    ("runner", include_str!("../../../migrations/sqlite/0002_runner.sql")),
    ("operations", include_str!("../../../migrations/sqlite/0003_operations.sql")),
    ("owners", include_str!("../../../migrations/sqlite/0004_owners.sql")),
    ("claims", include_str!("../../../migrations/sqlite/0005_claims.sql")),
    ("idempotency", include_str!("../../../migrations/sqlite/0006_idempotency.sql")),
];

pub(in crate::log) async fn open(folder: &Path, kept: u64) -> Result<(Appender, Reader), LogError> {
    let folder = Folder::lock(folder)?;
    if folder.look()? == Found::Nothing {
        create(&folder).await?;
    }
    folder.make_private();
    let database = folder.database();
    open_database(folder, kept).await.map_err(|error| match error {
        error @ (LogError::Database(_) | LogError::Migration(_)) => {
            LogError::Unopened { database, error: Box::new(error) }
        }
        error => error,
    })
}

async fn open_database(folder: Folder, kept: u64) -> Result<(Appender, Reader), LogError> {
    let database = folder.database();
    let readers = options(&database)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged event survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let options = readers.clone().pragma("wal_autocheckpoint", checkpoint::BY_A_COMMIT);
    let mut connection = options.connect().await?;
    if !has_log(&mut connection).await? {
        return Err(folder.without_log());
    }
    migrator(SCHEMA).run(&mut connection).await?;
    let lives = sqlx::query("UPDATE head SET epoch = $1 WHERE epoch = ''").bind(new_epoch()).execute(&mut connection);
    if lives.await?.rows_affected() > 0 {
        tracing::warn!("this log was restored from a copy: it begins a new life, and clients take a snapshot");
    }
    let epoch: String = sqlx::query_scalar("SELECT epoch FROM head").fetch_one(&mut connection).await?;
    folder.remember(&epoch)?;
    let checkpoints = Checkpoints::start(&readers).await?;
    // One whose transaction could not be ended would read the same old state for ever.
    let pool = SqlitePoolOptions::new().max_connections(4).after_release(|connection, _| {
        let is_free = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_free) })
    });
    let pool = pool.connect_with(readers.read_only(true)).await?;
    let reader = Reader { pool, unreadable: Unreadable::default() };
    let room = Room { kept, untrimmed: u64::MAX / 2 };
    let (identity, connection) = (Identity::of(&database)?, Some(connection));
    let appender = Appender { connection, options, epoch, identity, room, checkpoints, reader: reader.clone(), folder };
    Ok((appender, reader))
}

/// The copy has no epoch: who opens it gives it one.
pub(in crate::log) async fn backup(from: &Path, to: &Path) -> Result<(), LogError> {
    let mut connection = options(from).connect().await?;
    create_private_file(to).map_err(|error| LogError::Folder(to.to_owned(), error))?;
    sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy()).execute(&mut connection).await?;
    connection.close().await?;
    let mut copy = options(to).connect().await?;
    sqlx::query("UPDATE head SET epoch = ''").execute(&mut copy).await?;
    Ok(copy.close().await?)
}

/// Refuses while a server uses the folder.
pub(in crate::log) async fn new_life(folder: &Path) -> Result<String, LogError> {
    let (mut appender, _) = open(folder, u64::MAX).await?;
    let epoch = new_epoch();
    if let Some(connection) = &mut appender.connection {
        sqlx::query("UPDATE head SET epoch = $1").bind(&epoch).execute(connection).await?;
    }
    appender.folder.remember(&epoch)?;
    appender.close().await;
    Ok(epoch)
}

/// Under another name until it is complete: a start that is cut short leaves no database that looks like an empty log.
async fn create(folder: &Folder) -> Result<(), LogError> {
    let mut connection = options(&folder.begin_draft()?).synchronous(SqliteSynchronous::Full).connect().await?;
    migrator(SCHEMA).run(&mut connection).await?;
    sqlx::query("INSERT INTO head (one, epoch, seq, oldest) VALUES (1, $1, 0, 1)")
        .bind(new_epoch())
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    folder.finish_draft()
}

async fn has_log(connection: &mut Connection) -> Result<bool, LogError> {
    let table = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'head'";
    let tables: i64 = sqlx::query_scalar(table).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(false);
    }
    let heads: i64 = sqlx::query_scalar("SELECT count(*) FROM head").fetch_one(connection).await?;
    Ok(heads > 0)
}

/// Never creates a file.
fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(5)).disable_statement_logging()
}
