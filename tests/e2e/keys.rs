//! Tests of keyboard navigation: every workspace can be reached, has its tree position, and focus is not lost.

use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::{Page, card, key};

async fn make(server: &Server, name: &str, at: Option<(f64, f64)>, parent: Option<&str>) -> String {
    let made = server.http().post("/workspaces", json!({"name": name, "parent_id": parent})).await.expect(201);
    let id = made["id"].as_str().unwrap().to_owned();
    if let Some((x, y)) = at {
        server.http().patch(&format!("/workspaces/{id}"), json!({"x": x, "y": y})).await.expect(200);
    }
    id
}

async fn tree_position(page: &Page, id: &str) -> Value {
    let script = format!(
        "(() => {{ const it = document.querySelector('{}'); return it && ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded', 'tabindex']
            .map(name => it.getAttribute(name)); }})()",
        card(id)
    );
    page.evaluate(&script).await
}

/// Level, position, count, whether it is open, whether Tab stops here.
async fn wait_tree_position(page: &Page, id: &str, expected: Value) {
    wait::until(
        &format!("the tree position of {id} to be {expected}"),
        async || tree_position(page, id).await,
        |seen| *seen == expected,
    )
    .await;
}

#[tokio::test]
async fn arrow_keys_reach_every_card_and_each_has_its_tree_position() {
    let server = Server::start().await;
    let first = make(&server, "First", Some((0.0, 0.0)), None).await;
    let team = make(&server, "Team", Some((400.0, 0.0)), None).await;
    let inner = make(&server, "Inner", None, Some(&team)).await;
    let last = make(&server, "Last", Some((0.0, 800.0)), None).await;
    let page = Page::open(&server).await;
    page.wait_for(&card(&inner)).await;
    wait_tree_position(&page, &first, json!(["1", "1", "3", null, "0"])).await;
    wait_tree_position(&page, &team, json!(["1", "2", "3", "true", "-1"])).await;
    wait_tree_position(&page, &inner, json!(["2", "1", "1", null, "-1"])).await;

    page.press(key::DOWN).await;
    page.focused(&card(&first)).await;
    for id in [&team, &inner, &last] {
        page.press(key::DOWN).await;
        page.focused(&card(id)).await;
        wait_tree_position(
            &page,
            id,
            json!([
                if *id == inner { "2" } else { "1" },
                tree_position(&page, id).await[1],
                tree_position(&page, id).await[2],
                tree_position(&page, id).await[3],
                "0"
            ]),
        )
        .await;
    }
    page.press(key::UP).await;
    page.focused(&card(&inner)).await;
    page.press(key::LEFT).await;
    page.focused(&card(&team)).await;
    page.press(key::RIGHT).await;
    page.focused(&card(&inner)).await;
    page.press(key::HOME).await;
    page.focused(&card(&first)).await;
    page.press(key::END).await;
    page.focused(&card(&last)).await;
    page.press(&[key::CONTROL, key::UP, key::RELEASE].concat()).await;
    page.focused(&card(&first)).await;
}

