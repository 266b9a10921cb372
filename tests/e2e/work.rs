//! Counts the work of the page at 10,000 workspaces: elements, effects, repainted areas.

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::dom_writes::{observe_writes, writes};
use crate::page::Page;

const TEAMS: usize = 200;
const INSIDE: usize = 49;
/// The goal at any number of workspaces.
const MOST_ELEMENTS: u64 = 1_500;

/// Nobody goes offline and nothing times out: what happens is what the test does.
pub async fn calm_server() -> Server {
    Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "1h"]).await
}

async fn fill(http: &Http, teams: usize) {
    let teams = (0..teams).map(|team| {
        let http = http.clone();
        tokio::spawn(async move {
            let made = http.post("/workspaces", json!({"name": format!("Team {team}")})).await.expect(201);
            let path = format!("/workspaces/{}/expand", made["id"].as_str().unwrap());
            let inside: Vec<Value> =
                (0..INSIDE).map(|number| json!({"name": format!("Analyst {team}-{number}")})).collect();
            http.post(&path, json!({"sub_workspaces": inside})).await.expect(200);
        })
    });
    for team in teams.collect::<Vec<_>>() {
        team.await.unwrap();
    }
}

pub async fn work(page: &Page, what: &str) -> u64 {
    page.evaluate(&format!("window.orrery.work().{what}")).await.as_u64().unwrap()
}

async fn elements(page: &Page) -> u64 {
    page.evaluate("document.getElementsByTagName('*').length").await.as_u64().unwrap()
}

async fn press(page: &Page, key: &str) {
    dispatch(page, "document", &format!("new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})")).await;
}

pub async fn dispatch(page: &Page, on: &str, event: &str) {
    page.evaluate(&format!("{on}.dispatchEvent({event})")).await;
    // A frame has passed, and with it what the event asked for.
    let frame = "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
    page.execute(frame, vec![]).await.unwrap();
}

/// Zooms in until the canvas is at that distance.
async fn come(page: &Page, detail: &str) {
    let there = format!("document.querySelector('.canvas').dataset.detail === '{detail}'");
    for _ in 0..60 {
        if page.evaluate(&there).await == json!(true) {
            return;
        }
        press(page, "+").await;
    }
    panic!("the canvas never came to be {detail}");
}

pub async fn known(page: &Page, seq: &Value) {
    wait::until("the page to know all of it", async || page.state().await["seq"].clone(), |seen| seen == seq).await;
}

pub async fn head(http: &Http) -> Value {
    let cursor = http.get("/snapshot").await.json()["cursor"].as_str().unwrap().to_owned();
    json!(cursor.rsplit_once(':').unwrap().1.parse::<u64>().unwrap())
}

#[tokio::test]
async fn ten_thousand_workspaces_need_few_elements_and_little_work_per_event() {
    let server = calm_server().await;
    let http = server.http();
    // The first is the tab stop, which is always rendered.
    Agent::create(&http, json!({"name": "A first one"})).await;
    let agent = Agent::create(&http, json!({"name": "Alone"})).await;
    fill(&http, TEAMS).await;
    let page = Page::open(&server).await;
    known(&page, &head(&http).await).await;
    assert_eq!(page.state().await["count"], json!(TEAMS * (INSIDE + 1) + 2));
    page.agrees_with(&server).await;

    for detail in ["far", "middle", "near"] {
        come(&page, detail).await;
        let count = elements(&page).await;
        assert!(count <= MOST_ELEMENTS, "{count} elements {detail}");
    }
    press(&page, "f").await;
    come(&page, "far").await;
    panned_as_drawn_there(&page).await;

    // No card is rendered now, and from far away a new task makes no difference.
    let painted = work(&page, "painted").await;
    agent.send_heartbeat(json!({"current_task": "task 0", "active_tasks": 1})).await;
    known(&page, &head(&http).await).await;
    // It works now, which is another colour.
    drawn_since(&page, painted).await;
    painted_at_rest(&page).await;
    observe_writes(&page).await;
    let painted = work(&page, "painted").await;
    for number in 1..=20 {
        agent.send_heartbeat(json!({"current_task": format!("task {number}"), "active_tasks": 1})).await;
    }
    known(&page, &head(&http).await).await;
    assert_eq!(writes(&page).await, json!([]));
    assert_eq!(work(&page, "painted").await - painted, 0);

    // A change of colour is: where it happens, not everywhere.
    agent.send_heartbeat(json!({"error_rate": 0.9, "sample_error": "rate limit"})).await;
    known(&page, &head(&http).await).await;
    let drawn = drawn_since(&page, painted).await;
    assert!((1..100).contains(&drawn), "{drawn} boxes for one event");
    drawn_in_parts_as_in_one(&page).await;
}

