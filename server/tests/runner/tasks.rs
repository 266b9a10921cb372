//! Tasks and their runs: planned, approved, done, failed, cancelled. Never a workflow.

use std::time::Duration;

use serde_json::{Value, json};

use super::agents::Agent;
use crate::support::Server;

async fn run(server: &Server, task: Value) -> String {
    let task = server.post("/api/tasks", task).await.ok();
    let answer = server.post("/api/runs", json!({ "task_id": task["task_id"] })).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.body["run_id"].as_str().unwrap().to_owned()
}

async fn ended(server: &Server, run: &str) -> Value {
    for _ in 0..3000 {
        let now = server.get(&format!("/api/runs/{run}")).await.ok();
        if now["completed_at"].is_string() {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the run never ended");
}

async fn story(server: &Server, run: &str) -> Vec<String> {
    let log = server.log().await;
    let own = log
        .iter()
        .filter(|event| event["run_id"] == run && !event["event_type"].as_str().unwrap().starts_with("agent_"));
    let mut kinds: Vec<_> = own.map(|event| event["event_type"].as_str().unwrap().to_owned()).collect();
    kinds.dedup();
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_planned_approved_and_done() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let id = run(&server, json!({ "title": "Sort the mail", "workspace_id": ada.id })).await;
    assert_eq!(server.get(&format!("/api/runs/{id}")).await.ok()["status"], "waiting_approval");
    server.post(&format!("/api/runs/{id}/approve"), json!({ "approved": true })).await.ok();
    assert_eq!(ended(&server, &id).await["status"], "completed");
    assert_eq!(
        story(&server, &id).await,
        ["plan_ready", "progress", "approval_required", "approved", "progress", "completion"]
    );
    assert_eq!(ada.texts(), ["Sort the mail"]);
    server.post(&format!("/api/runs/{id}/approve"), json!({ "approved": true })).await.refused(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_fails_is_rejected_or_cancelled() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let quick = |text: &str| json!({ "title": text, "workspace_id": ada.id, "requires_approval": false });
    let failed = run(&server, quick("fail always ${x}")).await;
    assert_eq!(ended(&server, &failed).await["error_message"], "step `work` failed: no paper left");
    assert_eq!(story(&server, &failed).await, ["plan_ready", "progress", "failure"]);

    let rejected = run(&server, json!({ "title": "Sell the desk", "workspace_id": ada.id })).await;
    server
        .post(&format!("/api/runs/{rejected}/approve"), json!({ "approved": false, "feedback": "keep it" }))
        .await
        .ok();
    assert_eq!(ended(&server, &rejected).await["error_message"], "step `approve` failed: rejected: keep it");
    assert!(!ada.texts().contains(&"Sell the desk".to_owned()));

    let long = run(&server, quick("never")).await;
    server.until(&ada.id, |row| row["current_task"] == "never").await;
    let cancelled = server.post(&format!("/api/runs/{long}/cancel"), json!({})).await.ok();
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(story(&server, &long).await.last().unwrap(), "cancelled");

    let nobody = json!({ "title": "x" });
    assert!(server.post("/api/tasks", nobody).await.refused(400).contains("needs a workspace_id"));
    server.post("/api/runs", json!({ "task_id": "none" })).await.refused(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_still_has_a_task_is_not_free() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let task = json!({ "title": "work for ever", "workspace_id": ada.id, "requires_approval": false });
    let long = run(&server, task).await;
    server.until(&ada.id, |row| row["current_task"] == "work for ever").await;
    let step = super::ask("short", &ada.id, "Quick", &[]);
    let id = super::execute(&server, json!([step]), json!({})).await;
    super::ended(&server, &id).await;
    let states = |log: &[Value]| -> Vec<String> {
        let states = log.iter().filter(|event| event["event_type"] == "agent_status_changed");
        states.map(|event| event["data"]["status"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states(&server.log().await), ["busy"], "the task goes on");
    server.post(&format!("/api/runs/{long}/cancel"), json!({})).await.ok();
    assert_eq!(states(&server.log().await), ["busy", "idle"]);
}
