//! Counts the work of the server for an event, by its own metrics.
#![allow(clippy::unwrap_used)]

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::socket::Socket;
use orrery_tests::wait;
use reqwest::Method;
use serde_json::json;

const CANVASES: usize = 12;
const EVENTS: u64 = 50;

async fn counted(http: &Http, what: &str) -> u64 {
    let text = http.get("/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("orrery_{what}_total ")));
    line.unwrap_or_else(|| panic!("{what} is not counted")).parse().unwrap()
}

#[tokio::test]
async fn an_event_is_encoded_once_and_delivered_without_a_query() {
    let server = Server::start_with(&["--heartbeat-ttl", "1h"]).await;
    let http = server.http();
    let team = Agent::create(&http, json!({"name": "Team"})).await;
    let inside = Agent::create(&http, json!({"name": "Inside", "parent_id": team.id})).await;
    let mut sockets = Vec::new();
    for _ in 0..CANVASES {
        sockets.push(server.socket("/ws").await);
    }
    // The events before may still be in delivery; a client that has this one has all before it.
    send_heartbeat_and_wait_for_event(&inside, "ready", &sockets).await;
    let before = [counted(&http, "events_encoded").await, counted(&http, "log_questions").await];
    for number in 1..EVENTS {
        inside.send_heartbeat(json!({"current_task": format!("task {number}"), "active_tasks": 1})).await;
    }
    send_heartbeat_and_wait_for_event(&inside, "the last", &sockets).await;
    let after = [counted(&http, "events_encoded").await, counted(&http, "log_questions").await];
    assert_eq!([after[0] - before[0], after[1] - before[1]], [EVENTS, 0], "[encodes, questions]");
}

async fn send_heartbeat_and_wait_for_event(agent: &Agent, task: &str, sockets: &[Socket]) {
    agent.send_heartbeat(json!({"current_task": task, "active_tasks": 1})).await;
    for socket in sockets {
        socket.message(task, |it| it["payload"]["current_task"] == task).await;
    }
}

#[tokio::test]
async fn events_of_one_commit_are_written_together() {
    let server = Server::start().await;
    let http = server.http();
    let mut sockets = Vec::new();
    for _ in 0..CANVASES {
        sockets.push(server.socket("/ws?since=&include=runs").await);
    }
    let before = [counted(&http, "deliveries").await, counted(&http, "writes").await];
    let line = |number| json!({"event_type": "progress", "message": format!("page {number}")}).to_string();
    let lines: Vec<String> = (0..EVENTS).map(line).collect();
    let body = (lines.join("\n"), "application/x-ndjson");
    assert_eq!(http.try_send(Method::POST, "/api/events", Some(body)).await.unwrap().status, 200);
    let all = CANVASES as u64 * EVENTS;
    let delivered = async || counted(&http, "deliveries").await - before[0];
    wait::until("every event on every socket", delivered, |count| *count == all).await;
    let writes = counted(&http, "writes").await - before[1];
    assert!(writes * 10 <= all, "{writes} writes for {all} deliveries");
}
