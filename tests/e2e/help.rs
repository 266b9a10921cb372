//! Tests of the help on keys and of the onboarding.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use serde_json::json;

use crate::looks::take;
use crate::page::{Page, card, key};

#[tokio::test]
async fn a_question_mark_shows_the_keys_and_focus_is_restored() {
    let server = Server::start().await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    let page = Page::open(&server).await;
    page.wait_for(&format!("{}[tabindex='0']", card(&one.id))).await;
    page.press(key::HOME).await;
    page.focused(&card(&one.id)).await;
    page.press("?").await;
    page.wait_text("dialog[open] .keys", "Next and previous workspace").await;
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        take(&page, &format!("keys-{theme}.png")).await;
    }
    page.press(key::ESCAPE).await;
    page.wait_gone("dialog").await;
    page.focused(&card(&one.id)).await;
    // While somebody writes it is a letter.
    page.press("/").await;
    page.wait_for(".filter-bar input:focus").await.send_keys("?").await.unwrap();
    assert_eq!(page.count("dialog").await, 0);
}

#[tokio::test]
async fn onboarding_leads_to_a_live_agent() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    page.wait_for(".onboarding-step").await;
    let origin = server.url("");
    let allow = json!({"origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
    page.devtools("Browser.grantPermissions", allow).await;
    assert_eq!(page.count(".onboarding-step[data-done]").await, 0);
    page.click(".command button").await;
    page.wait_for(".onboarding-step:nth-child(1)[data-done]").await;
    take(&page, "onboarding-copied.png").await;
    let command = page.text(".command pre").await.unwrap();
    assert!(command.contains(&origin), "{command}");
    // What the command does first, and then.
    let made = server.http().post("/workspaces", json!({"name": "First agent"})).await.expect(201);
    let id = made["id"].as_str().unwrap().to_owned();
    page.wait_for(".onboarding .onboarding-step:nth-child(2)[data-done]").await;
    assert_eq!(page.count(".onboarding .onboarding-step:nth-child(3)[data-done]").await, 0);
    take(&page, "onboarding-registered.png").await;
    let beat = json!({"workspace_id": id, "current_task": "Saying hello", "active_tasks": 1});
    server.http().post("/registry/heartbeat", beat).await.expect(200);
    page.wait_for(".onboarding .onboarding-step:nth-child(3)[data-done]").await;
    page.wait_text(".onboarding", "Your first agent is online").await;
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        take(&page, &format!("onboarding-live-{theme}.png")).await;
    }
    page.click(".onboarding-head + .onboarding-steps + button").await;
    page.wait_for(".panel").await;
    page.wait_gone(".onboarding").await;
}