/// Waits until all is painted that was still to be.
async fn painted_at_rest(page: &Page) {
    let mut last = work(page, "painted").await;
    let is_at_rest = async || {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let now = work(page, "painted").await;
        std::mem::replace(&mut last, now) == now
    };
    wait::until("the picture to rest", is_at_rest, |at_rest| *at_rest).await;
}

/// What was touched just before is drawn a little later.
async fn drawn_since(page: &Page, painted: u64) -> u64 {
    wait::until("a part to be drawn", async || work(page, "painted").await, |now| *now > painted).await - painted
}

#[tokio::test]
async fn at_medium_zoom_only_the_changed_area_is_repainted() {
    let server = calm_server().await;
    let http = server.http();
    let agent = Agent::create(&http, json!({"name": "Alone"})).await;
    fill(&http, 3).await;
    let page = Page::open(&server).await;
    press(&page, "f").await;
    come(&page, "middle").await;
    panned_as_drawn_there(&page).await;
    // The first thing that happens to one is looked at as a whole.
    agent.send_heartbeat(json!({"current_task": "task", "active_tasks": 1})).await;
    known(&page, &head(&http).await).await;
    for heartbeat in [json!({"current_task": ""}), json!({"error_rate": 0.9}), json!({"error_rate": 0.0})] {
        let painted = work(&page, "painted").await;
        agent.send_heartbeat(heartbeat).await;
        known(&page, &head(&http).await).await;
        let drawn = drawn_since(&page, painted).await;
        assert!((1..20).contains(&drawn), "{drawn} boxes for one event");
        drawn_in_parts_as_in_one(&page).await;
    }
}

/// A pan or a zoom places the picture and draws nothing; at rest it is what is drawn there, as sharp as that.
async fn panned_as_drawn_there(page: &Page) {
    for (x, y) in [(24, 0), (-16, 40), (0, -64)] {
        let painted = work(page, "painted").await;
        wheel(page, &format!("deltaX: {x}, deltaY: {y}")).await;
        rested(page).await;
        assert_eq!(work(page, "painted").await - painted, 0, "boxes for a pan by {x}, {y}");
        as_drawn_at_once(page, 48).await;
    }
    let painted = work(page, "painted").await;
    wheel(page, "deltaY: -4, ctrlKey: true").await;
    assert_eq!(work(page, "painted").await - painted, 0, "boxes for a little zoom");
    rested(page).await;
    assert!(work(page, "painted").await > painted, "a zoomed picture is sharp at rest");
    drawn_in_parts_as_in_one(page).await;
}

async fn wheel(page: &Page, how: &str) {
    let wheel =
        format!("new WheelEvent('wheel', {{{how}, clientX: 300, clientY: 200, bubbles: true, cancelable: true}})");
    dispatch(page, "document.querySelector('.canvas')", &wheel).await;
}

/// The camera moves no longer, and what that asked for is drawn.
pub async fn rested(page: &Page) {
    page.wait_for(".canvas:not([data-moving])").await;
    dispatch(page, "document", "new Event('rested')").await;
}

/// The picture with its dirty parts drawn again is the one that is drawn at once, to the last bit.
async fn drawn_in_parts_as_in_one(page: &Page) {
    as_drawn_at_once(page, 0).await;
}

/// How far apart a colour may be. A place in numbers that is moved is not to the last bit the place that is worked out anew, so
/// after a pan an edge or a letter between two pixels may be another shade.
async fn as_drawn_at_once(page: &Page, most_apart: u64) {
    let picture = "(() => { const map = document.querySelector('.canvas-map'), \
        {a, e, f} = new DOMMatrix(getComputedStyle(map).transform), {clientWidth, clientHeight} = map.parentElement; \
        if (a !== 1) throw new Error(`seen at ${a} times its size`); window.before = window.seen; \
        window.seen = map.getContext('2d').getImageData(-e, -f, clientWidth, clientHeight).data; return true; })()";
    page.evaluate(picture).await;
    let painted = work(page, "painted").await;
    page.evaluate("document.documentElement.setAttribute('data-theme', document.documentElement.dataset.theme)").await;
    wait::until("a whole picture", async || work(page, "painted").await, |now| *now > painted).await;
    page.evaluate(picture).await;
    let most = "window.seen.reduce((most, one, at) => Math.max(most, Math.abs(one - window.before[at])), 0)";
    let apart = page.evaluate(most).await.as_u64().unwrap();
    assert!(apart <= most_apart, "a part of the picture is not as the whole says: {apart} of 255");
}
