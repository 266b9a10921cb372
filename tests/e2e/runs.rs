//! Tests of workflows with real agents: executed, approved, failed, cancelled.

use fantoccini::Locator;
use orrery_tests::examples::ExampleAgent;
use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::access::fine;
use crate::page::{Page, card};

struct Setup {
    server: Server,
    page: Page,
    /// Ada, Bob, Cleo.
    agents: [ExampleAgent; 3],
}

/// Long enough that a page sees a step run.
const PACE: f64 = 2.0;

async fn setup(pace: f64) -> Setup {
    let server = Server::start().await;
    let ada = ExampleAgent::start(&server, "Ada", pace).await;
    let bob = ExampleAgent::start(&server, "Bob", pace).await;
    let cleo = ExampleAgent::start(&server, "Cleo", pace).await;
    let page = Page::open(&server).await;
    for agent in [&ada, &bob, &cleo] {
        page.status(&agent.id, "online").await;
    }
    Setup { server, page, agents: [ada, bob, cleo] }
}

impl Setup {
    async fn define(&self, name: &str, variables: Value, steps: Value) -> String {
        let body = json!({"name": name, "variables": variables, "steps": steps});
        let made = self.server.http().post("/api/workflows", body).await.expect(201);
        made["workflow_id"].as_str().unwrap().to_owned()
    }

    async fn execute(&self, workflow: &str) -> String {
        let made = self.server.http().post(&format!("/api/workflows/{workflow}/execute"), json!({})).await.expect(202);
        made["execution_id"].as_str().unwrap().to_owned()
    }

    fn chip(&self, agent: usize) -> String {
        format!("{} .card-run", card(&self.agents[agent].id))
    }

    async fn steps_in(&self, status: &str) -> usize {
        self.page.count(&format!(".flow-step[data-run={status}]")).await
    }

    async fn until_steps(&self, status: &str, count: usize) {
        let what = format!("{count} steps {status}");
        wait::until(&what, async || self.steps_in(status).await, |seen| *seen == count).await;
    }
}

fn ask(name: &str, agent: &ExampleAgent, message: &str, after: &[&str]) -> Value {
    json!({"name": name, "step_type": "agent", "workspace_id": agent.id, "config": {"message": message},
           "depends_on_steps": after})
}

#[tokio::test]
async fn a_workflow_of_five_steps_is_executed_and_approved() {
    let setup = setup(PACE).await;
    let page = &setup.page;
    let [ada, bob, cleo] = &setup.agents;
    let approve = json!({"name": "Approve", "step_type": "approval", "config": {"title": "Ship version ${version}?"},
                         "depends_on_steps": ["Page", "Export"]});
    let steps = json!([
        ask("Plan", ada, "Plan version ${version}", &[]),
        ask("Page", bob, "Build the page", &["Plan"]),
        ask("Export", cleo, "Build the export", &["Plan"]),
        approve,
        ask("Announce", ada, "Announce ${version}", &["Approve"]),
    ]);
    let workflow = setup.define("Ship the release", json!([{"name": "version", "required": true}]), steps).await;

    // From the toolbar; the workflow wants a value first.
    page.click(".runs-button").await;
    page.wait_text(".runs", "No runs yet").await;
    let execute = format!("[data-workflow-id=\"{workflow}\"] button[type=submit]");
    page.click(&execute).await;
    page.wait_for("input[name=version]").await.send_keys("7").await.unwrap();
    page.click(&execute).await;

    page.wait_for(".run-page[data-run=running]").await;
    page.wait_text("#runs-title", "Ship the release").await;
    setup.until_steps("running", 1).await;
    assert_eq!((page.count(".flow-step").await, page.count(".flow-lines path").await), (5, 5));
    page.wait_for(&setup.chip(0)).await;
    check_that_only_the_running_bar_grows(page).await;

    page.wait_for(".run-page[data-run=waiting_approval]").await;
    page.wait_text(".run-approval", "Ship version 7?").await;
    page.wait_text(".run-head", "3 of 5 steps").await;
    page.wait_for(".runs-button[data-waiting]").await;
    for agent in 0..3 {
        // Covered by the runs page, so read rather than seen.
        let script = format!("document.querySelector('{}')?.textContent", setup.chip(agent));
        wait::until("the chip", async || page.evaluate(&script).await, |seen| *seen == json!("3/5")).await;
    }
    // By the keyboard, as everything else.
    page.wait_for(".run-approve").await.send_keys("\u{e007}").await.unwrap();
    page.wait_for(".run-page[data-run=completed]").await;
    fine(page, "run-done").await;
    setup.until_steps("completed", 5).await;
    page.wait_gone(".run-approval").await;
    page.wait_gone(".run-cancel").await;
    wait::until("five bars", async || page.count(".time-bar[data-run=completed]").await, |seen| *seen == 5).await;
    assert_eq!(page.count(".time-bar[data-open]").await, 0);
    page.wait_gone(&setup.chip(0)).await;

    page.click(".flow-step[aria-label^=Announce]").await;
    page.wait_text(".run-step", "Done: Announce 7").await;
    check_arrow_keys_in_the_graph(page).await;
    check_accessible_names(page).await;
    page.wait_for(".flow-step[aria-pressed=true]").await.send_keys("\u{e00c}").await.unwrap();
    page.wait_gone(".runs").await;
    page.agrees_with(&setup.server).await;
    let complaints = page.console().await;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// From one second to the next, the bar of what runs gets longer, and no row or track changes its place.
async fn check_that_only_the_running_bar_grows(page: &Page) {
    let tracks =
        "[...document.querySelectorAll('.time-track, .flow-step')].map(it => { const box = it.getBoundingClientRect();
        return [box.left, box.top, box.width, box.height]; })";
    let width = "(() => { const bar = document.querySelector('.time-bar[data-open]');
        return bar ? bar.getBoundingClientRect().width : null; })()";
    page.wait_for(".time-bar[data-open]").await;
    let (before, first) = (page.evaluate(tracks).await, page.evaluate(width).await.as_f64().unwrap_or(0.0));
    wait::until(
        "the bar to grow",
        async || page.evaluate(width).await.as_f64(),
        |seen| seen.is_some_and(|seen| seen > first + 1.0),
    )
    .await;
    assert_eq!(page.evaluate(tracks).await, before);
}

