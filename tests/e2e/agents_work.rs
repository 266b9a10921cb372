//! Tests of what the page shows while agents work, fail, are cancelled, or never say how they ended.

use orrery_tests::a2a_agent::A2aAgent;
use orrery_tests::http::Http;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::{Page, card};

async fn execute(http: &Http, steps: Value) -> String {
    let made = http.post("/api/workflows", json!({"name": "The plan", "steps": steps})).await.expect(201);
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    http.post(&path, json!({})).await.expect(202)["execution_id"].as_str().unwrap().to_owned()
}

fn ask(name: &str, agent: &A2aAgent, message: &str) -> Value {
    json!({"name": name, "step_type": "agent", "workspace_id": agent.id, "config": {"message": message}})
}

async fn open_run(page: &Page, execution: &str) {
    page.click(".runs-button").await;
    page.click(&format!(".run-row[data-execution-id=\"{execution}\"]")).await;
    page.wait_for(&format!(".run-page[data-execution-id=\"{execution}\"]")).await;
}

#[tokio::test]
async fn an_approval_without_a_decision_changes_nothing() {
    let server = Server::start().await;
    let http = server.http();
    let execution =
        execute(&http, json!([{"name": "Ship", "step_type": "approval", "config": {"title": "Ship it?"}}])).await;
    let page = Page::open(&server).await;
    open_run(&page, &execution).await;
    page.wait_text(".run-approval", "Ship it?").await;
    let approve = format!("/api/workflows/executions/{execution}/steps/Ship/approve");
    for body in
        [json!({}), json!({"approve": false}), json!({"aproved": true}), json!({"approved": "yes"}), Value::Null]
    {
        let refused = http.post(&approve, body).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
    }
    page.agrees_with(&server).await;
    page.wait_for(".run-page[data-run=waiting_approval]").await;
    page.wait_text(".run-approval", "Ship it?").await;
    page.click(".run-reject").await;
    page.wait_for(".run-page[data-run=failed]").await;
    page.wait_text(".run-failure", "rejected").await;
}

