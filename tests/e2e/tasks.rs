//! Tests of agents' tasks: run, approved, cancelled, reported by other programs.

use orrery_tests::examples::ExampleAgent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use serde_json::{Value, json};

use crate::access::fine;
use crate::act::menu;
use crate::looks::take;
use crate::page::{Page, card, key, write};

async fn plan(http: &Http, task: Value) -> String {
    http.post("/api/tasks", task).await.expect(201)["task_id"].as_str().unwrap().to_owned()
}

async fn run(http: &Http, task: &str) -> String {
    http.post("/api/runs", json!({"task_id": task})).await.expect(202)["run_id"].as_str().unwrap().to_owned()
}

fn row(run: &str) -> String {
    format!(".run-row[data-run-id=\"{run}\"]")
}

#[tokio::test]
async fn a_task_is_run_and_approved_and_stays_in_the_list() {
    let server = Server::start().await;
    let http = server.http();
    let ada = ExampleAgent::start(&server, "Ada", 0.3).await;
    let page = Page::open(&server).await;
    page.status(&ada.id, "online").await;
    page.click(".runs-button").await;
    page.wait_text(".runs-side", "No tasks yet").await;
    page.click(".runs-head [aria-label='Close runs']").await;
    let task = plan(&http, json!({"title": "Sort the mail", "workspace_id": ada.id})).await;
    page.click(".runs-button").await;
    page.wait_text(".runs-side", "Assigned to Ada").await;
    page.click(&format!("[data-task-id=\"{task}\"]")).await;

    page.wait_for(".run-page[data-run=waiting_approval][data-run-id]").await;
    page.wait_text("#runs-title", "Sort the mail").await;
    page.wait_text(".run-approval", "Sort the mail").await;
    page.wait_for(".runs-button[data-waiting]").await;
    fine(&page, "task-waits").await;
    page.click(".run-approve").await;
    page.wait_for(".run-page[data-run=completed]").await;
    page.wait_gone(".run-approval").await;
    page.wait_text(".run-head", "2 steps").await;
    page.click(".flow-step[aria-label^=work]").await;
    page.wait_text(".run-step", "Done: Sort the mail").await;

    page.click(".runs-back").await;
    page.wait_text(".run-row[data-run=completed]", "Sort the mail").await;
    take(&page, "task-list-dark.png").await;
    page.resize(390, 844).await;
    take(&page, "task-list-390-dark.png").await;
    page.resize(1280, 800).await;
    page.click(".runs-head [aria-label='Close runs']").await;
    page.click(&card(&ada.id)).await;
    page.click("#panel-tab-4").await;
    page.wait_text(".panel .run-row[data-run=completed]", "Sort the mail").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn failed_rejected_and_cancelled_runs_show_the_reason() {
    let server = Server::start().await;
    let http = server.http();
    let ada = ExampleAgent::start(&server, "Ada", 0.3).await;
    let quick = |title: &str| json!({"title": title, "workspace_id": ada.id, "requires_approval": false});
    let failed = run(&http, &plan(&http, quick("please fail")).await).await;
    let waits = run(&http, &plan(&http, json!({"title": "Sell the desk", "workspace_id": ada.id})).await).await;
    let page = Page::open(&server).await;
    page.click(".runs-button").await;
    page.wait_text(&format!("{}[data-run=failed]", row(&failed)), "I could not do this: please fail").await;

    page.click(&row(&waits)).await;
    page.click(".run-reject").await;
    page.wait_for(".run-page[data-run=failed]").await;
    page.wait_text(".run-failure", "rejected").await;
    page.click(".runs-back").await;

    let held = run(&http, &plan(&http, json!({"title": "Buy a desk", "workspace_id": ada.id})).await).await;
    page.click(&row(&held)).await;
    page.click(".run-cancel").await;
    page.wait_for(".run-page[data-run=cancelled]").await;
    page.wait_gone(".run-cancel").await;
    page.click(".runs-back").await;
    page.wait_text(&format!("{}[data-run=cancelled]", row(&held)), "Buy a desk").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn runs_reported_by_other_programs_are_read_only() {
    let server = Server::start().await;
    let http = server.http();
    let ada = ExampleAgent::start(&server, "Ada", 0.3).await;
    let send_event = async |kind: &str, message: &str, data: Value| {
        let event = json!({"event_type": kind, "timestamp": "2026-03-30T12:00:00Z", "workspace_id": ada.id,
            "run_id": "from-elsewhere", "message": message, "data": data});
        http.post("/api/events", event).await.expect(200);
    };
    send_event("progress", "reads page 3 of 9", json!({})).await;
    let page = Page::open(&server).await;
    page.click(".runs-button").await;
    let row = row("from-elsewhere");
    page.wait_text(&format!("{row}[data-run=running]"), "Run from-elsewhere").await;
    page.wait_text(&row, "reads page 3 of 9").await;
    page.click(&row).await;
    page.wait_text(".run-head", "reads page 3 of 9").await;
    page.wait_text(".run-notice", "This run belongs to another program").await;
    assert_eq!(page.count(".run-cancel, .flow").await, 0, "nothing is offered that cannot be done");
    send_event("failure", "gave up", json!({"error_message": "page 4 is missing"})).await;
    page.wait_text(".run-failure", "page 4 is missing").await;
    take(&page, "task-foreign-dark.png").await;
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn a_task_can_be_created_from_the_menu_of_a_workspace() {
    let server = Server::start().await;
    let ada = ExampleAgent::start(&server, "Ada", 0.3).await;
    let page = Page::open(&server).await;
    page.status(&ada.id, "online").await;
    menu(&page, &ada.id, "Give it a task").await;
    page.wait_text("dialog[open]", "A task for Ada").await;
    fine(&page, "dialog-task").await;
    write(&page, "#task-title", "Water the plants").await;
    page.click("dialog [type=submit]").await;
    page.wait_gone("dialog[open]").await;
    page.wait_text("#runs-title", "Water the plants").await;
    page.wait_for(".run-page[data-run=completed]").await;
    page.wait_text(".run-step", "Done: Water the plants").await;
    page.press(key::ESCAPE).await;
    page.wait_gone(".runs").await;

    // Refused, the words are still there.
    menu(&page, &ada.id, "Give it a task").await;
    write(&page, "#task-title", "Wait for rain").await;
    page.set_offline(true).await;
    page.click("dialog [type=submit]").await;
    page.wait_text("dialog .problem", "the server cannot be reached").await;
}