async fn check_arrow_keys_in_the_graph(page: &Page) {
    page.click(".flow-step[aria-label^=Plan]").await;
    let focused = "document.activeElement.getAttribute('aria-label')";
    for (key, expected) in
        [("\u{e014}", "Page"), ("\u{e015}", "Export"), ("\u{e014}", "Approve"), ("\u{e014}", "Announce")]
    {
        page.active_element().await.unwrap().send_keys(key).await.unwrap();
        let here = |seen: &Value| seen.as_str().is_some_and(|seen| seen.starts_with(expected));
        wait::until(expected, async || page.evaluate(focused).await, here).await;
    }
}

async fn check_accessible_names(page: &Page) {
    let tree = page.devtools("Accessibility.getFullAXTree", json!({})).await;
    let named: Vec<(String, String)> = tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["role"]["value"].to_string(), node["name"]["value"].as_str().unwrap_or_default().to_owned()))
        .collect();
    for (role, name) in [
        ("region", "Ship the release"),
        ("region", "Steps"),
        ("region", "Timeline"),
        ("button", "Plan, agent, Completed"),
        ("button", "Approve, approval, Completed"),
        ("button", "Close runs"),
        ("button", "All runs"),
    ] {
        let has = named.iter().any(|(of, is)| of.trim_matches('"') == role && is == name);
        assert!(has, "no {role} {name:?} among {named:#?}");
    }
}

