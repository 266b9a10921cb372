//! Tests of the page with a server that has no log (see section 13.5 of docs/protocol.md), and with unreadable frames.

use orrery_tests::foreign::Foreign;
use orrery_tests::server::dist;
use serde_json::json;

use crate::page::{Page, card};

async fn setup(rows: serde_json::Value) -> (Foreign, Page) {
    let foreign = Foreign::start(dist()).await;
    foreign.set_rows(rows);
    let page = Page::open_at(&format!("http://{}/", foreign.address), 1280, 800).await;
    (foreign, page)
}

#[tokio::test]
async fn works_with_a_server_without_a_log() {
    let rows = json!([{"id": "ws-1", "name": "Known", "status": "online"}, {"id": "ws-2", "name": "Odd", "status": "sleeping"}]);
    let (foreign, page) = setup(rows).await;
    page.status("ws-1", "online").await;
    page.wait_text(&card("ws-2"), "sleeping").await;
    foreign.event("WORKSPACE_PROVISIONING", "ws-3", json!({"name": "New", "tier": 1, "config": "seo-agent"}));
    page.status("ws-3", "provisioning").await;
    foreign.event("WORKSPACE_ONLINE", "ws-3", json!({"url": "http://x", "agent_card": {"skills": ["sing"]}}));
    page.status("ws-3", "online").await;
    page.wait_text(&card("ws-3"), "sing").await;

    // The list is asked for again after a cut, and what came by event since is not undone by an older answer.
    foreign.set_rows(json!([{"id": "ws-1", "name": "Known", "status": "offline"}]));
    foreign.cut();
    page.status("ws-1", "offline").await;
    page.wait_gone(&card("ws-3")).await;
    page.wait_for("[data-connection=live]").await;
    foreign.event("WORKSPACE_ONLINE", "ws-1", json!({}));
    page.status("ws-1", "online").await;
}

#[tokio::test]
async fn unreadable_frames_are_counted_and_do_not_stop_the_canvas() {
    let (foreign, page) = setup(json!([{"id": "ws-1", "name": "<img src=x onerror=a()>", "status": "online"}])).await;
    page.status("ws-1", "online").await;
    for bad in [
        "{",
        "7",
        "[]",
        "{\"event\":\"WORKSPACE_ONLINE\"}",
        "{\"event\":\"WORKSPACE_DEGRADED\",\"workspace_id\":\"ws-1\",\"timestamp\":\"2026-03-30T12:00:00Z\",\"payload\":{\"error_rate\":\"high\"}}",
    ] {
        foreign.send(bad);
    }
    foreign.event("WORKSPACE_PAINTED", "ws-1", json!({"colour": "red"}));
    foreign.event("WORKSPACE_OFFLINE", "ws-1", json!({}));
    page.status("ws-1", "offline").await;
    // Text is shown as text: no element came of it.
    page.wait_text(&card("ws-1"), "<img src=x onerror=a()>").await;
    assert_eq!(page.count(&format!("{} img", card("ws-1"))).await, 0);
    page.wait_text(".activity-feed-unreadable", "5").await;
    page.click(".activity-feed-button").await;
    page.wait_text(".activity-feed", "payload.error_rate: invalid type").await;
    page.wait_text(".activity-feed", "WORKSPACE_PAINTED is not supported by this version").await;
}
