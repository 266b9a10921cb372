//! Brings what is in the write-ahead file into the database beside the commits: done by a commit, as SQLite does it unasked,
//! that commit and those behind it wait for several syncs of the disk. Never what is written.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How often at most.
const PAUSE: Duration = Duration::from_millis(500);
/// Pages in the file (32 MB) from which on a commit does it after all: only when everything is in the database and nobody
/// commits meanwhile does the file begin anew.
pub(super) const BY_A_COMMIT: &str = "8000";

pub(super) struct Checkpoints {
    wanted: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Checkpoints {
    pub(super) async fn start(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let connection = options.connect().await?;
        let wanted = Arc::new(Notify::new());
        Ok(Self { running: tokio::spawn(run(connection, wanted.clone())), wanted })
    }

    /// Something was committed.
    pub(super) fn want(&self) {
        self.wanted.notify_one();
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn run(mut connection: SqliteConnection, wanted: Arc<Notify>) {
    loop {
        wanted.notified().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut connection).await {
            // What is committed is safe where it is, and the next one tries again.
            tracing::warn!(%error, "the write-ahead file could not be brought into the database");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
