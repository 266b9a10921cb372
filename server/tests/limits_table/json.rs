//! Limits of JSON and of single values.

use reqwest::Method;
use serde_json::{Value, json};

use super::Row;
use crate::support::{Answer, Server};

pub async fn depth(row: Row) -> String {
    let server = Server::start().await;
    let create = async |depth: usize| {
        let config = "[".repeat(depth) + &"]".repeat(depth);
        server.post_text("/workspaces", format!(r#"{{"name":"A","config":{config}}}"#)).await
    };
    create(row.amount() - 1).await.ok();
    create(row.amount()).await.status.to_string()
}

pub async fn number(_: Row) -> String {
    let server = Server::start().await;
    let create =
        async |number: &str| server.post_text("/workspaces", format!(r#"{{"name":"A","config":{number}}}"#)).await;
    create(&f64::MAX.to_string()).await.ok();
    create("1e309").await.status.to_string()
}

pub async fn repeated_in_an_error(row: Row) -> String {
    let server = Server::start().await;
    let error = async |letters: usize| {
        let steps = json!([{ "name": "s", "step_type": "x".repeat(letters) }]);
        server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.refused(400)
    };
    let whole = error(20).await;
    assert!(whole.contains(&"x".repeat(20)) && !whole.contains('…'), "{whole}");
    let error = error(5_000).await;
    match (1..=row.amount()).contains(&error.matches('x').count()) && error.contains('…') {
        true => "cut with …".into(),
        false => error,
    }
}

pub async fn id(row: Row) -> String {
    let server = Server::start().await;
    let post = async |id: String| server.post("/api/events", json!({ "event_type": "progress", "run_id": id })).await;
    post("r".repeat(row.amount())).await.ok();
    post("r".repeat(row.amount() + 1)).await.status.to_string()
}

pub async fn position(row: Row) -> String {
    let server = Server::start().await;
    let id = server.named("A").await;
    let mut received = Vec::new();
    for coordinate in ["x", "y"] {
        let moved = async |to: Value| server.patch(&format!("/workspaces/{id}"), json!({ coordinate: to })).await;
        moved(json!(row.amount())).await.ok();
        received.push(moved(json!(-(row.amount() as f64) - 0.5)).await.status.to_string());
    }
    received.dedup();
    received.join(" and ")
}

pub async fn future_timestamp(row: Row) -> String {
    let server = Server::start().await;
    let shown = async |ahead: i64| {
        let sent = orrery_server::clock::now().plus_millis(ahead * 1000);
        let event = json!({ "event_type": "progress", "timestamp": sent });
        Answer::of(server.request(Method::POST, "/api/events").json(&event)).await.ok();
        (json!(sent), server.log().await.pop().unwrap()["timestamp"].clone())
    };
    let (sent, kept) = shown(row.amount() as i64 - 1).await;
    assert_eq!(sent, kept);
    let (sent, kept) = shown(row.amount() as i64 + 3600).await;
    match kept.as_str() < sent.as_str() {
        true => "the time at which it came".into(),
        false => kept.to_string(),
    }
}
