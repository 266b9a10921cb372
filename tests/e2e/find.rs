//! Tests of the palette, the filter, the next problem, following and the minimap.

use std::time::Duration;

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::{Page, card, press, write};

async fn create(http: &Http, body: Value) -> String {
    http.post("/workspaces", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_palette_finds_workspaces_and_commands() {
    let server = Server::start().await;
    let http = server.http();
    let seo = create(&http, json!({"name": "Vancouver SEO", "role": "Marketing"})).await;
    create(&http, json!({"name": "Ledger"})).await;
    let page = Page::open(&server).await;
    page.wait_for(".search").await;
    press(&page, "k", ", ctrlKey: true").await;
    page.wait_for(".palette[open] [role=option]").await;
    // Without letters: what can be done.
    page.wait_text(".palette", "Next problem").await;
    write(&page, ".palette input", "vseo").await;
    page.wait_text(".found-row[aria-selected=true]", "Vancouver SEO").await;
    assert_eq!(page.text(".found-row[aria-selected=true] b").await.as_deref(), Some("V"));
    press(&page, "Enter", "").await;
    page.wait_gone(".palette").await;
    page.wait_for(&format!("{}[aria-selected=true]", card(&seo))).await;
    page.wait_text(".panel-head", "Vancouver SEO").await;

    // With a workspace in hand, its deeds are commands.
    press(&page, "k", ", metaKey: true").await;
    write(&page, ".palette input", "rename").await;
    page.wait_text(".found-row[aria-selected=true]", "Rename: Vancouver SEO").await;
    press(&page, "Enter", "").await;
    page.wait_for("#new-name").await;
    press(&page, "k", ", ctrlKey: true").await;
    write(&page, ".palette input", "zzzz").await;
    page.wait_text(".palette-none", "No results").await;
}

#[tokio::test]
async fn the_filter_dims_other_workspaces_and_counts_matches() {
    let server = Server::start().await;
    let http = server.http();
    let team = create(&http, json!({"name": "Website"})).await;
    let inside = create(&http, json!({"name": "Frontend", "parent_id": team, "model": "openai:gpt-4o"})).await;
    let alone = Agent::create(&http, json!({"name": "Alone"})).await;
    let page = Page::open(&server).await;
    page.status(&alone.id, "online").await;
    page.wait_for(".search").await;
    press(&page, "/", "").await;
    page.wait_text(".filter-count", "3 of 3").await;

    write(&page, "[name=filter-text]", "fronte").await;
    page.wait_text(".filter-count", "1 of 3").await;
    page.wait_for(&format!("{}[data-dimmed]", card(&alone.id))).await;
    assert_eq!(page.count(&format!("{}[data-dimmed]", card(&inside))).await, 0);
    // A rename is an event: the filter follows it.
    http.patch(&format!("/workspaces/{}", alone.id), json!({"name": "Frontend too"})).await.expect(200);
    page.wait_text(".filter-count", "2 of 3").await;
    page.wait_gone(&format!("{}[data-dimmed]", card(&alone.id))).await;
    write(&page, "[name=filter-text]", "").await;

    for (label, value, words, count) in [
        ("team", team.as_str(), "Website (2)", "2 of 3"),
        ("model", "openai:gpt-4o", "openai:gpt-4o (1)", "1 of 3"),
        ("skill", "write", "write (1)", "1 of 3"),
        ("status", "online", "online (1)", "1 of 3"),
    ] {
        let select = format!("[aria-label=\"Filter by {label}\"]");
        page.evaluate(&format!("document.querySelector('{select}').focus()")).await;
        page.wait_text(&select, words).await;
        let choose = format!(
            "(() => {{ const it = document.querySelector('{select}'); it.value = '{value}';
                it.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
        );
        page.evaluate(&choose).await;
        page.wait_text(".filter-count", count).await;
        page.click(".filter-bar .button[data-size=small]").await;
        page.wait_text(".filter-count", "3 of 3").await;
    }
    page.wait_gone("[data-dimmed]").await;
    // The toolbar's counts are the same filter.
    page.click(".count[data-status=online]").await;
    page.wait_text(".filter-count", "1 of 3").await;
    page.wait_for(&format!("{}[data-dimmed]", card(&team))).await;
    press(&page, "/", "").await;
    press(&page, "Escape", "").await;
    page.wait_gone("[data-dimmed]").await;
}

#[tokio::test]
async fn n_goes_to_the_next_problem_and_the_camera_follows_a_workspace() {
    let server = Server::start_with(&["--provision-timeout", "2s"]).await;
    let http = server.http();
    let well = Agent::create(&http, json!({"name": "Well", "canvas": {"x": 0, "y": 0}})).await;
    let failed = create(&http, json!({"name": "Never comes", "canvas": {"x": 9000, "y": 200}})).await;
    let ill = Agent::create(&http, json!({"name": "Ill", "canvas": {"x": 0, "y": 9000}})).await;
    ill.send_heartbeat(json!({"error_rate": 0.9, "sample_error": "rate limit"})).await;
    let page = Page::open(&server).await;
    page.wait_for(".search").await;
    let known = async || page.state().await["counts_by_status"].clone();
    let all = |seen: &Value| (seen["failed"] == 1, seen["degraded"] == 1) == (true, true);
    wait::until("both problems", known, all).await;
    let selected = |id: &str| format!("{}[aria-selected=true]", card(id));
    for (shift, id) in [("", &failed), ("", &ill.id), ("", &failed), (", shiftKey: true", &ill.id)] {
        press(&page, "n", shift).await;
        page.wait_for(&selected(id)).await;
        page.wait_for(&format!("{}:focus", card(id))).await;
        in_view(&page, id).await;
    }
    // Followed, it stays in view wherever it is put.
    press(&page, "w", "").await;
    page.wait_text(".following", "Following Ill").await;
    http.patch(&format!("/workspaces/{}", ill.id), json!({"x": -7000, "y": -7000})).await.expect(200);
    in_view(&page, &ill.id).await;
    // The whole fleet does not fit: the map shows it, and a press there looks there.
    page.wait_for(".minimap").await;
    let frame = "document.querySelector('.minimap-frame').getBoundingClientRect().toJSON()";
    let before = page.evaluate(frame).await;
    assert!(before["width"].as_f64() > Some(0.0), "{before}");
    page.evaluate(
        "(() => { const map = document.querySelector('.minimap'), box = map.getBoundingClientRect();
            const at = {bubbles: true, cancelable: true, pointerId: 1, clientX: box.right - 12, clientY: box.top + box.height / 2};
            map.dispatchEvent(new PointerEvent('pointerdown', at)); map.dispatchEvent(new PointerEvent('pointerup', at)); })()",
    )
    .await;
    wait::until("the frame to move", async || page.evaluate(frame).await, |now| now["x"] != before["x"]).await;
    page.wait_gone(".following").await;
    drop(well);
}

