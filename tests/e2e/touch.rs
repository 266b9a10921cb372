//! Tests of touch: pan, pinch, tap, long press, and a window of 390 by 844 pixels.

use orrery_tests::agent::Agent;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::looks::take;
use crate::page::{Page, card};

const CAMERA: &str = "document.querySelector('.canvas-world').style.transform.match(/-?[\\d.]+/g).map(Number)";

async fn phone(server: &Server) -> Page {
    let page = Page::open_at(&server.url("/"), 390, 844).await;
    let touch = json!({"enabled": true, "maxTouchPoints": 5});
    page.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    page
}

async fn touch(page: &Page, kind: &str, points: &[(f64, f64)]) {
    let points: Vec<Value> = points.iter().enumerate().map(|(id, (x, y))| json!({"x": x, "y": y, "id": id})).collect();
    page.devtools("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points})).await;
}

async fn middle(page: &Page, css: &str) -> (f64, f64) {
    let script = format!(
        "(() => {{ const box = document.querySelector('{css}').getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; }})()"
    );
    let at = page.evaluate(&script).await;
    (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
}

#[tokio::test]
async fn touch_pans_zooms_selects_and_opens_the_menu() {
    let server = Server::start().await;
    let one = Agent::create(&server.http(), json!({"name": "One"})).await;
    let page = phone(&server).await;
    page.status(&one.id, "online").await;
    page.camera_at_rest().await;
    let (x, y) = middle(&page, &card(&one.id)).await;
    let before = page.evaluate(CAMERA).await;

    touch(&page, "touchStart", &[(x, y)]).await;
    for step in 1..=5 {
        touch(&page, "touchMove", &[(x, y + 20.0 * f64::from(step))]).await;
    }
    touch(&page, "touchEnd", &[]).await;
    let camera = async || page.evaluate(CAMERA).await;
    let moved = |it: &Value| (it[1].as_f64().unwrap() - before[1].as_f64().unwrap() - 100.0).abs() < 12.0;
    wait::until("the canvas to follow the finger", camera, moved).await;
    assert_eq!(page.count(".panel").await, 0, "a pan is no tap");

    let (x, y) = middle(&page, &card(&one.id)).await;
    let before = page.evaluate(CAMERA).await;
    touch(&page, "touchStart", &[(x - 40.0, y)]).await;
    touch(&page, "touchStart", &[(x - 40.0, y), (x + 40.0, y)]).await;
    touch(&page, "touchMove", &[(x - 30.0, y), (x + 30.0, y)]).await;
    touch(&page, "touchMove", &[(x - 20.0, y), (x + 20.0, y)]).await;
    touch(&page, "touchEnd", &[]).await;
    let halved = |it: &Value| (it[2].as_f64().unwrap() / before[2].as_f64().unwrap() - 0.5).abs() < 0.1;
    wait::until("two fingers to zoom", camera, halved).await;
    assert_eq!(page.count(".panel").await, 0, "a pinch is no tap");

    // A finger that rests asks what can be done, and lifting it is no tap.
    let (x, y) = middle(&page, &card(&one.id)).await;
    touch(&page, "touchStart", &[(x, y)]).await;
    page.wait_for("[role=menu] [role=menuitem]").await;
    touch(&page, "touchEnd", &[]).await;
    assert_eq!(page.count("[role=menu]").await, 1);
    assert_eq!(page.count(".panel").await, 0);
    take(&page, "phone-menu.png").await;
    page.press(crate::page::key::ESCAPE).await;
    page.wait_gone("[role=menu]").await;

    let (x, y) = middle(&page, &card(&one.id)).await;
    touch(&page, "touchStart", &[(x, y)]).await;
    touch(&page, "touchEnd", &[]).await;
    page.wait_for(".panel").await;
}

#[tokio::test]
async fn everything_is_usable_on_a_phone() {
    let server = Server::start_with(&["--demo", "12", "--demo-seed", "7", "--provision-timeout", "15s"]).await;
    let page = phone(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the demo's fleet", known, |count| *count >= 12).await;
    page.wait_for("[data-workspace-id][data-status=failed]").await;
    let id = page.attribute("[data-workspace-id][data-status=failed]", "data-workspace-id").await.unwrap();
    let outside = "[...document.querySelectorAll('.toolbar button, .toolbar input')].filter(it => { const box = it.getBoundingClientRect();
        return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1); }).map(it => it.outerHTML)";
    assert_eq!(page.evaluate(outside).await, json!([]), "each tool is within reach");
    let small =
        "[...document.querySelectorAll('.toolbar button')].filter(it => { const box = it.getBoundingClientRect();
        return box.width > 0 && Math.min(box.width, box.height) < 24; }).map(it => it.outerHTML)";
    assert_eq!(page.evaluate(small).await, json!([]), "each tool is large enough for a finger");
    let rows = "new Set([...document.querySelectorAll('.toolbar > button, .toolbar .button[data-size=icon]')].map(it => it.getBoundingClientRect())
        .filter(it => it.width > 0).map(it => Math.round((it.top + it.bottom) / 2))).size";
    assert_eq!(page.evaluate(rows).await, json!(1), "one row of tools");
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        take(&page, &format!("phone-fleet-{theme}.png")).await;
    }
    page.camera_at_rest().await;
    let (x, y) = middle(&page, &card(&id)).await;
    touch(&page, "touchStart", &[(x, y)]).await;
    touch(&page, "touchEnd", &[]).await;
    page.wait_for(".panel").await;
    assert_eq!(page.count(".toast").await, 0, "the tap presses nothing of what it opened");
    // The sheet is below the canvas, and what was chosen stays in sight above it.
    let seen = format!(
        "(() => {{ const box = it => document.querySelector(it).getBoundingClientRect();
            const [card, sheet, bar] = [box('{}'), box('.panel'), box('.toolbar')];
            return card.bottom <= sheet.top + 1 && card.top >= bar.bottom - 1 && Math.round(sheet.width) === innerWidth && Math.round(sheet.bottom) === innerHeight; }})()",
        card(&id)
    );
    take(&page, "phone-sheet-opened.png").await;
    wait::until("the card above the sheet", async || page.evaluate(&seen).await, |it| *it == json!(true)).await;
    for theme in ["light", "dark"] {
        page.prefer_color_scheme(theme).await;
        take(&page, &format!("phone-sheet-{theme}.png")).await;
    }
}
