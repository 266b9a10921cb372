//! Tests of the event inspector, the bodies of activities, the causes of a problem, and overdue heartbeats.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use serde_json::json;

use crate::page::{Page, card, key, press};

#[tokio::test]
async fn the_inspector_shows_an_event_in_words_and_as_json() {
    let server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Vancouver SEO", "model": "openai:gpt-4o"})).await;
    let team =
        http.post("/workspaces", json!({"name": "Website"})).await.expect(201)["id"].as_str().unwrap().to_owned();
    http.patch(&format!("/workspaces/{}", agent.id), json!({"parent_id": team})).await.expect(200);
    let page = Page::open(&server).await;
    page.status(&agent.id, "online").await;
    page.click(&card(&agent.id)).await;
    page.click("#panel-tab-3").await;
    // The newest first: its new position, and before that the move. By name, not by id.
    page.wait_text(".panel .log-entry:nth-child(2)", "WORKSPACE_MOVED").await;
    page.click(".panel .log-entry:nth-child(2) .log-entry-row").await;
    page.wait_text(".panel .log-entry:nth-child(2) .facts", "no team → Website").await;
    page.wait_text(".panel .log-entry:nth-child(2) .json", "\"new_parent_id\"").await;
    page.wait_for(".panel .log-entry:nth-child(2) .json [aria-label='Copy JSON']").await;

    // The fleet's feed says the same of what comes while one looks.
    page.click(".activity-feed-button").await;
    agent.send_heartbeat(json!({"current_task": "Reads the report", "active_tasks": 1})).await;
    page.wait_text(".activity-feed .log-entry:first-child", "Reads the report").await;
    page.click(".activity-feed .log-entry:first-child .log-entry-row").await;
    page.wait_text(".activity-feed .log-entry:first-child .facts", "Reads the report").await;
    page.wait_text(".activity-feed .log-entry:first-child .json", "TASK_UPDATED").await;
    page.wait_text(".activity-feed .log-entry:first-child .link", "Show on canvas").await;
}

#[tokio::test]
async fn the_causes_of_a_problem_can_be_opened_from_its_card() {
    let server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Ledger", "model": "openai:gpt-4o"})).await;
    http.patch(&format!("/workspaces/{}/agent", agent.id), json!({"model": "openai:gpt-5"})).await.expect(200);
    agent.send_heartbeat(json!({"error_rate": 0.9, "sample_error": "model not found"})).await;
    let page = Page::open(&server).await;
    page.status(&agent.id, "degraded").await;
    // On the card, and from it: without a mouse, too.
    let line = format!("{} .cause-line", card(&agent.id));
    page.wait_text(&line, "Before this: Changed its agent from openai:gpt-4o").await;
    press(&page, "n", "").await;
    page.focused(&card(&agent.id)).await;
    press(&page, "Escape", "").await;
    page.press(key::TAB).await;
    page.focused(&line).await;
    page.press(key::ENTER).await;
    page.focused(".cause li:first-child .cause-row").await;
    page.wait_text(".cause", "Changed its agent from openai:gpt-4o to openai:gpt-5").await;
    press(&page, "Escape", "").await;
    page.wait_gone(".panel").await;
    page.click(&line).await;
    page.click(".cause li:first-child .cause-row").await;
    page.wait_for("#panel-tab-3[aria-selected=true]").await;
    page.wait_text(".log-entry-body .facts", "openai:gpt-4o → openai:gpt-5").await;
    // A problem that is over has no cause to show.
    agent.send_heartbeat(json!({"error_rate": 0.0, "sample_error": ""})).await;
    page.wait_gone(".cause").await;
    page.wait_gone(&line).await;
}

#[tokio::test]
async fn bodies_of_an_activity_are_indented() {
    let server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Talks"})).await;
    let activity = json!({
        "activity_type": "a2a_send", "method": "message/send", "summary": "asks for numbers", "status": "error",
        "request_body": "{\"question\":{\"of\":\"sales\"}}", "error_detail": "timed out after 30 s",
    });
    http.post(&format!("/workspaces/{}/activity", agent.id), activity).await.expect(201);
    let page = Page::open(&server).await;
    page.click(&card(&agent.id)).await;
    page.click("#panel-tab-1").await;
    page.click(".panel .log-entry-row").await;
    page.wait_text(".panel .log-entry .json pre", "timed out after 30 s").await;
    page.wait_text(".panel .log-entry", "\"question\": {\n    \"of\": \"sales\"\n  }").await;
    page.wait_text(".panel .log-entry", "No body logged").await;
}

#[tokio::test]
async fn overdue_heartbeats_are_marked_before_the_workspace_is_offline() {
    let server = Server::start_with(&["--heartbeat-ttl", "20s"]).await;
    let http = server.http();
    let silent = Agent::create(&http, json!({"name": "Falls silent"})).await;
    let well = Agent::create(&http, json!({"name": "Goes on"})).await;
    let page = Page::open(&server).await;
    page.status(&silent.id, "online").await;
    let id = silent.id.clone();
    silent.stop_heartbeats();
    page.wait_for(&format!("{}[data-overdue][data-status=online]", card(&id))).await;
    assert_eq!(page.count(&format!("{}[data-overdue]", card(&well.id))).await, 0);
    page.click(&card(&id)).await;
    page.wait_text(".panel .facts", "ago, late").await;
    page.status(&id, "offline").await;
    page.wait_gone(&format!("{}[data-overdue]", card(&id))).await;
    press(&page, "Escape", "").await;
    page.click(&card(&well.id)).await;
    page.wait_text(".panel .facts", "ago)").await;
    let _back = Agent::register(&http, &id, None).await;
    page.status(&id, "online").await;
}
