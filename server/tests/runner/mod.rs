//! Workflows and tasks, executed for real over agents that answer over HTTP. Never the runner's insides.

pub mod agents;
mod workflows;
mod tasks;
mod stops;
mod ingest;
mod approvals;
mod answer_sizes;
mod answers;
mod polls;
mod refusals;
mod run_ifs;
mod templates;
mod cards;
mod expansion;
mod outgoing;

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Server;

/// A short way to write a step.
pub fn step(name: &str, kind: &str, config: Value, after: &[&str]) -> Value {
    json!({ "name": name, "step_type": kind, "config": config, "depends_on_steps": after, "retry_backoff_seconds": 0.05 })
}

pub fn ask(name: &str, workspace: &str, message: &str, after: &[&str]) -> Value {
    with(step(name, "agent", json!({ "message": message }), after), json!({ "workspace_id": workspace }))
}

pub fn with(mut step: Value, more: Value) -> Value {
    step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    step
}

/// Defines and executes; answers with the execution's id.
pub async fn execute(server: &Server, steps: Value, variables: Value) -> String {
    let workflow = json!({ "name": "The plan", "steps": steps });
    let workflow = server.post("/api/workflows", workflow).await.ok();
    let path = format!("/api/workflows/{}/execute", workflow["workflow_id"].as_str().unwrap());
    let answer = server.post(&path, json!({ "input_variables": variables })).await;
    assert_eq!(answer.status, 202);
    answer.body["execution_id"].as_str().unwrap().to_owned()
}

pub async fn execution(server: &Server, id: &str) -> Value {
    server.get(&format!("/api/workflows/executions/{id}")).await.ok()
}

pub async fn until(server: &Server, id: &str, what: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..3000 {
        let now = execution(server, id).await;
        if what(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be so: {}", execution(server, id).await);
}

pub async fn ended(server: &Server, id: &str) -> Value {
    until(server, id, |it| it["completed_at"].is_string()).await
}

pub fn step_of<'a>(execution: &'a Value, name: &str) -> &'a Value {
    execution["steps"].as_array().unwrap().iter().find(|step| step["step_name"] == name).unwrap()
}

/// `kind` or `kind step` of the events that carry this execution's id.
pub fn story(log: &[Value], execution: &str) -> Vec<String> {
    let own = log.iter().filter(|event| event["workflow_execution_id"] == execution);
    own.map(|event| match event["data"]["step_name"].as_str() {
        Some(step) => format!("{} {step}", event["event_type"].as_str().unwrap()),
        None => event["event_type"].as_str().unwrap().to_owned(),
    })
    .collect()
}

/// One terminal event, and nothing of the execution after it.
pub fn assert_ended_once(log: &[Value], execution: &str) {
    let own: Vec<&Value> = log.iter().filter(|event| event["workflow_execution_id"] == execution).collect();
    let terminal = ["workflow_completed", "workflow_failed", "workflow_cancelled"];
    let ends = own.iter().filter(|event| terminal.contains(&event["event_type"].as_str().unwrap())).count();
    let last = own.last().unwrap()["event_type"].as_str().unwrap();
    assert!(ends == 1 && terminal.contains(&last), "{:?}", story(log, execution));
}
