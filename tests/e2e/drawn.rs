//! Tests of cards in the overview layer, which have no element: drag, drop, box selection, double-click, long press.

use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::looks::take;
use crate::page::{Page, card};
use crate::pointing::{Fleet, open};

const COUNT: usize = 185;

async fn fleet() -> (Server, Fleet, Page) {
    let server = Server::start_with(&["--heartbeat-ttl", "1h", "--provision-timeout", "1h"]).await;
    let fleet = Fleet::make(&server.http(), COUNT).await;
    let page = open(&server, COUNT).await;
    (server, fleet, page)
}

async fn zoom(page: &Page, to: f64) {
    page.run("await pointing.zoom(args[0])", vec![json!(to)]).await;
}

async fn bring_into_view(page: &Page, id: &str) -> (f64, f64) {
    let seen = page.run("return pointing.bring_into_view([args[0]])", vec![json!(id)]).await;
    (seen[0][1].as_f64().unwrap(), seen[0][2].as_f64().unwrap())
}

fn moved(to: (f64, f64)) -> Value {
    json!({"type": "pointerMove", "duration": 0, "x": to.0.round() as i64, "y": to.1.round() as i64, "origin": "viewport"})
}

const DOWN: fn() -> Value = || json!({"type": "pointerDown", "button": 0});
const UP: fn() -> Value = || json!({"type": "pointerUp", "button": 0});

