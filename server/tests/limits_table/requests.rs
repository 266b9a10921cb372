//! Limits of single requests.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::Row;
use crate::flood::Hold;
use crate::support::{Answer, Server};

pub async fn head(row: Row) -> String {
    let server = Server::start().await;
    let ask = async |length: usize| {
        Answer::of(server.request(Method::GET, "/health/live").header("x-long", "x".repeat(length))).await
    };
    // The request line and the other headers take a little of it.
    assert_eq!(ask(row.amount() - 1024).await.status, 200);
    ask(row.amount()).await.status.to_string()
}

pub async fn headers(row: Row) -> String {
    let server = Server::start().await;
    let ask = async |count: usize| {
        let request = server.request(Method::GET, "/health/live");
        Answer::of((0..count).fold(request, |request, at| request.header(format!("x-{at}"), "x"))).await
    };
    assert_eq!(ask(row.amount() - 10).await.status, 200);
    ask(row.amount() + 1).await.status.to_string()
}

pub async fn body(row: Row) -> String {
    let server = Server::start().await;
    let create = async |length: usize| {
        let frame = json!({ "name": "A", "config": "" }).to_string().len();
        server.post("/workspaces", json!({ "name": "A", "config": "x".repeat(length - frame) })).await
    };
    create(row.amount()).await.ok();
    create(row.amount() + 1).await.status.to_string()
}

pub async fn time(_: Row) -> String {
    let server = Server::with(|config| config.limits.request = Duration::from_millis(300)).await;
    let hold = Hold::begin(&server).await;
    let answer = server.post("/workspaces", json!({ "name": "A" })).await;
    hold.end().await;
    answer.status.to_string()
}

pub async fn idempotency_key(row: Row) -> String {
    let server = Server::start().await;
    let create = async |length: usize| {
        let request = server.request(Method::POST, "/workspaces").header("idempotency-key", "k".repeat(length));
        Answer::of(request.json(&json!({ "name": "A" }))).await
    };
    create(row.amount()).await.ok();
    create(row.amount() + 1).await.status.to_string()
}

pub async fn outcomes(_: Row) -> String {
    let server = Server::with(|config| config.keep_outcomes = Duration::from_millis(200)).await;
    let create = async || {
        let request = server.request(Method::POST, "/workspaces").header("idempotency-key", "k");
        Answer::of(request.json(&json!({ "name": "A" }))).await.ok()["id"].clone()
    };
    let first = create().await;
    for _ in 0..3000 {
        if create().await != first {
            return "done again".into();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    "the first outcome".into()
}

pub async fn heard(row: Row) -> String {
    let server = Server::start().await;
    let ask = async |count: usize| server.post("/registry/heard", json!({ "ids": vec!["a"; count] })).await;
    ask(row.amount()).await.ok();
    ask(row.amount() + 1).await.status.to_string()
}

/// `a page` when so many rows are answered of one more.
fn page(row: &Row, rows: &Value) -> String {
    match rows.as_array().unwrap().len() == row.amount() {
        true => "a page".into(),
        false => format!("{} rows", rows.as_array().unwrap().len()),
    }
}

pub async fn page_of_events(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    server.tasks(&id, row.amount() as u32).await;
    page(&row, &server.get(&format!("/events?since=0&limit={}", row.amount() + 1)).await.ok())
}

pub async fn page_of_activities(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let path = format!("/workspaces/{id}/activity");
    for _ in 0..=row.amount() {
        server.post(&path, json!({ "activity_type": "a" })).await.ok();
    }
    page(&row, &server.get(&format!("{path}?limit={}", row.amount() + 1)).await.ok())
}

pub async fn definitions(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let steps = json!([{ "name": "s", "step_type": "wait", "config": { "seconds": 1 } }]);
    for _ in 0..=row.amount() {
        server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.ok();
        server.post("/api/tasks", json!({ "title": "T", "workspace_id": id })).await.ok();
    }
    assert_eq!(page(&row, &server.get("/api/tasks").await.ok()), "a page");
    page(&row, &server.get("/api/workflows").await.ok())
}

/// Posts one event a number, many in one request.
async fn ingest(server: &Server, count: usize, event: impl Fn(usize) -> Value) -> Vec<Value> {
    let mut answers = Vec::new();
    for some in (0..count).collect::<Vec<_>>().chunks(2_000) {
        let body: String = some.iter().map(|number| format!("{}\n", event(*number))).collect();
        let request = server.request(Method::POST, "/api/events").header("content-type", "application/x-ndjson");
        answers.extend(Answer::of(request.body(body)).await.ok().as_array().unwrap().clone());
    }
    answers
}

pub async fn keys(row: Row) -> String {
    let server = Server::start().await;
    let event = |key: usize| json!({ "event_type": "a", "id": key.to_string() });
    let first = ingest(&server, row.amount(), event).await;
    assert_eq!(ingest(&server, 1, event).await, first[..1], "it is known");
    // They are forgotten some at a time.
    for round in 1..=10 {
        ingest(&server, row.amount() / 10, |at| event(round * row.amount() + at)).await;
        if ingest(&server, 1, event).await != first[..1] {
            return "done again".into();
        }
    }
    "known".into()
}

/// `the latest` when a snapshot holds so many executions and so many runs of one more each.
async fn in_a_snapshot(row: &Row, execution: &str, run: &str) -> String {
    let server = Server::start().await;
    ingest(
        &server,
        row.amount() + 1,
        |at| json!({ "event_type": execution, "workflow_execution_id": format!("x{at}") }),
    )
    .await;
    ingest(&server, row.amount() + 1, |at| json!({ "event_type": run, "run_id": format!("r{at}") })).await;
    let snapshot = server.get("/snapshot").await.ok();
    let count = |kind: &str| snapshot[kind].as_array().unwrap().len();
    match (count("executions"), count("runs")) == (row.amount(), row.amount()) {
        true => "the latest".into(),
        false => format!("{} executions, {} runs", count("executions"), count("runs")),
    }
}

pub async fn ended_in_a_snapshot(row: Row) -> String {
    in_a_snapshot(&row, "workflow_completed", "completion").await
}

pub async fn under_way_in_a_snapshot(row: Row) -> String {
    in_a_snapshot(&row, "workflow_started", "progress").await
}

pub async fn agents_in_a_snapshot(row: Row) -> String {
    let server = Server::start().await;
    let busy = |at: usize| json!({ "event_type": "agent_status_changed", "agent_id": format!("a{at}"), "data": { "status": "busy" } });
    ingest(&server, row.amount() + 1, busy).await;
    let agents = server.get("/snapshot").await.ok()["agents"].as_array().unwrap().clone();
    match agents.len() == row.amount() && agents.iter().all(|agent| agent["agent_id"] != "a0") {
        true => "the latest".into(),
        false => format!("{} agents", agents.len()),
    }
}

pub async fn reported_steps(row: Row) -> String {
    let server = Server::start().await;
    let step = |at: usize| json!({ "event_type": "step_started", "workflow_execution_id": "x", "workflow_step_id": format!("s{at}") });
    ingest(&server, row.amount(), step).await;
    let steps = async || server.get("/snapshot").await.ok()["executions"][0]["steps"].as_array().unwrap().len();
    assert_eq!(steps().await, row.amount());
    ingest(&server, row.amount() + 1, step).await;
    match steps().await == row.amount() {
        true => "left out".into(),
        false => format!("{} steps", steps().await),
    }
}
