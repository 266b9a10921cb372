//! Tests that cards stay where they were placed, and that what is being read stays visible.

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::act::{menu, ready, shift_click};
use crate::page::{Page, card, press, write};

async fn create(http: &Http, body: Value) -> String {
    http.post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// By its head, as a pointer does.
async fn drag(page: &Page, id: &str, to: (f64, f64)) {
    let script = format!(
        "(() => {{ const it = document.querySelector('{}'), box = it.getBoundingClientRect(), canvas = document.querySelector('.canvas');
            const at = (x, y) => ({{bubbles: true, cancelable: true, pointerId: 1, button: 0, clientX: x, clientY: y}});
            it.dispatchEvent(new PointerEvent('pointerdown', at(box.left + 60, box.top + 12)));
            canvas.dispatchEvent(new PointerEvent('pointermove', at(box.left + 70, box.top + 22)));
            canvas.dispatchEvent(new PointerEvent('pointermove', at({x}, {y})));
            canvas.dispatchEvent(new PointerEvent('pointerup', at({x}, {y}))); }})()",
        card(id),
        x = to.0,
        y = to.1
    );
    page.evaluate(&script).await;
}

/// Where each stands from the first of them, in the world.
async fn map(page: &Page, ids: &[&String]) -> Value {
    let script = format!(
        "(() => {{ const zoom = Number(document.querySelector('.canvas-world').style.transform.match(/scale\\(([\\d.]+)/)[1]);
            const boxes = {}.map(id => document.querySelector(`.canvas [data-workspace-id=\"${{id}}\"]`)?.getBoundingClientRect());
            return boxes.map(it => it && [it.left - boxes[0].left, it.top - boxes[0].top, it.width, it.height].map(it => Math.round(it / zoom))); }})()",
        json!(ids)
    );
    page.evaluate(&script).await
}

#[tokio::test]
async fn dropped_cards_stay_where_they_are_and_do_not_overlap() {
    let server = Server::start().await;
    let http = server.http();
    let lead = create(&http, json!({"name": "Lead"})).await;
    let mut ids = vec![lead.clone()];
    for name in ["Alpha", "Beta", "Gamma"] {
        ids.push(create(&http, json!({"name": name, "parent_id": lead})).await);
    }
    let golf = create(&http, json!({"name": "Golf"})).await;
    let hotel = create(&http, json!({"name": "Hotel", "canvas": {"x": 560, "y": 420}})).await;
    let page = ready(&server, 6).await;
    page.wait_for(&card(&golf)).await;
    // Into the team, a little right of the others.
    let team = "document.querySelector('.canvas [data-workspace-id=\"ID\"]').getBoundingClientRect().toJSON()"
        .replace("ID", &lead);
    let team = page.evaluate(&team).await;
    let at = |key: &str| team[key].as_f64().unwrap();
    drag(&page, &golf, (at("right") - 40.0, at("bottom") - 60.0)).await;
    page.wait_text(".toasts", "“Golf” is now in “Lead”").await;
    page.wait_for(&format!("{}[aria-level=\"2\"]:not([data-dragged])", card(&golf))).await;
    page.agrees_with(&server).await;
    ids.extend([golf, hotel]);
    let ids: Vec<&String> = ids.iter().collect();
    // Everyone of the team where it stood; and Hotel, if it stepped aside, may have found another place.
    let team = &ids[..5];
    let stood = map(&page, team).await;
    let other = Page::open(&server).await;
    wait::until("the same map", async || map(&other, team).await, |seen| *seen == stood).await;
    for page in [&page, &other] {
        let all = map(page, &ids).await;
        let side = |at: usize, of: usize| all[at][of].as_f64().unwrap();
        let apart = |one: usize, two: usize| {
            (0..2).any(|of| {
                side(one, of) + side(one, of + 2) <= side(two, of) || side(two, of) + side(two, of + 2) <= side(one, of)
            })
        };
        assert!(apart(0, 5), "Hotel lies on the team: {all}");
    }
}

