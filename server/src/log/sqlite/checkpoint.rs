//! Brings what is in the write-ahead file into the database beside the commits: done by a commit, as SQLite does it unasked,
//! that commit and those behind it wait for several syncs of the disk. Never what is written.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How often at most.
const PAUSE: Duration = Duration::from_millis(500);
/// Pages in the file (32 MB) from which on a commit does it after all: only when everything is in the database and nobody
/// commits meanwhile does the file begin anew.
pub(super) const BY_A_COMMIT: &str = "8000";

pub(super) struct Checkpoints {
    wanted: Arc<Notify>,
    stop: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Checkpoints {
    pub(super) async fn start(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let connection = options.connect().await?;
        let (wanted, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let running = tokio::spawn(run(connection, wanted.clone(), stop.clone()));
        Ok(Self { wanted, stop, running })
    }

    /// Something was committed.
    pub(super) fn want(&self) {
        self.wanted.notify_one();
    }

    /// Returns when the connection is closed.
    pub(super) async fn stop(&mut self) {
        self.stop.notify_one();
        // An error means that it is gone already.
        let _ = (&mut self.running).await;
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn run(mut connection: SqliteConnection, wanted: Arc<Notify>, stop: Arc<Notify>) {
    loop {
        let is_last = tokio::select! {
            () = wanted.notified() => false,
            () = stop.notified() => true,
        };
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut connection).await {
            // What is committed is safe where it is, and the next one tries again.
            tracing::warn!(%error, "the write-ahead file could not be brought into the database");
        }
        if is_last || timeout(PAUSE, stop.notified()).await.is_ok() {
            break;
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the log");
    }
}
