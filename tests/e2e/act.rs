//! Tests of commands on one and on several workspaces: menus, dialogs, box selection, undo, rejected changes.

use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::access::fine;
use crate::page::{Page, card, press, write};

async fn create(http: &Http, body: Value) -> String {
    http.post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn row(http: &Http, id: &str) -> Value {
    http.get(&format!("/workspaces/{id}")).await.json()
}

/// Waits until the server's row says so.
async fn becomes(http: &Http, id: &str, key: &str, value: Value) {
    let what = format!("{key} of {id} to be {value}");
    wait::until(&what, async || row(http, id).await[key].clone(), |seen| *seen == value).await;
}

/// A click with the shift key down, as a pointer makes it.
pub async fn shift_click(page: &Page, id: &str) {
    let script = format!(
        "(() => {{ const it = document.querySelector('{}'), box = it.getBoundingClientRect();
            const at = {{bubbles: true, cancelable: true, pointerId: 7, button: 0, shiftKey: true, clientX: box.left + 60, clientY: box.top + 8}};
            it.dispatchEvent(new PointerEvent('pointerdown', at)); it.dispatchEvent(new PointerEvent('pointerup', at)); }})()",
        card(id)
    );
    page.evaluate(&script).await;
}

/// Opens the menu of a workspace and presses the item that says so.
pub async fn menu(page: &Page, id: &str, words: &str) {
    let script = format!(
        "(() => {{ const it = document.querySelector('{}'), box = it.getBoundingClientRect();
            const at = {{bubbles: true, cancelable: true, clientX: box.left + 60, clientY: box.top + 8}};
            it.dispatchEvent(new MouseEvent('contextmenu', at)); }})()",
        card(id)
    );
    page.evaluate(&script).await;
    page.wait_for(".menu").await;
    let press =
        format!("[...document.querySelectorAll('.menu-item')].find(it => it.textContent.includes('{words}')).click()");
    page.evaluate(&press).await;
}

pub async fn choose_team(page: &Page, name: &str) {
    write(page, "#move-to", name).await;
    let script = format!(
        "(() => {{ const it = [...document.querySelectorAll('.choice')].find(it => it.textContent.includes('{name}')); it?.querySelector('input').click(); return !!it; }})()"
    );
    wait::until(name, async || page.evaluate(&script).await, |seen| *seen == json!(true)).await;
}

async fn press_button(page: &Page, within: &str, words: &str) {
    let script = format!(
        "(() => {{ const it = [...document.querySelectorAll('{within} button')].find(it => it.textContent.includes('{words}')); it?.click(); return !!it; }})()"
    );
    wait::until(words, async || page.evaluate(&script).await, |seen| *seen == json!(true)).await;
}

pub async fn ready(server: &Server, count: u64) -> Page {
    let page = Page::open(server).await;
    page.wait_for(".search").await;
    wait::until("the fleet", async || page.state().await["count"].as_u64(), |seen| *seen == Some(count)).await;
    page
}

#[tokio::test]
async fn changes_of_one_workspace_are_applied_and_undone() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({"name": "Website"})).await;
    let child = create(&http, json!({"name": "Frontend", "parent_id": team})).await;
    let one = create(&http, json!({"name": "Ledger", "canvas": {"x": 900, "y": 40}})).await;
    let page = ready(&server, 3).await;

    menu(&page, &one, "Rename").await;
    write(&page, "#new-name", "Books").await;
    page.click(".dialog [type=submit]").await;
    becomes(&http, &one, "name", json!("Books")).await;
    page.wait_text(&card(&one), "Books").await;
    press_button(&page, ".toast", "Undo").await;
    becomes(&http, &one, "name", json!("Ledger")).await;
    page.wait_text(&card(&one), "Ledger").await;

    menu(&page, &one, "tier").await;
    page.wait_for("#new-tier").await;
    page.evaluate("(() => { const it = document.querySelector('#new-tier'); it.value = '3'; it.dispatchEvent(new Event('change', {bubbles: true})); })()").await;
    page.click(".dialog [type=submit]").await;
    becomes(&http, &one, "tier", json!(3)).await;
    page.wait_for(&format!("{}[data-tier=T3]", card(&one))).await;

    menu(&page, &one, "Move to").await;
    choose_team(&page, "Website").await;
    page.click(".dialog [type=submit]").await;
    becomes(&http, &one, "parent_id", json!(team)).await;
    page.wait_text(".toasts", "Moved “Ledger” into “Website”").await;
    // The shortcut undoes the latest command.
    press(&page, "z", ", ctrlKey: true").await;
    becomes(&http, &one, "parent_id", json!(null)).await;
    becomes(&http, &one, "x", json!(900.0)).await;

    menu(&page, &child, "Remove from team").await;
    becomes(&http, &child, "parent_id", json!(null)).await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn rejected_changes_are_reverted_with_their_reason() {
    let server = Server::start().await;
    let http = server.http();
    let one = create(&http, json!({"name": "Ledger"})).await;
    let page = ready(&server, 1).await;
    menu(&page, &one, "Rename").await;
    // Longer than any name may be.
    write(&page, "#new-name", &"long ".repeat(200)).await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toast[data-kind=error]", "Could not rename “Ledger”").await;
    page.wait_text(&format!("{} .card-name", card(&one)), "Ledger").await;
    // Cut off from the server it says so, and the card says what is true.
    menu(&page, &one, "Rename").await;
    write(&page, "#new-name", "Books").await;
    page.set_offline(true).await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(".toasts", "the server cannot be reached").await;
    page.wait_text(&format!("{} .card-name", card(&one)), "Ledger").await;
    assert_eq!(row(&http, &one).await["name"], "Ledger");
}

