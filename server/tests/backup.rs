//! A copy of the log that is put back as docs/operations.md says: the same fleet in a new life. Never a copy of a format
//! of our own.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::support::Server;

fn chore(words: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orrery-server"));
    command.env_remove("DATABASE_URL").args(words).arg("--data-dir").arg(folder).output().unwrap()
}

/// Epoch and head, as a socket is told them; and whether it may go on from this cursor.
async fn hello(server: &Server, since: &str) -> Value {
    server.socket(&format!("/ws?since={since}")).await.json().await
}

/// A server on a folder that holds just this file as its log.
async fn restored(copy: &Path) -> Server {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(copy, folder.path().join("orrery.db")).unwrap();
    Server::again(folder, |_| {}).await
}

#[tokio::test]
async fn a_backup_of_a_running_server_is_the_same_fleet_in_a_new_life() {
    let server = Server::start().await;
    let first = server.named("first").await;
    server.post("/api/events", json!({ "event_type": "progress", "run_id": "r" })).await.ok();
    let (log, hash) = (server.log().await, server.get("/snapshot").await.headers["x-state-hash"].clone());
    let before = hello(&server, "").await;
    let cursor = format!("{}:{}", before["epoch"].as_str().unwrap(), before["head"]);

    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("orrery-backup.db");
    let copied = chore(&["backup", copy.to_str().unwrap()], server.folder.path());
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let again = chore(&["backup", copy.to_str().unwrap()], server.folder.path());
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("never writes over"));
    let nothing = chore(&["backup", elsewhere.path().join("x.db").to_str().unwrap()], elsewhere.path());
    assert!(!nothing.status.success() && String::from_utf8_lossy(&nothing.stderr).contains("no log"));
    // What comes after is not in it.
    let second = server.named("second").await;

    let one = restored(&copy).await;
    assert_eq!(one.log().await, log, "every event at its place");
    assert_eq!(one.get("/snapshot").await.headers["x-state-hash"], hash);
    one.get(&format!("/workspaces/{second}")).await.refused(404);
    let told = hello(&one, &cursor).await;
    assert_eq!((&told["resumed"], &told["head"]), (&json!(false), &before["head"]));
    assert_ne!(told["epoch"], before["epoch"], "its next places will be given to other events");
    // Restored twice is two lives.
    let other = restored(&copy).await;
    assert_ne!(hello(&other, &cursor).await["epoch"], told["epoch"]);
    // A life stays the same over a restart.
    let one = Server::again(one.stop().await, |_| {}).await;
    let now = format!("{}:{}", told["epoch"].as_str().unwrap(), told["head"]);
    assert_eq!(hello(&one, &now).await["resumed"], true);
    assert_eq!(one.row(&first).await["name"], "first");
}

#[tokio::test]
async fn a_folder_that_was_copied_by_other_means_gets_a_new_life_when_told() {
    let server = Server::start().await;
    let id = server.named("A").await;
    let before = hello(&server, "").await;
    let running = chore(&["new-epoch"], server.folder.path());
    assert!(!running.status.success() && String::from_utf8_lossy(&running.stderr).contains("another server uses"));
    let folder = server.stop().await;
    let told = chore(&["new-epoch"], folder.path());
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let server = Server::again(folder, |_| {}).await;
    let cursor = format!("{}:{}", before["epoch"].as_str().unwrap(), before["head"]);
    let hello = hello(&server, &cursor).await;
    assert_eq!(hello["resumed"], false);
    assert!(String::from_utf8_lossy(&told.stdout).contains(hello["epoch"].as_str().unwrap()));
    assert_eq!(server.row(&id).await["name"], "A");
}
