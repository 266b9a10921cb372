//! Unreadable rows under running and restarted servers: each is skipped and counted, and hides no other.

use std::env;
use std::process::Command;

use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::socket::Socket;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::client_process;

/// Of `ROUNDS` activities, run events and workspaces each, every third is broken.
const ROUNDS: usize = 30;
const DAMAGE: &str = "
    UPDATE activity_logs SET source_id = 'no\u{7}id' WHERE seq % 3 = 0;
    UPDATE run_events SET data = '[' WHERE seq % 3 = 0 AND workflow_execution_id IS NULL;
    UPDATE workspaces SET vitals = '{' WHERE record LIKE '%fleet%';
    UPDATE run_records SET record = '[' WHERE kind = 'run' AND id LIKE 'run-%1';
    UPDATE tasks SET record = '{' WHERE record LIKE '%broken%';";

async fn write(http: &Http) -> String {
    let id = http.post("/workspaces", json!({"name": "fleet"})).await.expect(201)["id"].as_str().unwrap().to_owned();
    for number in 0..ROUNDS {
        let path = format!("/workspaces/{id}/activity");
        http.post(&path, json!({"activity_type": "a", "summary": format!("{number}")})).await.expect(201);
        let event = json!({"event_type": "progress", "run_id": format!("run-{number}")});
        http.post("/api/events", event).await.expect(200);
    }
    for title in ["broken", "whole"] {
        http.post("/api/tasks", json!({"title": title, "workspace_id": id})).await.expect(201);
    }
    id
}

/// Starts an execution that waits for an approval.
async fn begin(http: &Http) -> String {
    let steps = json!([{"name": "ask", "step_type": "approval", "config": {"title": "ok?"}}]);
    let made = http.post("/api/workflows", json!({"name": "w", "steps": steps})).await.expect(201);
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    http.post(&path, json!({})).await.expect(202)["execution_id"].as_str().unwrap().to_owned()
}

async fn log(http: &Http) -> Vec<Value> {
    http.get("/events?limit=1000").await.expect(200).as_array().unwrap().clone()
}

/// Checks that all requests succeed and that readers and resuming clients get each readable event once; prints the figures.
async fn check(store: &str, server: &Server, id: &str, execution: &str) {
    let http = server.http();
    let log = log(&http).await;
    let seqs: Vec<u64> = log.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    let skipped = log.iter().filter(|event| event["event"] == "EVENT_UNREADABLE").count();
    assert!(skipped >= ROUNDS / 2, "{skipped}");
    let activity = http.get(&format!("/workspaces/{id}/activity?limit=500")).await.expect(200);
    let shown = activity.as_array().unwrap().len();
    assert!((ROUNDS / 2..ROUNDS).contains(&shown), "{shown}");
    let tasks = http.get("/api/tasks").await.expect(200);
    assert_eq!(tasks.as_array().unwrap().iter().map(|it| &it["title"]).collect::<Vec<_>>(), ["whole"]);
    let cursor = http.get("/workspaces").await.header("x-event-cursor").unwrap().to_owned();
    let (epoch, head) = cursor.rsplit_once(':').unwrap();
    let socket = Socket::open(&server.socket_url(&format!("/ws?since={epoch}:0&include=runs")), &[]).await;
    let received = wait::until(
        "every event of the log",
        async || socket.frames(),
        |frames| frames.len() > head.parse::<usize>().unwrap(),
    )
    .await;
    let received: Vec<u64> =
        received.iter().filter_map(|it| serde_json::from_str::<Value>(it).unwrap()["seq"].as_u64()).collect();
    assert_eq!(received[..seqs.len()], seqs);
    let approve = format!("/api/workflows/executions/{execution}/steps/ask/approve");
    http.post(&approve, json!({"approved": true})).await.expect(200);
    http.post("/workspaces", json!({"name": "after"})).await.expect(201);
    http.get("/health/ready").await.expect(200);
    let metrics = http.get("/metrics").await.text;
    let counted = metrics.lines().find_map(|line| line.strip_prefix("orrery_unreadable_rows_total ")).unwrap();
    assert!(counted.parse::<usize>().unwrap() >= skipped);
    println!("{store}: {} events, of which {skipped} unreadable; {counted} rows skipped, 0 others hidden", seqs.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreadable_rows_are_skipped_and_hide_no_others() {
    if env::var(client_process::ASKED).is_ok() {
        return;
    }
    let mut server = Server::start_with(&["--heartbeat-ttl", "2h", "--provision-timeout", "2h"]).await;
    let (id, execution) = (write(&server.http()).await, begin(&server.http()).await);
    server.kill();
    let script =
        "import sqlite3, sys; log = sqlite3.connect(sys.argv[1]); log.executescript(sys.argv[2]); log.commit()";
    let mut python = Command::new("python3");
    let done = python.args(["-c", script]).arg(server.data_dir().join("orrery.db")).arg(DAMAGE).status();
    assert!(done.expect("python3 can be started").success());
    server.restart().await;
    check("SQLite", &server, &id, &execution).await;

    let mut several = ServerGroup::start(2, &[]).await;
    let (id, execution) = (write(&several.servers[0].http()).await, begin(&several.servers[0].http()).await);
    several.postgres.run(DAMAGE).await;
    // The other one takes the execution over, and reads what is damaged.
    several.servers[0].kill();
    several.servers[1].restart().await;
    check("PostgreSQL", &several.servers[1], &id, &execution).await;
    several.servers[0].restart().await;
    several.servers[0].http().get("/health/ready").await.expect(200);
}
