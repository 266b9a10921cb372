//! The real binary on a SQLite log whose disk fails: what was acknowledged is in the database at once and after a kill, and
//! readiness says what is wrong until a write succeeds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use orrery_tests::{disk, wait};
use reqwest::Client;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::binary::Binary;

/// One writer, its markers, and what became of each.
struct Writes {
    client: Client,
    count: usize,
    acknowledged: Vec<String>,
    refused: Vec<String>,
}

impl Writes {
    fn new() -> Self {
        Self { client: Client::new(), count: 0, acknowledged: Vec::new(), refused: Vec::new() }
    }

    /// Creates one workspace; returns the words of a refusal.
    async fn write(&mut self, server: &Binary) -> Result<(), String> {
        self.count += 1;
        let marker = format!("marker {} {}", self.count, "x".repeat(200));
        let request = self.client.post(format!("{}/workspaces", server.url)).json(&json!({ "name": marker }));
        let answer = request.send().await.unwrap();
        let (status, has_hint) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
        let body: Value = answer.json().await.unwrap();
        match status {
            201 => {
                self.acknowledged.push(marker);
                Ok(())
            }
            _ => {
                assert_eq!((status, has_hint), (503, true), "{body}");
                self.refused.push(marker);
                Err(body["error"].as_str().unwrap().to_owned())
            }
        }
    }

    async fn until_refused(&mut self, server: &Binary) -> String {
        for _ in 0..5000 {
            if let Err(words) = self.write(server).await {
                return words;
            }
        }
        panic!("the disk never fills");
    }

    /// Each acknowledged event is there once, and none that was refused.
    fn assert_all_in(&self, names: &[String]) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        names.iter().for_each(|name| *counts.entry(name).or_default() += 1);
        let lost: Vec<_> = self.acknowledged.iter().filter(|name| counts.get(name.as_str()) != Some(&1)).collect();
        assert!(lost.is_empty(), "{} of {} acknowledged are lost: {lost:?}", lost.len(), self.acknowledged.len());
        let there: Vec<_> = self.refused.iter().filter(|name| counts.contains_key(name.as_str())).collect();
        assert!(there.is_empty(), "refused, and there all the same: {there:?}");
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("orrery.db")
}

/// The events as another process reads them.
async fn names_in(database: &Path) -> Vec<String> {
    let mut connection = reader(database).await;
    let sql =
        "SELECT payload ->> 'name' FROM structure_events WHERE event_type = 'WORKSPACE_PROVISIONING' ORDER BY seq";
    sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap()
}

async fn reader(database: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(database).read_only(true).connect().await.unwrap()
}

fn names(log: &[Value]) -> Vec<String> {
    log.iter().filter_map(|event| event["payload"]["name"].as_str().map(str::to_owned)).collect()
}

async fn ready(server: &Binary) -> (u16, String) {
    let answer = reqwest::get(format!("{}/health/ready", server.url)).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn writable(server: &Binary) -> bool {
    let text = reqwest::get(format!("{}/metrics", server.url)).await.unwrap().text().await.unwrap();
    let line = text.lines().find(|line| line.starts_with("orrery_log_writable ")).unwrap();
    line.ends_with(" 1")
}

async fn until_not_ready(server: &Binary) {
    wait::until("the server not to be ready", async || ready(server).await, |(status, _)| *status == 503).await;
}

async fn until_ready(server: &Binary) {
    wait::until("the server to be ready", async || ready(server).await, |(status, _)| *status == 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loses_nothing_acknowledged_when_the_disk_was_full() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let mut server = Binary::start(folder.path()).await;
    let mut writes = Writes::new();
    for round in 0..3 {
        writes.write(&server).await.unwrap();
        // A little room, so that the failure comes in the middle of a batch's pages.
        let length = folder.path().join("orrery.db-wal").metadata().unwrap().len();
        disk::fill(server.id(), length + 40_000 * round);
        let words = writes.until_refused(&server).await;
        assert!(words.contains("nothing was changed"), "{words}");
        // No room at all: not for one page.
        disk::fill(server.id(), 4096);
        for _ in 0..3 {
            writes.write(&server).await.unwrap_err();
        }
        let (status, words) = ready(&server).await;
        assert!(status == 503 && words.contains("the log cannot be written"), "{status} {words}");
        assert!(words.contains("disk"), "{words}");
        assert!(!writable(&server).await);
        assert_eq!(server.get("/health/live").await["status"], "live");
        writes.assert_all_in(&names_in(&database).await);
        writes.assert_all_in(&names(&server.log().await));

        // Without a write of any client.
        disk::free(server.id());
        until_ready(&server).await;
        assert!(writable(&server).await);
        for _ in 0..60 {
            writes.write(&server).await.unwrap();
        }
        writes.assert_all_in(&names_in(&database).await);
    }
    server.kill().await;
    let server = Binary::start(folder.path()).await;
    writes.assert_all_in(&names(&server.log().await));
    writes.assert_all_in(&names_in(&database).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledges_nothing_into_a_file_that_has_no_name() {
    for lost in ["orrery.db", "orrery.db-wal", "orrery.db-shm"] {
        for is_replaced in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let (file, away) = (folder.path().join(lost), folder.path().join("away"));
            let mut server = Binary::start(folder.path()).await;
            let mut writes = Writes::new();
            for _ in 0..5 {
                writes.write(&server).await.unwrap();
            }
            std::fs::rename(&file, &away).unwrap();
            if is_replaced {
                std::fs::copy(&away, &file).unwrap();
            }
            // It is noticed before anybody writes.
            until_not_ready(&server).await;
            for _ in 0..5 {
                writes.write(&server).await.unwrap_err();
            }
            let (status, words) = ready(&server).await;
            assert!(status == 503 && words.contains(&format!("{lost} was deleted or replaced")), "{status} {words}");

            // The very same file is back.
            std::fs::rename(&away, &file).unwrap();
            until_ready(&server).await;
            for _ in 0..5 {
                writes.write(&server).await.unwrap();
            }
            writes.assert_all_in(&names_in(&database(folder.path())).await);
            server.kill().await;
            let server = Binary::start(folder.path()).await;
            writes.assert_all_in(&names(&server.log().await));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_saves_what_was_in_a_deleted_write_ahead_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path()).await;
    let mut writes = Writes::new();
    for _ in 0..20 {
        writes.write(&server).await.unwrap();
    }
    std::fs::remove_file(folder.path().join("orrery.db-wal")).unwrap();
    writes.write(&server).await.unwrap_err();
    server.stop().await;
    let server = Binary::start(folder.path()).await;
    let names = names(&server.log().await);
    assert_eq!(writes.acknowledged, names[..writes.acknowledged.len()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_somebody_else_locks_is_not_ready_until_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path()).await;
    let mut writes = Writes::new();
    writes.write(&server).await.unwrap();
    let mut other = SqliteConnectOptions::new().filename(database(folder.path())).connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    writes.write(&server).await.unwrap_err();
    let (status, words) = ready(&server).await;
    assert!(status == 503 && words.contains("locked"), "{status} {words}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    until_ready(&server).await;
    writes.write(&server).await.unwrap();
    writes.assert_all_in(&names_in(&database(folder.path())).await);
}