#[tokio::test]
async fn several_are_selected_by_clicks_box_and_key_and_moved_together() {
    let server = Server::start().await;
    let http = server.http();
    let mut ids = Vec::new();
    for at in 0..6 {
        ids.push(create(&http, json!({"name": format!("Worker {at}"), "canvas": {"x": at * 260, "y": 0}})).await);
    }
    let team = create(&http, json!({"name": "Crew", "canvas": {"x": 0, "y": 400}})).await;
    let page = ready(&server, 7).await;
    let selected = async || page.count(".canvas [aria-selected=true]").await;
    page.wait_for(&card(&team)).await;

    shift_click(&page, &ids[0]).await;
    shift_click(&page, &ids[1]).await;
    shift_click(&page, &ids[2]).await;
    shift_click(&page, &ids[1]).await;
    page.wait_text(".bulk", "2 selected").await;
    wait::until("two", selected, |count| *count == 2).await;

    // A box over the first row.
    let draw = format!(
        "(() => {{ const rect = it => document.querySelector(it).getBoundingClientRect(), canvas = document.querySelector('.canvas');
            const first = rect('{}'), last = rect('{}');
            const at = (x, y) => ({{bubbles: true, cancelable: true, pointerId: 9, button: 0, shiftKey: true, clientX: x, clientY: y}});
            canvas.dispatchEvent(new PointerEvent('pointerdown', at(first.left - 10, first.top - 10)));
            canvas.dispatchEvent(new PointerEvent('pointermove', at(last.right - 20, last.bottom - 20)));
            window.drop = () => canvas.dispatchEvent(new PointerEvent('pointerup', at(last.right - 20, last.bottom - 20))); }})()",
        card(&ids[0]),
        card(&ids[5])
    );
    page.evaluate(&draw).await;
    page.wait_for(".marquee:not([hidden])").await;
    page.evaluate("window.drop()").await;
    page.wait_gone(".marquee:not([hidden])").await;
    page.wait_text(".bulk", "6 selected").await;

    fine(&page, "bulk").await;
    press_button(&page, ".bulk", "Move to").await;
    fine(&page, "move-many").await;
    choose_team(&page, "Crew").await;
    page.click(".dialog [type=submit]").await;
    for id in &ids {
        becomes(&http, id, "parent_id", json!(team)).await;
    }
    page.wait_text(".toasts", "Moved 6 workspaces").await;
    press_button(&page, ".toast", "Undo").await;
    for (at, id) in ids.iter().enumerate() {
        becomes(&http, id, "parent_id", json!(null)).await;
        becomes(&http, id, "x", json!(at as f64 * 260.0)).await;
    }
    page.wait_text(".toasts", "Undid changes to 6 workspaces").await;

    // Everyone beside the chosen one.
    press(&page, "Escape", "").await;
    press(&page, "a", ", ctrlKey: true").await;
    page.wait_text(".bulk", "7 selected").await;
    press_button(&page, ".bulk", "Remove").await;
    page.wait_text(".dialog", "Remove 7 workspaces?").await;
    page.click(".dialog [type=submit]").await;
    wait::until("nobody", async || page.state().await["count"].clone(), |count| *count == json!(0)).await;
}

#[tokio::test]
async fn bulk_commands_have_a_result_each_and_can_be_stopped() {
    let server = Server::start().await;
    let http = server.http();
    let mut ids = Vec::new();
    for at in 0..5 {
        ids.push(create(&http, json!({"name": format!("Worker {at}")})).await);
    }
    let page = ready(&server, 5).await;
    press(&page, "a", ", ctrlKey: true").await;
    page.wait_text(".bulk", "5 selected").await;
    press_button(&page, ".bulk", "Change model").await;
    // What the server will not take, for any of them.
    write(&page, "#agents-model", &"m".repeat(2000)).await;
    page.click(".dialog [type=submit]").await;
    page.wait_for(".bulk[data-over]").await;
    wait::until("a result each", async || page.count(".bulk-results > li").await, |count| *count == 5).await;
    page.wait_text(".bulk-results", "Worker 0").await;
    page.wait_text(".bulk", "0 of 5").await;
    fine(&page, "bulk-results").await;
    press_button(&page, ".bulk", "Close").await;
    page.wait_text(".bulk", "5 selected").await;

    // Nothing is answered while the page is cut off from a server that hangs: the rest is left alone.
    page.evaluate(
        "(() => { const real = window.fetch; window.held = [];
            window.fetch = (...asked) => new Promise((done, fail) => window.held.push(() => real(...asked).then(done, fail))); })()",
    )
    .await;
    press_button(&page, ".bulk", "Restart").await;
    wait::until("four under way", async || page.evaluate("window.held.length").await, |count| *count == json!(4)).await;
    press_button(&page, ".bulk", "Cancel").await;
    page.evaluate("window.held.forEach(go => go())").await;
    page.wait_text(".bulk-results", "Not changed").await;
    page.wait_text(".bulk", "4 of 5").await;
    assert_eq!(page.count(".bulk-results > li").await, 1);
}

#[tokio::test]
async fn dialogs_of_one_workspace_are_accessible() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({"name": "Crew"})).await;
    let id = create(&http, json!({"name": "Worker", "parent_id": team})).await;
    let page = ready(&server, 2).await;
    page.wait_for(&card(&id)).await;
    let dialogs = [
        ("Rename", "rename"),
        ("Assign agent", "model"),
        ("Change tier", "tier"),
        ("Move to", "move"),
        ("Add workspace inside", "create"),
        ("Remove…", "remove"),
    ];
    for (words, screen) in dialogs {
        menu(&page, &id, words).await;
        page.wait_for("dialog[open]").await;
        fine(&page, &format!("dialog-{screen}")).await;
        press_button(&page, "dialog[open]", "Cancel").await;
        page.wait_gone("dialog[open]").await;
    }
}
