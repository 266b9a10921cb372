//! A PostgreSQL log, dumped and restored as docs/operations.md says. Never without the installation's own programs.

use std::process::Command;

use orrery_server::config::Config;
use orrery_tests::postgres::{Postgres, command};
use serde_json::{Value, json};

use crate::support::Server;

async fn hello(server: &Server, since: &str) -> Value {
    server.socket(&format!("/ws?since={since}")).await.json().await
}

fn run(mut command: Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

async fn on(url: &str) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_folder(folder.path());
    config.database_url = Some(url.into());
    let running = orrery_server::start(config).await.unwrap();
    Server { running, client: reqwest::Client::new(), folder }
}

#[tokio::test]
async fn a_dump_of_a_running_server_is_the_same_fleet_in_a_new_life() {
    let postgres = Postgres::of_this_process().await;
    let url = postgres.database("dumped").await;
    let server = on(&url).await;
    let id = server.named("A").await;
    server.post("/api/events", json!({ "event_type": "progress", "run_id": "r" })).await.ok();
    let (log, hash) = (server.log().await, server.get("/snapshot").await.headers["x-state-hash"].clone());
    let before = hello(&server, "").await;
    let cursor = format!("{}:{}", before["epoch"].as_str().unwrap(), before["head"]);
    // Beside the database, where its user may write.
    let file = format!("/tmp/orrery-dump-{}.pg", std::process::id());
    let mut dump = command("pg_dump");
    dump.args(["--format=custom", "--file", &file, &url]);
    run(dump);
    server.named("after the dump").await;
    server.running.shutdown().await;

    // Into another database: the log notices by itself.
    let elsewhere = postgres.database("restored").await;
    let mut restore = command("pg_restore");
    restore.args(["--exit-on-error", "--dbname", &elsewhere, &file]);
    run(restore);
    let server = on(&elsewhere).await;
    assert_eq!(server.log().await, log);
    assert_eq!(server.get("/snapshot").await.headers["x-state-hash"], hash);
    let told = hello(&server, &cursor).await;
    assert_eq!(told["resumed"], false);
    assert_eq!(server.row(&id).await["name"], "A");
    server.running.shutdown().await;

    // Into the same database it has to be told.
    let mut restore = command("pg_restore");
    restore.args(["--exit-on-error", "--clean", "--if-exists", "--dbname", &url, &file]);
    run(restore);
    std::fs::remove_file(&file).ok();
    let mut told = Command::new(env!("CARGO_BIN_EXE_orrery-server"));
    told.args(["new-epoch", "--database-url", &url]);
    run(told);
    let server = on(&url).await;
    let hello = hello(&server, &cursor).await;
    assert_eq!((&hello["resumed"], &hello["head"]), (&json!(false), &before["head"]));
    assert_eq!(server.log().await, log);
}