#[tokio::test]
async fn selected_cards_are_dragged_and_undone_together() {
    let server = Server::start().await;
    let http = server.http();
    let mut ids = Vec::new();
    for at in 0..3 {
        ids.push(create(&http, json!({"name": format!("Worker {at}"), "canvas": {"x": at * 280, "y": 0}})).await);
    }
    let page = ready(&server, 3).await;
    page.wait_for(&card(&ids[2])).await;
    shift_click(&page, &ids[0]).await;
    shift_click(&page, &ids[1]).await;
    page.wait_text(".bulk", "2 selected").await;
    let all: Vec<&String> = ids.iter().collect();
    drag(&page, &ids[1], (500.0, 620.0)).await;
    page.wait_text(".toasts", "Moved 2 workspaces").await;
    let moved = map(&page, &all).await;
    assert_eq!((&moved[1][0], &moved[1][1]), (&json!(280), &json!(0)), "they go together");
    assert_ne!(moved[2][1], json!(0), "and only they");
    press(&page, "z", ", ctrlKey: true").await;
    let level = |seen: &Value| (0..3).all(|at| seen[at][1] == json!(0));
    wait::until("all where they stood", async || map(&page, &all).await, level).await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn the_last_change_can_be_undone_after_its_toast_is_gone() {
    let server = Server::start().await;
    let http = server.http();
    let one = create(&http, json!({"name": "Ledger", "model": "openai:gpt-4o"})).await;
    let page = ready(&server, 1).await;
    press(&page, "z", ", ctrlKey: true").await;
    page.wait_text(".toasts", "There is nothing to undo").await;
    menu(&page, &one, "Rename").await;
    write(&page, "#new-name", "Books").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "Renamed “Ledger” to “Books”").await;
    menu(&page, &one, "Replace the model").await;
    write(&page, "#agent-model", "openai:gpt-5").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "gets openai:gpt-5").await;
    page.wait_gone(".toast").await;
    page.wait_gone(".dialog").await;
    press(&page, "z", ", ctrlKey: true").await;
    page.wait_text(".toasts", "“Books” has openai:gpt-4o again").await;
    press(&page, "z", ", ctrlKey: true").await;
    page.wait_text(".toasts", "Renamed back to “Ledger”").await;
    // By its button, too, and the keyboard is on the fleet again.
    menu(&page, &one, "Change the tier").await;
    page.wait_for("#new-tier").await;
    page.evaluate("(() => { const it = document.querySelector('#new-tier'); it.value = '3'; it.dispatchEvent(new Event('change', {bubbles: true})); })()").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "is now T3").await;
    page.click(".toast:last-child .button[data-variant=quiet]").await;
    page.wait_text(".toasts", "“Ledger” is T1 again").await;
    page.focused("[role=treeitem]").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn an_opened_workspace_is_visible_beside_the_panel() {
    let server = Server::start().await;
    let http = server.http();
    for at in 0..4 {
        create(&http, json!({"name": format!("Worker {at}"), "canvas": {"x": at * 280, "y": 0}})).await;
    }
    let last = Agent::create(&http, json!({"name": "Last", "canvas": {"x": 1120, "y": 0}})).await;
    last.send_heartbeat(json!({"error_rate": 0.9, "sample_error": "no answer from the model ".repeat(80)})).await;
    let page = ready(&server, 5).await;
    page.status(&last.id, "degraded").await;
    page.click(&card(&last.id)).await;
    let is_beside = format!(
        "document.querySelector('{}').getBoundingClientRect().right <= document.querySelector('.panel').getBoundingClientRect().left",
        card(&last.id)
    );
    wait::until("the card beside the panel", async || page.evaluate(&is_beside).await, |it| *it == json!(true)).await;
    for (width, height) in [(1280, 800), (640, 400), (390, 844)] {
        page.resize(width, height).await;
        page.click("#panel-tab-3").await;
        page.wait_for("#panel-tab-3[aria-selected=true]").await;
        page.click("#panel-tab-0").await;
    }
    // A new one, too, wherever it is put.
    page.resize(1280, 800).await;
    page.click(".toolbar > .button:last-of-type").await;
    page.wait_for("#workspace-name").await.send_keys("Newest").await.unwrap();
    page.click("dialog [type=submit]").await;
    page.wait_text(".panel-head", "Newest").await;
    let is_seen = "(() => { const box = document.querySelector('.card[aria-selected=true]')?.getBoundingClientRect(), panel = document.querySelector('.panel').getBoundingClientRect();
        return !!box && box.left >= 0 && box.top >= 48 && box.bottom <= innerHeight && box.right <= panel.left; })()";
    wait::until("the new one in sight", async || page.evaluate(is_seen).await, |it| *it == json!(true)).await;
}

#[tokio::test]
async fn an_open_feed_entry_keeps_its_position() {
    let server = Server::start().await;
    let agent = Agent::create(&server.http(), json!({"name": "Talks"})).await;
    let page = ready(&server, 1).await;
    page.click(".activity-feed-button").await;
    agent.send_heartbeat(json!({"current_task": "Reads page 1", "active_tasks": 1})).await;
    page.wait_text(".activity-feed .log-entry:first-child", "Reads page 1").await;
    page.click(".activity-feed .log-entry:first-child .log-entry-row").await;
    page.wait_text(".activity-feed-paused", "Paused").await;
    for number in 2..12 {
        agent.send_heartbeat(json!({"current_task": format!("Reads page {number}"), "active_tasks": 1})).await;
    }
    page.wait_text(&card(&agent.id), "Reads page 11").await;
    page.wait_text(".activity-feed .log-entry:first-child", "Reads page 1").await;
    page.click(".activity-feed .log-entry:first-child .log-entry-row").await;
    page.wait_text(".activity-feed .log-entry:first-child", "Reads page 11").await;
    page.press(crate::page::key::ESCAPE).await;
    page.wait_gone(".activity-feed").await;
}