#[tokio::test]
async fn the_task_on_a_card_is_work_in_progress_and_goes_when_all_has_ended() {
    let server = Server::start().await;
    let http = server.http();
    let ada = A2aAgent::create(&http, "Ada").await;
    let page = Page::open(&server).await;
    let task = format!("{} .card-task", card(&ada.id));
    let shows = async |expected: &str| {
        let script = format!("document.querySelector({})?.textContent ?? ''", json!(task));
        wait::until(&format!("the task {expected:?}"), async || page.evaluate(&script).await, |it| *it == expected)
            .await;
    };
    execute(&http, json!([ask("slow", &ada, "Read the archive"), ask("quick", &ada, "Count the pages")])).await;
    ada.wait_for_task("Read the archive").await;
    ada.wait_for_task("Count the pages").await;
    shows("Count the pages").await;
    // The second to start ends first.
    ada.end("Count the pages", json!({"state": "completed"}));
    shows("Read the archive").await;
    ada.end("Read the archive", json!({"state": "completed"}));
    shows("").await;
    let row = http.get(&format!("/workspaces/{}", ada.id)).await.expect(200);
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!(""), &json!(0)));
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn a_failed_answer_of_an_agent_is_shown_as_failed() {
    let server = Server::start().await;
    let http = server.http();
    let ada = A2aAgent::create(&http, "Ada").await;
    let page = Page::open(&server).await;
    for (message, status, expected) in [
        ("Print", json!({"state": "TASK_STATE_FAILED"}), "the agent's task is failed"),
        ("Scan", json!({"state": "unknown"}), "the agent's task is in the unknown state"),
        ("Copy", json!({"state": "failed", "message": {"role": "agent", "parts": [{"text": "no paper"}]}}), "no paper"),
    ] {
        let execution = execute(&http, json!([ask("work", &ada, message)])).await;
        ada.wait_for_task(message).await;
        ada.end(message, status);
        open_run(&page, &execution).await;
        page.wait_for(".run-page[data-run=failed]").await;
        page.wait_text(".run-failure", expected).await;
        page.wait_for(".flow-step[data-run=failed]").await;
        page.click(".runs-head [aria-label='Close runs']").await;
    }
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn cancelling_a_run_and_a_time_out_reach_the_agent() {
    let server = Server::start().await;
    let http = server.http();
    let ada = A2aAgent::create(&http, "Ada").await;
    let page = Page::open(&server).await;
    let execution = execute(&http, json!([ask("work", &ada, "Count to infinity")])).await;
    ada.wait_for_task("Count to infinity").await;
    open_run(&page, &execution).await;
    page.click(".run-cancel").await;
    page.wait_for(".run-page[data-run=cancelled]").await;
    ada.wait_for_call("tasks/cancel").await;
    wait::until("the task to end", async || ada.state("Count to infinity"), |state| state == "canceled").await;
    page.click(".runs-head [aria-label='Close runs']").await;

    let mut step = ask("work", &ada, "Count again");
    step["timeout_seconds"] = json!(1);
    let execution = execute(&http, json!([step])).await;
    open_run(&page, &execution).await;
    page.wait_text(".run-failure", "timed out after 1 s").await;
    wait::until("the task to end", async || ada.state("Count again"), |state| state == "canceled").await;
    assert_eq!(ada.count_calls("tasks/cancel"), 2);
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn a_step_whose_end_was_never_reported_is_unknown_once_its_execution_completed() {
    let server = Server::start().await;
    let http = server.http();
    let made = http.post("/workspaces", json!({"name": "Foreign"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let page = Page::open(&server).await;
    let send_event = async |kind: &str, second: u32, step: Option<&str>, data: Value| {
        let event = json!({"event_type": kind, "timestamp": format!("2026-03-30T12:00:{second:02}Z"), "workspace_id": id,
            "workflow_execution_id": "elsewhere", "workflow_step_id": step, "data": data});
        http.post("/api/events", event).await.expect(200);
    };
    send_event("workflow_started", 1, None, json!({"workflow_name": "Elsewhere", "step_count": 1})).await;
    send_event("step_started", 2, Some("s1"), json!({"step_name": "One", "step_order": 1, "attempt": 1})).await;
    page.click(&format!("{} .card-run", card(id))).await;
    page.wait_for(".flow-step[data-run=running]").await;
    send_event("workflow_completed", 3, None, json!({"step_count": 1})).await;
    page.wait_for(".run-page[data-run=completed]").await;
    page.wait_for(".flow-step[data-run=unknown][aria-label*='Unknown']").await;
    assert_eq!(page.count(".flow-step[data-run=running], .time-bar[data-open]").await, 0);
    page.agrees_with(&server).await;
}

#[tokio::test]
async fn a_join_after_a_skipped_branch_runs() {
    let server = Server::start().await;
    let http = server.http();
    let ada = A2aAgent::create(&http, "Ada").await;
    let branch =
        |name: &str, holds: &str| json!({"name": name, "step_type": "condition", "condition_expression": holds});
    let mut join = ask("Join", &ada, "Go on");
    join["depends_on_steps"] = json!(["Then", "Else"]);
    join["run_if"] = json!("any_succeeded");
    let page = Page::open(&server).await;
    let execution = execute(&http, json!([branch("Then", "true"), branch("Else", "false"), join])).await;
    open_run(&page, &execution).await;
    page.wait_for(".flow-step[data-run=running][aria-label^=Join]").await;
    page.wait_for(".flow-step[data-run=skipped][aria-label^=Else]").await;
    ada.wait_for_task("Go on").await;
    ada.end("Go on", json!({"state": "completed"}));
    page.wait_for(".run-page[data-run=completed]").await;
    page.wait_for(".flow-step[data-run=completed][aria-label^=Join]").await;
    page.wait_text(".run-head", "2 of 3 steps completed").await;
    page.agrees_with(&server).await;
}
