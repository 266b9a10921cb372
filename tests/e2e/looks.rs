//! Takes pictures of the main states into `target/pictures/`, with checks that a picture cannot make.

use orrery_tests::agent::Agent;
use orrery_tests::server::{Server, workspace};
use orrery_tests::wait;
use serde_json::json;

use crate::page::{Page, card};

/// Waits until nothing is on its way to another colour or place; the spinner and the bar of what runs may go on.
pub async fn take(page: &Page, name: &str) {
    let moving = "document.getAnimations().filter(it => it.effect.getTiming().iterations !== Infinity
        && !it.effect.target.matches('.time-bar[data-open]')).length";
    wait::until("the page to be still", async || page.evaluate(moving).await, |seen| *seen == json!(0)).await;
    page.browser.screenshot(&workspace().join("target/pictures").join(name)).await;
}

#[tokio::test]
async fn an_empty_canvas_shows_how_to_connect_an_agent() {
    let server = Server::start().await;
    let page = Page::open(&server).await;
    page.wait_text("body", "agent").await;
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        take(&page, &format!("empty-{theme}.png")).await;
    }
    let first = Agent::create(&server.http(), json!({"name": "The first"})).await;
    page.status(&first.id, "online").await;
    take(&page, "one.png").await;
}

#[tokio::test]
async fn pictures_of_the_demo_in_both_themes_and_sizes() {
    let server = Server::start_with(&["--demo", "12", "--demo-seed", "7", "--provision-timeout", "15s"]).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the demo's fleet", known, |count| *count >= 12).await;
    page.wait_for("[data-workspace-id][data-status=failed]").await;
    page.wait_for(".card-task").await;
    for (width, height) in [(1280, 800), (1920, 1080), (390, 844)] {
        page.browser.resize(width, height).await;
        page.browser.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'f', bubbles: true}))").await;
        for theme in ["light", "dark"] {
            page.browser.prefer_color_scheme(theme).await;
            take(&page, &format!("fleet-{width}-{theme}.png")).await;
        }
    }
    page.browser.resize(1280, 800).await;
    // A fleet of retries and chips is not a hundred stops: what is on a card is reached from it.
    let stops = page.evaluate("document.querySelectorAll('.canvas-world button:not([tabindex=\"-1\"])').length").await;
    assert_eq!(stops, json!(0));
    // No tool is pushed off the bar.
    let tools = "[...document.querySelectorAll('.toolbar button')].filter(it => it.getBoundingClientRect().right > innerWidth).length";
    wait::until("all tools in the window", async || page.evaluate(tools).await, |seen| *seen == json!(0)).await;
    page.wait_for("[data-status=failed][data-workspace-id]").await;
    let failed = page.browser.attribute("[data-status=failed][data-workspace-id]", "data-workspace-id").await.unwrap();
    page.browser.click(&card(&failed)).await;
    page.wait_for(".panel-head").await;
    for theme in ["light", "dark"] {
        page.browser.prefer_color_scheme(theme).await;
        take(&page, &format!("panel-{theme}.png")).await;
    }
    // Cards never lie over each other.
    let overlaps = "(() => { const boxes = [...document.querySelectorAll('.card')].map(it => it.getBoundingClientRect());
        let count = 0;
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) count++; }));
        return count; })()";
    wait::until("cards beside each other", async || page.evaluate(overlaps).await, |seen| *seen == json!(0)).await;
}
