//! Which writes to the DOM a change causes, observed in the browser.

use orrery_tests::agent::Agent;
use orrery_tests::http::Http;
use serde_json::{Value, json};

use crate::page::{Page, card};
use crate::work::{calm_server, dispatch, head, known, rested, work};

/// Records from now on every write to the elements of cards and teams: whose it is, and the attribute or the kind of node.
pub async fn observe_writes(page: &Page) {
    let observe = "(() => { const describe = ({target, type, attributeName}) => { \
            const element = target.closest ? target : target.parentElement, node = element?.closest('[data-workspace-id]'); \
            return `${node?.dataset.workspaceId ?? 'world'} ${attributeName ?? type}`; }; \
        const writes = [], observer = new MutationObserver(records => writes.push(...records.map(describe))); \
        observer.observe(document.querySelector('.canvas-world'), \
            {subtree: true, attributes: true, childList: true, characterData: true}); \
        window.takeWrites = () => { writes.push(...observer.takeRecords().map(describe)); \
            return writes.splice(0).filter(write => !write.startsWith('world style')).sort(); }; return true; })()";
    page.evaluate(observe).await;
}

/// Returns the writes since the last call, sorted. Those that move the camera are not counted.
pub async fn writes(page: &Page) -> Value {
    page.evaluate("window.takeWrites()").await
}

async fn two_agents(http: &Http) -> [Agent; 2] {
    let one = Agent::create(http, json!({"name": "One", "canvas": {"x": 0, "y": 0}})).await;
    [one, Agent::create(http, json!({"name": "Other", "canvas": {"x": 400, "y": 0}})).await]
}

/// Both are online, and what each says of its place among the others has been written.
async fn settled(page: &Page, http: &Http, agents: &[Agent; 2]) {
    for agent in agents {
        page.status(&agent.id, "online").await;
        page.wait_for(&format!("{}[aria-posinset]", card(&agent.id))).await;
    }
    known(page, &head(http).await).await;
}

#[tokio::test]
async fn a_new_task_writes_one_text_and_its_attributes() {
    let server = calm_server().await;
    let http = server.http();
    let agents = two_agents(&http).await;
    let id = &agents[0].id;
    let page = Page::open(&server).await;
    settled(&page, &http, &agents).await;
    let say = async |task: &str| {
        agents[0].send_heartbeat(json!({"current_task": task, "active_tasks": 1})).await;
        page.wait_for(&format!("{}[data-task=\"{task}\"]", card(id))).await;
        known(&page, &head(&http).await).await;
    };
    say("task 0").await;
    observe_writes(&page).await;
    for number in 1..=10 {
        let events = work(&page, "events").await;
        say(&format!("task {number}")).await;
        let expected = ["aria-label", "characterData", "data-task"].map(|write| format!("{id} {write}"));
        assert_eq!(writes(&page).await, json!(expected));
        assert_eq!(work(&page, "events").await - events, 1);
    }
}

#[tokio::test]
async fn a_new_count_of_tasks_writes_one_text() {
    let server = calm_server().await;
    let http = server.http();
    let agents = two_agents(&http).await;
    let id = &agents[0].id;
    let page = Page::open(&server).await;
    settled(&page, &http, &agents).await;
    let count = format!("{} .card-count[data-mark=tasks]", card(id));
    let send = async |active: u32| {
        agents[0].send_heartbeat(json!({"current_task": "task", "active_tasks": active})).await;
        page.wait_text(&count, &active.to_string()).await;
        known(&page, &head(&http).await).await;
    };
    send(1).await;
    let parts = "[...document.querySelectorAll('.card-foot > :not([data-mark=tasks])')].map(part => part.outerHTML)";
    let others = page.evaluate(parts).await;
    observe_writes(&page).await;
    send(2).await;
    assert_eq!(writes(&page).await, json!([format!("{id} characterData")]));
    assert_eq!(page.evaluate(parts).await, others);
}

#[tokio::test]
async fn a_drag_step_writes_one_transform() {
    let server = calm_server().await;
    let http = server.http();
    let agents = two_agents(&http).await;
    let id = &agents[0].id;
    let page = Page::open(&server).await;
    settled(&page, &http, &agents).await;
    let corner = format!("document.querySelector('{}').getBoundingClientRect()", card(id));
    let (x, y) = (page.evaluate(&format!("{corner}.left")).await, page.evaluate(&format!("{corner}.top")).await);
    let (x, y) = (x.as_f64().unwrap() + 60.0, y.as_f64().unwrap() + 12.0);
    let pointer = async |on: &str, kind: &str, by: f64| {
        let at = format!("clientX: {}, clientY: {}", x + by, y + by);
        let options = format!("{{bubbles: true, cancelable: true, pointerId: 1, button: 0, {at}}}");
        dispatch(&page, &format!("document.querySelector('{on}')"), &format!("new PointerEvent('{kind}', {options})"))
            .await;
    };
    pointer(&card(id), "pointerdown", 0.0).await;
    pointer(".canvas", "pointermove", 20.0).await;
    page.wait_for(&format!("{}[data-dragged]", card(id))).await;
    observe_writes(&page).await;
    for step in 1..=5 {
        pointer(".canvas", "pointermove", 20.0 + 4.0 * f64::from(step)).await;
        assert_eq!(writes(&page).await, json!([format!("{id} style")]));
    }
    pointer(".canvas", "pointerup", 40.0).await;
}

#[tokio::test]
async fn a_selection_writes_to_two_cards() {
    let server = calm_server().await;
    let http = server.http();
    let agents = two_agents(&http).await;
    let mut idle = Vec::new();
    for number in 0..5 {
        idle.push(Agent::create(&http, json!({"name": format!("Idle {number}")})).await);
    }
    let page = Page::open(&server).await;
    settled(&page, &http, &agents).await;
    let select = async |agent: &Agent| {
        page.click(&card(&agent.id)).await;
        page.wait_for(&format!("{}[aria-selected=true]", card(&agent.id))).await;
        rested(&page).await;
    };
    select(&agents[0]).await;
    observe_writes(&page).await;
    select(&agents[1]).await;
    let writes = writes(&page).await;
    let writes: Vec<&str> = writes.as_array().unwrap().iter().map(|write| write.as_str().unwrap()).collect();
    let selected: Vec<&&str> = writes.iter().filter(|write| write.ends_with(" aria-selected")).collect();
    assert_eq!(selected.len(), 2, "{writes:?}");
    // The focus goes with the selection.
    let others = writes.iter().filter(|write| !write.ends_with(" aria-selected") && !write.ends_with(" tabindex"));
    assert_eq!(others.count(), 0, "{writes:?}");
}
