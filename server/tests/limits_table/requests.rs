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