#[tokio::test]
async fn failures_show_their_cause_and_cancelled_executions_stop() {
    let setup = setup(0.3).await;
    let (page, http) = (&setup.page, setup.server.http());
    let [ada, bob, cleo] = &setup.agents;
    let mut check = ask("Check", bob, "please fail", &["Read"]);
    check["max_retries"] = json!(1);
    check["retry_backoff_seconds"] = json!(0.2);
    let steps = json!([ask("Read", ada, "Read", &[]), check, ask("Report", cleo, "Report", &["Check"])]);
    let nightly = setup.define("Nightly check", json!([]), steps).await;
    let failed = setup.execute(&nightly).await;
    page.click(&card(&bob.id)).await;
    page.wait_for("#panel-tab-4").await.click().await.unwrap();
    let row = format!(".panel [data-execution-id=\"{failed}\"]");
    page.wait_for(&format!("{row}[data-run=failed]")).await;
    page.wait_text(&row, "Check: I could not do this: please fail").await;
    page.click(&row).await;
    page.wait_text(".run-failure", "Check failed after 2 attempts").await;
    page.wait_text(".run-failure", "I could not do this: please fail").await;
    page.wait_text(".run-step pre", "I could not do this: please fail").await;
    wait::until("two attempts", async || page.count(".time-bar[data-run=failed]").await, |seen| *seen == 2).await;
    setup.until_steps("skipped", 1).await;
    fine(page, "run-failed").await;
    page.click(".runs-head [aria-label='Close runs']").await;
    // What its agent signalled, by the names that screens use.
    page.click("#panel-tab-1").await;
    page.wait_text(".panel-agent-events", "agent:assigned").await;
    page.wait_text(".panel-agent-events", "agent:failed").await;

    let wait = json!({"name": "Settle", "step_type": "wait", "config": {"seconds": 600}, "depends_on_steps": []});
    let slow = setup.define("Slow", json!([]), json!([wait, ask("Tell", cleo, "Tell", &["Settle"])])).await;
    let running = setup.execute(&slow).await;
    // From the chip on the card.
    page.click(&setup.chip(2)).await;
    page.wait_for(&format!(".run-page[data-run=running][data-execution-id=\"{running}\"]")).await;
    // A refusal is shown, and the page keeps showing the true state.
    page.browser.set_offline(true).await;
    page.click(".run-cancel").await;
    page.wait_text(".run-page .problem", "Could not cancel the run: the server cannot be reached").await;
    page.wait_text(".run-cancel", "Cancel run").await;
    page.browser.set_offline(false).await;
    page.ready().await;

    page.click(".run-cancel").await;
    page.wait_for(".run-page[data-run=cancelled]").await;
    setup.until_steps("cancelled", 2).await;
    page.wait_gone(".time-bar[data-open]").await;
    page.wait_gone(".run-cancel").await;
    page.wait_gone(&setup.chip(2)).await;
    let execution = http.get(&format!("/api/workflows/executions/{running}")).await.expect(200);
    assert_eq!((&execution["status"], &execution["steps"][1]["status"]), (&json!("cancelled"), &json!("cancelled")));
    page.agrees_with(&setup.server).await;
}

#[tokio::test]
async fn counts_are_right_with_late_and_repeated_events() {
    let server = Server::start().await;
    let http = server.http();
    let made = http.post("/workspaces", json!({"name": "Foreign"})).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let page = Page::open(&server).await;
    let send_event = async |kind: &str, second: u32, step: Option<&str>, data: Value| {
        let event = json!({"event_type": kind, "timestamp": format!("2026-03-30T12:00:{second:02}Z"), "workspace_id": id,
            "workflow_execution_id": "from-elsewhere", "workflow_step_id": step, "data": data});
        http.post("/api/events", event).await.expect(200);
    };
    // The second step's end, twice, before anything else; the start comes last. None of them names a workflow.
    for _ in 0..2 {
        send_event("step_completed", 4, Some("s2"), json!({"step_name": "Two", "step_order": 2})).await;
    }
    send_event("step_started", 3, Some("s2"), json!({"step_name": "Two", "step_order": 2, "attempt": 1})).await;
    send_event("step_started", 2, Some("s1"), json!({"step_name": "One", "step_order": 1, "attempt": 1})).await;
    let chip = format!("{} .card-run", card(id));
    page.wait_text(&chip, "1/2").await;
    send_event("workflow_started", 1, None, json!({"workflow_name": "Elsewhere", "step_count": 3})).await;
    page.wait_text(&chip, "1/3").await;
    send_event("step_failed", 5, Some("s1"), json!({"error_message": "no paper", "attempt": 1})).await;
    page.wait_text(&chip, "2/3").await;
    page.click(&chip).await;
    page.wait_text("#runs-title", "Elsewhere").await;
    page.wait_text(".run-head", "2 of 3 steps").await;
    send_event("workflow_failed", 6, None, json!({"step_count": 3, "completed_steps": 1, "failed_steps": 1})).await;
    page.wait_text(".run-failure", "no paper").await;
    page.wait_gone(&chip).await;
    // Too late to run again.
    send_event("workflow_started", 1, None, json!({"workflow_name": "Elsewhere", "step_count": 3})).await;
    page.agrees_with(&server).await;
    page.wait_text(".run-head", "1 of 3 steps completed").await;
    let find = async |css: &str| page.find(Locator::Css(css)).await.is_ok();
    assert!(find(".run-page[data-run=failed]").await && !find(&chip).await);
}
