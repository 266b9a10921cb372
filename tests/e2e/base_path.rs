//! Tests of the page below a path of a proxy (see docs/operations.md).

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn the_page_works_below_a_path() {
    let server = Server::start_with(&["--base-path", "/orrery"]).await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    // As a proxy that does not strip the path asks for it.
    let page = Page::open_at(&server.url("/orrery/"), 1280, 800).await;
    page.status(&one.id, "online").await;
    let outside = "performance.getEntriesByType('resource').map(it => it.name).filter(it => !new URL(it).pathname.startsWith('/orrery/'))";
    assert_eq!(page.evaluate(outside).await, json!([]), "every request stays below the path");
    one.send_heartbeat(json!({"current_task": "Reading", "active_tasks": 1})).await;
    page.wait_text(&crate::page::card(&one.id), "Reading").await;
}