/// With real input, in steps, as a hand does.
async fn drag(page: &Page, from: (f64, f64), to: (f64, f64)) {
    let step = |part: f64| moved((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
    page.perform(&[moved(from), DOWN(), step(0.3), step(0.7), step(1.0), UP()], &[]).await;
}

async fn rect(page: &Page, id: &str) -> Value {
    page.evaluate(&format!("window.orrery.rect({})", json!(id))).await
}

fn middle(rect: &Value) -> (f64, f64) {
    let of = |key: &str| rect[key].as_f64().unwrap();
    (of("x") + of("width") / 2.0, of("y") + of("height") / 2.0)
}

#[tokio::test]
async fn drawn_cards_can_be_dragged_to_a_free_place_at_every_zoom() {
    let (server, fleet, page) = fleet().await;
    let http = server.http();
    for (at, (to, theme)) in
        [(1.0, "light"), (0.45, "dark"), (0.2, "light"), (0.06, "dark"), (0.01, "light")].into_iter().enumerate()
    {
        page.browser.prefer_color_scheme(theme).await;
        zoom(&page, to).await;
        let mut count = 0;
        for id in fleet.leaves.iter().skip(20 * at).step_by(3) {
            let from = bring_into_view(&page, id).await;
            let free = page.evaluate(&format!("pointing.empty({})", json!(id))).await;
            // From near, other members are all around most of them.
            if free.is_null() {
                continue;
            }
            let drop = (free[0].as_f64().unwrap(), free[1].as_f64().unwrap());
            let before = http.get(&format!("/workspaces/{id}")).await.json();
            drag(&page, from, drop).await;
            let row = async || http.get(&format!("/workspaces/{id}")).await.json();
            let what = format!("{} to be moved at zoom {to}", fleet.names[id]);
            let place = |row: &Value| (row["x"].clone(), row["y"].clone());
            let is_out =
                |row: &Value| row["parent_id"].is_null() && !row["x"].is_null() && place(row) != place(&before);
            wait::until(&what, row, is_out).await;
            // On the grid of 4 px, and whatever a pixel of the screen is in the world.
            let near = |seen: &Value| {
                let (x, y) = middle(seen);
                (x - drop.0).hypot(y - drop.1) < 4.0 * to + 3.0
            };
            wait::until(&what, async || rect(&page, id).await, near).await;
            assert_eq!(page.evaluate(&format!("window.orrery.at({}, {})", drop.0, drop.1)).await, json!(id));
            count += 1;
            if count == 3 {
                break;
            }
        }
        assert_eq!(count, 3, "at zoom {to}");
    }
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn drawn_cards_can_be_dropped_into_a_drawn_team() {
    let (server, fleet, page) = fleet().await;
    let http = server.http();
    zoom(&page, 0.1).await;
    // From one squad to another: on the other's ground, between its members.
    let (id, team) = (&fleet.leaves[5], &fleet.teams[9]);
    let from = bring_into_view(&page, id).await;
    assert_eq!(page.count(&card(id)).await, 0, "it is drawn");
    let rect = rect(&page, team).await;
    let head = (middle(&rect).0, rect["y"].as_f64().unwrap() + 2.0);
    assert_eq!(page.evaluate(&format!("window.orrery.at({}, {})", head.0, head.1)).await, json!(team));
    drag(&page, from, head).await;
    let parent = async || http.get(&format!("/workspaces/{id}")).await.json()["parent_id"].clone();
    wait::until("its new team", parent, |seen| seen == &json!(team)).await;
}

#[tokio::test]
async fn drawn_cards_can_be_box_selected_and_zoomed_to_by_double_click() {
    let (_server, fleet, page) = fleet().await;
    zoom(&page, 0.1).await;
    let id = &fleet.leaves[8];
    bring_into_view(&page, id).await;
    let tile = rect(&page, id).await;
    let of = |key: &str| tile[key].as_f64().unwrap();
    let corner = (of("x") - 1.0, of("y") - 1.0);
    let end = (of("x") + 3.0 * of("width"), of("y") + of("height") - 1.0);
    let shift = |kind: &str| json!({"type": kind, "value": crate::page::key::SHIFT});
    let wait = json!({"type": "pause", "duration": 0});
    let mouse =
        [moved(corner), wait.clone(), DOWN(), moved((corner.0 + 9.0, corner.1 + 5.0)), moved(end), UP(), wait.clone()];
    let keys = [shift("keyDown"), wait.clone(), wait.clone(), wait.clone(), wait.clone(), wait.clone(), shift("keyUp")];
    page.perform(&mouse, &keys).await;
    page.wait_for(".bulk").await;
    let selected = async || page.count(".canvas [aria-selected=true]").await;
    wait::until("more than one tile", selected, |count| (2..=4).contains(count)).await;
    page.wait_for(&format!("{}[aria-selected=true]", card(id))).await;

    let at = middle(&rect(&page, id).await);
    page.perform(&[moved(at), DOWN(), UP(), DOWN(), UP()], &[]).await;
    page.wait_text(".panel-title h2", &fleet.names[id]).await;
    page.wait_for(".canvas[data-detail=near]").await;
    let width = async || rect(&page, id).await["width"].as_f64().unwrap();
    wait::until("it to be near enough to read", width, |seen| *seen > 180.0).await;
}

/// A point inside the window that means the team itself: none of its members lies there.
async fn own_point(page: &Page, team: &str) -> (f64, f64) {
    let script = format!(
        "(() => {{ const id = {}, team = window.orrery.rect(id), whole = Math.round;
            const [top, bottom] = [Math.max(100, whole(team.y)), Math.min(innerHeight - 100, team.y + team.height)];
            const [left, right] = [Math.max(20, whole(team.x)), Math.min(innerWidth - 20, team.x + team.width)];
            for (let y = top; y < bottom; y++) for (let x = left; x < right; x += 3) if (window.orrery.at(x, y) === id) return [x, y];
            return null; }})()",
        json!(team)
    );
    let point = page.evaluate(&script).await;
    (point[0].as_f64().unwrap(), point[1].as_f64().unwrap())
}

