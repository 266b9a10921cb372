//! Tests of a lost connection, as the page shows it.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn the_page_resumes_after_the_server_was_killed() {
    let mut server = Server::start().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Stays"})).await;
    let page = Page::open(&server).await;
    page.status(&agent.id, "online").await;
    page.agrees_with(&server).await;

    server.kill();
    page.wait_for("[data-connection]:not([data-connection=live])").await;
    // Nothing pretends to be current, and nothing is thrown away.
    page.wait_text("body", "as of").await;
    page.status(&agent.id, "online").await;

    server.restart().await;
    let late = Agent::create(&http, json!({"name": "Came while nobody looked"})).await;
    page.wait_for("[data-connection=live]").await;
    page.status(&late.id, "online").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn an_unreachable_server_is_shown_and_retried() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    page.browser.set_offline(true).await;
    drop(server);
    page.wait_for("[data-connection]:not([data-connection=live])").await;
}
