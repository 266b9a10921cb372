//! Faults of one server with SQLite: of its process and of its disk.

use std::fs;
use std::time::Duration;

use orrery_tests::server::Server;
use orrery_tests::{disk, wait};
use reqwest::Method;
use tokio::time::sleep;

/// Duration of a fault that ends by itself.
const LASTING: Duration = Duration::from_millis(700);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk fills up in the middle of a transaction.
    DiskFull,
    /// The disk is full.
    IoErrors,
    /// The database file is renamed for a while.
    DatabaseMovedAway,
    WriteAheadFileMovedAway,
    ServerKilled,
    ServerStopped,
}

impl Fault {
    pub const ALL: [Self; 6] = [
        Self::DiskFull,
        Self::IoErrors,
        Self::DatabaseMovedAway,
        Self::WriteAheadFileMovedAway,
        Self::ServerKilled,
        Self::ServerStopped,
    ];

    /// Causes the fault, ends it, and waits until the server is ready again by itself.
    pub async fn cause(self, server: &mut Server) {
        println!("… {self:?}");
        match self {
            Self::DiskFull => {
                let length = server.data_dir().join("orrery.db-wal").metadata().map_or(0, |file| file.len());
                full(server, length + 10_000).await;
            }
            Self::IoErrors => full(server, 4096).await,
            Self::DatabaseMovedAway => moved_away(server, "orrery.db").await,
            Self::WriteAheadFileMovedAway => moved_away(server, "orrery.db-wal").await,
            Self::ServerKilled => {
                server.kill();
                server.restart().await;
            }
            Self::ServerStopped => {
                assert!(server.stop().await.success());
                assert!(!server.data_dir().join("orrery.db-wal").exists(), "a stop leaves one complete file");
                server.restart().await;
            }
        }
        ready(server, |status| status == 200).await;
    }
}

/// Limits the size of files, which has the effect of a full disk.
async fn full(server: &mut Server, bytes: u64) {
    let process = server.program().id();
    disk::fill(process, bytes);
    ready(server, |status| status == 503).await;
    sleep(LASTING).await;
    disk::free(process);
}

async fn moved_away(server: &Server, name: &str) {
    let (file, away) = (server.data_dir().join(name), server.data_dir().join("away"));
    fs::rename(&file, &away).unwrap();
    ready(server, |status| status == 503).await;
    sleep(LASTING).await;
    fs::rename(&away, &file).unwrap();
}

async fn ready(server: &Server, enough: impl Fn(u16) -> bool) {
    let http = server.http();
    let ask = async || http.try_call(Method::GET, "/health/ready", None).await.map_or(0, |answer| answer.status);
    wait::until("the server to notice", ask, |status| enough(*status)).await;
}