#[tokio::test]
async fn drawn_cards_have_a_tooltip() {
    let (_server, fleet, page) = fleet().await;
    for (to, name) in [(0.3, "middle"), (0.1, "far"), (0.03, "farthest")] {
        zoom(&page, to).await;
        for (at, state) in [(2, "online"), (3, "online"), (5, "degraded"), (60, "provisioning")] {
            let id = &fleet.leaves[at];
            let point = bring_into_view(&page, id).await;
            for theme in ["light", "dark"] {
                page.browser.prefer_color_scheme(theme).await;
                page.perform(&[moved((point.0, 4.0)), moved(point)], &[]).await;
                page.wait_text(".hover-tip strong", &fleet.names[id]).await;
                page.wait_text_of(".hover-tip .hover-state", &format!("{state} for ")).await;
                take(&page, &format!("tip-{name}-{at}-{theme}.png")).await;
            }
            let task = page.text(".hover-tip .hover-task").await;
            assert_eq!(task.as_deref(), (at == 3).then_some("Reads the quarterly report"));
            assert_eq!(page.count(".hover-tip .hover-trouble").await, usize::from(state == "degraded"));
            // The tile is framed, and the tooltip lies beside it, inside the window.
            let script = format!(
                "(() => {{ const tile = window.orrery.rect({}), box = it => document.querySelector(it).getBoundingClientRect();
                    const [tip, frame] = [box('.hover-tip'), box('.hover-outline')];
                    return frame.left < tile.x && frame.right > tile.x + tile.width && frame.top < tile.y && frame.bottom > tile.y + tile.height
                        && (tip.top >= tile.y + tile.height || tip.bottom <= tile.y)
                        && tip.left >= 0 && tip.top >= 0 && tip.right <= innerWidth && tip.bottom <= innerHeight; }})()",
                json!(id)
            );
            assert_eq!(page.evaluate(&script).await, json!(true), "{} at zoom {to}", fleet.names[id]);
        }
        // A team says how many are inside.
        bring_into_view(&page, &fleet.leaves[6]).await;
        let head = own_point(&page, &fleet.teams[6]).await;
        page.perform(&[moved(head)], &[]).await;
        take(&page, &format!("tip-{name}-team.png")).await;
        page.press(crate::page::key::ESCAPE).await;
        page.wait_gone(".hover-tip").await;
    }
    // A full card describes itself; hovering it shows the rest.
    zoom(&page, 1.0).await;
    let id = &fleet.leaves[3];
    let point = bring_into_view(&page, id).await;
    page.perform(&[moved(point)], &[]).await;
    page.wait_text(".hover-tip strong", &fleet.names[id]).await;
    take(&page, "tip-near.png").await;
    page.perform(&[moved((point.0, 4.0))], &[]).await;
    page.wait_gone(".hover-tip").await;
}

#[tokio::test]
async fn a_long_press_on_a_drawn_card_opens_its_menu() {
    let (_server, fleet, page) = fleet().await;
    page.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": true, "maxTouchPoints": 5})).await;
    zoom(&page, 0.1).await;
    for id in fleet.leaves.iter().skip(11).step_by(40) {
        let (x, y) = bring_into_view(&page, id).await;
        let finger = json!({"type": "touchStart", "touchPoints": [{"x": x, "y": y, "id": 0}]});
        page.devtools("Input.dispatchTouchEvent", finger).await;
        page.wait_text(".menu-title", &fleet.names[id]).await;
        page.devtools("Input.dispatchTouchEvent", json!({"type": "touchEnd", "touchPoints": []})).await;
        page.press(crate::page::key::ESCAPE).await;
        page.wait_gone(".menu").await;
    }
    assert_eq!(page.count(".panel").await, 0, "lifting the finger is no tap");
}

#[tokio::test]
async fn the_hooks_handle_hidden_and_unknown_workspaces() {
    let (server, fleet, page) = fleet().await;
    let http = server.http();
    zoom(&page, 0.2).await;
    let team = &fleet.teams[7];
    let member =
        fleet.leaves.iter().find(|id| fleet.names[*id].starts_with(&format!("{} ", fleet.names[team]))).unwrap();
    let (x, y) = bring_into_view(&page, member).await;
    let at = |x: f64, y: f64| format!("window.orrery.at({x}, {y})");
    assert_eq!(page.evaluate(&at(x, y)).await, json!(member));
    assert_ne!(rect(&page, member).await, rect(&page, team).await);
    // A member of a collapsed team is where the team's card is, and that card is the team's.
    http.patch(&format!("/workspaces/{team}"), json!({"collapsed": true})).await.expect(200);
    let same = async || rect(&page, member).await == rect(&page, team).await;
    wait::until("the team to be one card", same, |seen| *seen).await;
    let (x, y) = middle(&rect(&page, member).await);
    assert_eq!(page.evaluate(&at(x, y)).await, json!(team));
    assert_eq!(rect(&page, "nobody").await, Value::Null);
    assert_eq!(page.evaluate("window.orrery.rect()").await, Value::Null);
    // The toolbar is no part of the canvas, and what is out of sight has a place all the same.
    assert_eq!(page.evaluate(&at(640.0, 5.0)).await, Value::Null);
    assert_eq!(page.evaluate(&at(-1.0, 400.0)).await, Value::Null);
    zoom(&page, 1.0).await;
    let all = page.evaluate(&format!("{}.map(id => window.orrery.rect(id))", json!(fleet.leaves))).await;
    let outside = |rect: &&Value| rect["x"].as_f64().unwrap() > 1280.0 || rect["y"].as_f64().unwrap() > 800.0;
    assert!(all.as_array().unwrap().iter().filter(outside).count() > 50, "{all}");
}