#[tokio::test]
async fn arrow_keys_reach_cards_that_are_not_mounted() {
    let server = Server::start_with(&["--demo", "400", "--demo-seed", "3"]).await;
    let page = Page::open(&server).await;
    let known = async || page.state().await["count"].as_u64().unwrap_or(0);
    wait::until("the fleet", known, |count| *count >= 400).await;
    page.wait_for("[role=treeitem][tabindex='0'][aria-setsize]").await;
    page.press(key::HOME).await;
    page.focused("[role=treeitem][aria-level='1'][aria-posinset='1']").await;
    let here = async || page.evaluate("document.activeElement.dataset.workspaceId ?? null").await;
    let mut seen = std::collections::HashSet::new();
    for _ in 0..40 {
        let before = here().await;
        seen.insert(before.to_string());
        page.press(key::DOWN).await;
        wait::until("the next one", here, |now| !now.is_null() && *now != before).await;
    }
    assert_eq!(seen.len(), 40, "each step leads to another workspace");
    page.press(key::END).await;
    // The last root's deepest: of all that are beside it the last.
    let is_last = "(() => { const it = document.activeElement; return it.getAttribute('aria-posinset') ?? '?' })() === document.activeElement.getAttribute('aria-setsize')";
    wait::until("the last one", async || page.evaluate(is_last).await, |seen| *seen == json!(true)).await;
    let in_view = "(() => { const it = document.activeElement.getBoundingClientRect(); const view = document.querySelector('.canvas').getBoundingClientRect();
        return it.left >= view.left && it.top >= view.top && it.right <= view.right && it.bottom <= view.bottom && it.height > 40; })()";
    wait::until("it to be seen", async || page.evaluate(in_view).await, |seen| *seen == json!(true)).await;
}

#[tokio::test]
async fn focus_moves_on_when_its_card_is_removed() {
    let server = Server::start().await;
    let first = make(&server, "First", Some((0.0, 0.0)), None).await;
    let second = make(&server, "Second", Some((400.0, 0.0)), None).await;
    let page = Page::open(&server).await;
    page.wait_for(&card(&second)).await;
    page.wait_for(&format!("{}[tabindex='0']", card(&first))).await;
    page.press(key::HOME).await;
    page.focused(&card(&first)).await;
    // A card becomes a team, and a card again.
    let child = make(&server, "Child", None, Some(&first)).await;
    page.wait_for(&format!(".team{}", card(&first))).await;
    page.focused(&format!(".team{}", card(&first))).await;
    server.http().delete(&format!("/workspaces/{child}?confirm=true")).await.expect(200);
    page.wait_for(&format!(".card{}", card(&first))).await;
    page.focused(&format!(".card{}", card(&first))).await;
    // What is removed hands the focus on.
    server.http().delete(&format!("/workspaces/{first}?confirm=true")).await.expect(200);
    page.focused(&card(&second)).await;
}

#[tokio::test]
async fn a_workspace_can_be_opened_and_changed_by_keyboard() {
    let server = Server::start_with(&["--provision-timeout", "1s"]).await;
    let id = make(&server, "Never comes", None, None).await;
    let other = make(&server, "Another", Some((600.0, 0.0)), None).await;
    let page = Page::open(&server).await;
    page.status(&id, "failed").await;
    page.wait_for("[role=treeitem][tabindex='0']").await;
    page.press(key::HOME).await;
    page.wait_for("[role=treeitem]:focus").await;
    while page.evaluate(&format!("document.activeElement.matches('{}')", card(&id))).await != json!(true) {
        page.press(key::DOWN).await;
    }
    let camera = "document.querySelector('.canvas-world').style.transform";
    let before = page.evaluate(camera).await;
    page.press(key::ENTER).await;
    page.wait_for(".panel").await;
    page.focused(".panel [role=tab]").await;
    assert_eq!(page.evaluate(camera).await, before, "the canvas stays where it was");
    page.press(key::RIGHT).await;
    page.focused("#panel-tab-1").await;
    page.press(key::ESCAPE).await;
    page.wait_gone(".panel").await;
    page.focused(&card(&id)).await;
    // The retry of the card itself is the next stop.
    page.press(key::TAB).await;
    page.focused(".button[data-mark=retry]").await;
    page.press(key::ENTER).await;
    page.status(&id, "provisioning").await;
    page.focused(&card(&id)).await;
    page.press(&[key::SHIFT, key::F10, key::RELEASE].concat()).await;
    page.focused("[role=menu] [role=menuitem]").await;
    page.press(key::ESCAPE).await;
    page.focused(&card(&id)).await;
    // Only one card is a stop.
    assert_eq!(page.count("[role=treeitem][tabindex='0']").await, 1);
    page.status(&other, "failed").await;
}
