//! Tests of the tab title, the announcements for screen readers, and notifications.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::Page;

const TROUBLE: fn() -> Value = || json!({"error_rate": 0.9, "sample_error": "rate limit"});
const WELL: fn() -> Value = || json!({"error_rate": 0.0, "sample_error": ""});

#[tokio::test]
async fn the_tab_title_has_the_number_of_problems_and_the_connection() {
    let mut server = Server::start().await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    let two = Agent::create(&server.http(), json!({"name": "Two"})).await;
    let page = Page::open(&server).await;
    let title = async || page.title().await.unwrap();
    let icon = async || page.attribute("link[rel=icon]", "href").await.unwrap_or_default();
    page.status(&two.id, "online").await;
    wait::until("a calm title", title, |it| it == "Orrery").await;
    let calm = icon().await;
    one.send_heartbeat(TROUBLE()).await;
    wait::until("one problem", title, |it| it == "1 problem · Orrery").await;
    wait::until("a mark with a dot", icon, |it| it.starts_with("data:image/svg+xml") && *it != calm).await;
    two.send_heartbeat(TROUBLE()).await;
    wait::until("two problems", title, |it| it == "2 problems · Orrery").await;
    one.send_heartbeat(WELL()).await;
    two.send_heartbeat(WELL()).await;
    wait::until("a calm title", title, |it| it == "Orrery").await;
    assert_eq!(icon().await, calm);
    server.kill();
    wait::until("a title that is not live", title, |it| it == "Not live · Orrery").await;
}

#[tokio::test]
async fn announcements_are_grouped_and_throttled() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    let record = "(() => { window.announced = []; const it = document.querySelector('.news');
        new MutationObserver(() => window.announced.push([performance.now(), it.textContent])).observe(it, {childList: true, characterData: true, subtree: true});
        return it.getAttribute('aria-live'); })()";
    page.wait_text_of(".news", "Live: 0 workspaces").await;
    assert_eq!(page.evaluate(record).await, json!("polite"));
    let mut agents = Vec::new();
    for number in 0..8 {
        agents.push(Agent::create(&server.http(), json!({"name": format!("Agent {number}")})).await);
    }
    for agent in &agents {
        agent.send_heartbeat(TROUBLE()).await;
    }
    let announced =
        async || page.evaluate("window.announced.map(it => it[1]).join(' | ')").await.as_str().unwrap_or("").to_owned();
    wait::until("all to be announced", announced, |it| (0..3).all(|number| it.contains(&format!("Agent {number}"))))
        .await;
    for agent in &agents {
        agent.send_heartbeat(WELL()).await;
    }
    wait::until("the good news", announced, |it| it.contains("well again")).await;
    let gaps = page.evaluate("window.announced.slice(1).map((it, at) => it[0] - window.announced[at][0])").await;
    let gaps: Vec<f64> = gaps.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(gaps.iter().all(|gap| *gap >= 1900.0), "one in two seconds at most: {gaps:?}");
    assert!(gaps.len() < 8, "sixteen changes are a few sentences");
}

#[tokio::test]
async fn notifications_need_permission_and_are_grouped_and_silent() {
    let server = Server::start().await;
    let first = Agent::create(&server.http(), json!({"name": "First"})).await;
    let mut others = Vec::new();
    for number in 0..3 {
        others.push(Agent::create(&server.http(), json!({"name": format!("Other {number}")})).await);
    }
    let page = Page::open(&server).await;
    page.status(&first.id, "online").await;
    page.wait_text_of(".news", "Live: 4 workspaces").await;
    let pretend = "(() => { window.shown = []; window.asked = 0;
        window.Notification = class { static permission = 'default';
            static requestPermission() { window.asked++; this.permission = 'granted'; return Promise.resolve('granted'); }
            constructor(title, options) { window.shown.push({title, ...options}); window.last = this; } };
        document.hasFocus = () => false; return true; })()";
    page.evaluate(pretend).await;
    let shown = async || page.evaluate("window.shown").await;
    // Not asked for, nothing is shown.
    first.send_heartbeat(TROUBLE()).await;
    page.wait_text_of(".news", "First is degraded").await;
    first.send_heartbeat(WELL()).await;
    page.wait_text_of(".news", "First is well again").await;
    assert_eq!((shown().await, page.evaluate("window.asked").await), (json!([]), json!(0)));

    page.click("[aria-label='Share, notify, keys']").await;
    page.evaluate(
        "[...document.querySelectorAll('[role=menuitem]')].find(it => it.textContent.includes('Notify me')).click()",
    )
    .await;
    page.wait_text(".toasts", "You are notified").await;
    first.send_heartbeat(TROUBLE()).await;
    let one = wait::until("a notification", shown, |it| it[0].is_object()).await;
    assert_eq!(one[0]["title"], json!("1 new problem"));
    assert_eq!(one[0]["silent"], json!(true), "never a sound");
    assert!(one[0]["body"].as_str().unwrap().contains("First is degraded"), "{one}");
    for other in &others {
        other.send_heartbeat(TROUBLE()).await;
        page.wait_for(&format!("[data-workspace-id=\"{}\"][data-status=degraded]", other.id)).await;
    }
    let two = wait::until("the next one", shown, |it| it[1].is_object()).await;
    assert_eq!(two[1]["title"], json!("3 new problems"), "what came meanwhile is one");
    assert_eq!(two.as_array().unwrap().len(), 2);
    page.evaluate("window.last.onclick()").await;
    page.wait_for(".panel").await;
}
