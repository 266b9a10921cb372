//! How much work the server does for an event, counted as it counts itself (`/metrics`). Never how long it takes.
#![allow(clippy::unwrap_used)]

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::json;

const CANVASES: usize = 12;
const EVENTS: u64 = 50;

async fn counted(http: &Http, what: &str) -> u64 {
    let text = http.get("/metrics").await.text;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("orrery_{what}_total ")));
    line.unwrap_or_else(|| panic!("{what} is not counted")).parse().unwrap()
}

#[tokio::test]
async fn an_event_is_encoded_once_and_delivered_without_a_question_to_the_log() {
    let server = Server::start_with(&["--heartbeat-ttl", "1h"]).await;
    let http = server.http();
    let team = Agent::create(&http, json!({"name": "Team"})).await;
    let inside = Agent::create(&http, json!({"name": "Inside", "parent_id": team.id})).await;
    let mut sockets = Vec::new();
    for _ in 0..CANVASES {
        sockets.push(server.socket("/ws").await);
    }
    let before = [counted(&http, "events_encoded").await, counted(&http, "log_questions").await];
    for number in 0..EVENTS {
        inside.say(json!({"current_task": format!("task {number}"), "active_tasks": 1})).await;
    }
    let heard = async |socket: &orrery_tests::socket::Socket| socket.frames().len() as u64;
    for socket in &sockets {
        wait::until("every event on every socket", async || heard(socket).await, |count| *count >= EVENTS).await;
    }
    let after = [counted(&http, "events_encoded").await, counted(&http, "log_questions").await];
    assert_eq!([after[0] - before[0], after[1] - before[1]], [EVENTS, 0], "[encodes, questions]");
}
