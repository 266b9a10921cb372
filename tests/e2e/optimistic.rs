//! Tests of optimistic updates: changes are shown before the server has responded, and reverted if it rejects them.

use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::act::{choose_team, menu, ready};
use crate::page::{Page, card, press, write};

async fn create(http: &Http, body: Value) -> String {
    http.post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// From now on each change waits at the door, until it is let through or turned away.
async fn hold(page: &Page) {
    page.evaluate(
        "(() => { const real = window.fetch; window.held = [];
            window.fetch = (asked, ...more) => !/[/](workspaces|canvas[/]positions)/.test(asked.url) || asked.method === 'GET' ? real(asked, ...more)
                : new Promise((done, fail) => window.held.push({
                    go: () => real(asked, ...more).then(done, fail),
                    refuse: () => done(new Response(JSON.stringify({error: 'not today'}), {status: 409})) })); })()",
    )
    .await;
}

async fn answer(page: &Page, how: &str) {
    let is_held = async || page.evaluate("window.held.length").await;
    wait::until("what waits", is_held, |count| count.as_u64() > Some(0)).await;
    page.evaluate(&format!("window.held.splice(0).forEach(it => it.{how}())")).await;
}

async fn left(page: &Page, id: &str) -> i64 {
    let script = format!("Math.round(document.querySelector('{}').getBoundingClientRect().left)", card(id));
    page.evaluate(&script).await.as_i64().unwrap()
}

#[tokio::test]
async fn changes_are_shown_at_once_and_reverted_if_rejected() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({"name": "Website"})).await;
    let child = create(&http, json!({"name": "Frontend", "parent_id": team})).await;
    let one = create(&http, json!({"name": "Ledger", "canvas": {"x": 900, "y": 40}})).await;
    let page = ready(&server, 3).await;
    page.wait_for(&card(&one)).await;
    hold(&page).await;
    let of = |id: &str, is: &str| format!("{}{is}", card(id));

    // A name.
    menu(&page, &one, "Rename").await;
    write(&page, "#new-name", "Books").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(&of(&one, " .card-name"), "Books").await;
    answer(&page, "refuse").await;
    page.wait_text(&of(&one, " .card-name"), "Ledger").await;
    page.wait_text(".toast[data-kind=error]", "Could not rename “Ledger”: not today").await;

    // A place in another team, and back.
    let stood = left(&page, &one).await;
    menu(&page, &one, "Move to").await;
    choose_team(&page, "Website").await;
    page.click(".dialog [type=submit]").await;
    page.wait_for(&of(&one, "[data-dragged]")).await;
    wait::until("it elsewhere", async || left(&page, &one).await, |left| *left != stood).await;
    answer(&page, "refuse").await;
    page.wait_gone(&of(&one, "[data-dragged]")).await;
    wait::until("it where it stood", async || left(&page, &one).await, |left| *left == stood).await;
    page.wait_text(".toasts", "Could not move “Ledger”: not today").await;

    // Out of its team.
    menu(&page, &child, "Remove from team").await;
    page.wait_for(&of(&child, "[data-dragged]")).await;
    answer(&page, "refuse").await;
    page.wait_gone(&of(&child, "[data-dragged]")).await;
    page.wait_text(".toasts", "Could not move “Frontend”: not today").await;

    // Closed and open.
    menu(&page, &team, "Collapse").await;
    page.wait_for(&of(&team, ".card")).await;
    page.wait_gone(&card(&child)).await;
    answer(&page, "refuse").await;
    page.wait_for(&of(&team, ".team")).await;
    page.wait_for(&card(&child)).await;

    // Another model, where there was none.
    menu(&page, &one, "Assign agent").await;
    write(&page, "#agent-model", "openai:gpt-5").await;
    page.click(".dialog [type=submit]").await;
    page.wait_text(&of(&one, " .card-line"), "openai:gpt-5").await;
    answer(&page, "refuse").await;
    page.wait_text(&of(&one, " .card-line"), "empty").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn accepted_changes_stay_and_undo_is_shown_at_once() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({"name": "Website"})).await;
    create(&http, json!({"name": "Frontend", "parent_id": team})).await;
    let one = create(&http, json!({"name": "Ledger", "canvas": {"x": 900, "y": 40}})).await;
    let page = ready(&server, 3).await;
    page.wait_for(&card(&one)).await;
    hold(&page).await;
    menu(&page, &one, "Move to").await;
    choose_team(&page, "Website").await;
    page.click(".dialog [type=submit]").await;
    page.wait_for(&format!("{}[data-dragged]", card(&one))).await;
    answer(&page, "go").await;
    page.wait_text(".toasts", "Moved “Ledger” into “Website”").await;
    page.wait_for(&format!("{}[aria-level=\"2\"]:not([data-dragged])", card(&one))).await;
    // The undo is shown as quickly, and refused it says so.
    let stood = left(&page, &one).await;
    press(&page, "z", ", ctrlKey: true").await;
    page.wait_for(&format!("{}[data-dragged]", card(&one))).await;
    answer(&page, "refuse").await;
    page.wait_text(".toasts", "Could not move “Ledger”: not today").await;
    wait::until("it where it stood", async || left(&page, &one).await, |left| *left == stood).await;
    page.agrees_with(&server).await;
}