async fn in_view(page: &Page, id: &str) {
    let script = format!(
        "(() => {{ const box = document.querySelector('{}')?.getBoundingClientRect(), at = document.querySelector('.canvas').getBoundingClientRect();
            return !!box && box.left >= at.left && box.right <= at.right && box.top >= at.top && box.bottom <= at.bottom; }})()",
        card(id)
    );
    wait::until(&format!("{id} in view"), async || page.evaluate(&script).await, |seen| *seen == json!(true)).await;
}

/// Printed, not held against a limit: a busy machine is not a failing test. What is held is that all are counted. Ten
/// thousand of a server, a hundred thousand of a saved state: the page is the same.
#[tokio::test]
async fn filtering_evaluates_each_workspace_once() {
    let server = Server::start().await;
    let http = server.http();
    let name = |at: usize| if at.is_multiple_of(50) { format!("Gold worker {at}") } else { format!("Worker {at}") };
    let names: Vec<Value> = (0..1000).map(|at| json!({"name": name(at)})).collect();
    let teams = ["Ada", "Bo", "Cy", "Di", "Ed", "Fa", "Ga", "Ha", "Io", "Jo"];
    for team in teams {
        let id = create(&http, json!({"name": team})).await;
        for names in names.chunks(200) {
            http.post(&format!("/workspaces/{id}/expand"), json!({"sub_workspaces": names})).await.expect(200);
        }
    }
    let page = Page::open(&server).await;
    page.wait_for(".search").await;
    let count = async || page.state().await["count"].as_u64();
    wait::until("the whole fleet", count, |count| *count == Some(10010)).await;
    press(&page, "/", "").await;
    page.wait_text(".filter-count", "10010 of 10010").await;
    // Twenty in each of the ten teams.
    filtered(&page, "worker gold", "200 of 10010").await;
    // Longer words are asked of those alone; shorter ones of everyone again.
    filtered(&page, "workers gold 150", "0 of 10010").await;
    filtered(&page, "worker", "10000 of 10010").await;
    tokio::time::timeout(Duration::from_secs(60), page.agrees_with(&server)).await.unwrap();

    let open = "const rows = [];
        for (let at = 0; at < 100000; at++) rows.push({id: 'ws-' + at, name: (at % 50 ? 'Worker ' : 'Gold worker ') + at, status: 'online', tier: 1,
            role: 'Reads the quarterly reports', agent_card: {skills: ['read', 'summarise']}, agent: {id: null, model: 'anthropic:claude-sonnet-4-6'}});
        const state = {cursor: 'saved:1', workspaces: rows, executions: [], runs: [], agents: []};
        const data = new DataTransfer(); data.items.add(new File([JSON.stringify(state)], 'state.json', {type: 'application/json'}));
        for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}))";
    page.evaluate(&format!("(() => {{ {open} }})()")).await;
    page.wait_text(".filter-count", "100000 of 100000").await;
    filtered(&page, "worker gold", "2000 of 100000").await;
    filtered(&page, "worker", "100000 of 100000").await;
    filtered(&page, "summarise nobody", "0 of 100000").await;
}

async fn filtered(page: &Page, text: &str, expected: &str) {
    let script = "const [text, done] = arguments, field = document.querySelector('[name=filter-text]'), began = performance.now();
        field.value = text; field.dispatchEvent(new InputEvent('input', {bubbles: true}));
        // Answered in microtasks of this event; a timer might come after the frame that draws the answer.
        (async () => { for (let turn = 0; turn < 100; turn++) await null;
            done([performance.now() - began, document.querySelector('.filter-count').textContent]); })();";
    let answer = page.browser.execute_async(script, vec![json!(text)]).await.unwrap();
    println!("a filter by {text:?}: {expected} in {} ms", answer[0]);
    assert_eq!(answer[1], expected, "what was timed is the answer");
}
