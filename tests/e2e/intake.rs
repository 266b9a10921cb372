//! Tests of what agents really send, up to what a person sees of it: half an emoji, and a clock that is set forward.

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use reqwest::Method;
use serde_json::json;

use crate::page::{Page, card};

async fn post_text(http: &Http, path: &str, body: String) {
    let answer = http.try_send(Method::POST, path, Some((body, "application/json"))).await.unwrap();
    assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
}

#[tokio::test]
async fn half_an_emoji_spoils_neither_the_activity_tab_nor_the_agents_status() {
    let server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Talks"})).await;
    let id = agent.id.clone();
    agent.stop_heartbeats();
    let path = format!("/workspaces/{id}/activity");
    http.post(&path, json!({"activity_type": "a2a_send", "summary": "before it"})).await.expect(201);
    post_text(
        &http,
        &path,
        r#"{"activity_type":"a2a_send","summary":"half \ud83d","request_body":{"text":"half \ud83d"}}"#.into(),
    )
    .await;
    http.post(&path, json!({"activity_type": "a2a_send", "summary": "after it"})).await.expect(201);
    let page = Page::open(&server).await;
    let heartbeat = format!(r#"{{"workspace_id":"{id}","current_task":"Reads \ud83d","active_tasks":1}}"#);
    post_text(&http, "/registry/heartbeat", heartbeat).await;
    page.status(&id, "online").await;
    page.wait_text(&card(&id), "Reads \u{fffd}").await;
    page.click(&card(&id)).await;
    page.click("#panel-tab-1").await;
    for summary in ["before it", "half \u{fffd}", "after it"] {
        page.wait_text(".panel", summary).await;
    }
}

#[tokio::test]
async fn a_timestamp_of_2099_does_not_freeze_an_agents_state() {
    let server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Ahead"})).await;
    let page = Page::open(&server).await;
    page.status(&agent.id, "online").await;
    let busy = format!("{} .badge", card(&agent.id));
    let say = async |timestamp: &str, status: &str| {
        let event = json!({"event_type": "agent_status_changed", "timestamp": timestamp, "workspace_id": agent.id,
            "agent_id": agent.id, "data": {"status": status}});
        http.post("/api/events", event).await.expect(200);
    };
    say("2099-01-01T00:00:00Z", "busy").await;
    page.wait_text(&busy, "Busy").await;
    say("2026-01-01T00:00:00Z", "idle").await;
    page.wait_gone(&busy).await;
}
