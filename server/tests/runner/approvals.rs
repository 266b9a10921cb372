//! Approvals: only an explicit decision counts, over workflows and runs.

use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::agents::Agent;
use super::{ended, execute, execution, step, step_of, until};
use crate::support::{Answer, Server};

/// The bodies of `data/decisions.json`, which decide nothing: each must be refused and leave the step waiting.
fn bodies() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/decisions.json")).unwrap()
}

async fn post_text(server: &Server, path: &str, body: &str) -> Answer {
    let request = server.client.post(server.url(path)).header(CONTENT_TYPE, "application/json");
    Answer::of(request.body(body.to_owned())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_decide_is_refused() {
    let server = Server::start().await;
    let id = execute(&server, json!([step("ask", "approval", json!({}), &[])]), json!({})).await;
    let path = format!("/api/workflows/executions/{id}/steps/ask/approve");
    let ada = Agent::join(&server, "Ada", "planner").await;
    let task = server.post("/api/tasks", json!({ "title": "Sort", "workspace_id": ada.id })).await.ok();
    let run = server.post("/api/runs", json!({ "task_id": task["task_id"] })).await.ok();
    let run = format!("/api/runs/{}", run["run_id"].as_str().unwrap());
    until(&server, &id, |it| step_of(it, "ask")["status"] == "waiting_approval").await;
    for case in bodies() {
        let body = case["body"].as_str().unwrap();
        for path in [&path, &format!("{run}/approve")] {
            let words = post_text(&server, path, body).await.refused(case["status"].as_u64().unwrap() as u16);
            assert!(words.contains(r#"send {"approved": true}"#), "{case}: {words}");
        }
    }
    assert_eq!(step_of(&execution(&server, &id).await, "ask")["status"], "waiting_approval");
    assert_eq!(server.get(&run).await.ok()["status"], "waiting_approval");
    assert!(ada.texts().is_empty());

    post_text(&server, &path, r#"{"approved":false,"feedback":"not today"}"#).await.ok();
    assert_eq!(step_of(&ended(&server, &id).await, "ask")["error_message"], "rejected: not today");
    post_text(&server, &format!("{run}/approve"), r#"{"approved":true}"#).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_key_does_not_start_with_defaults() {
    let server = Server::start().await;
    let variables = json!([{ "name": "days", "default": 30 }]);
    let steps = json!([step("pause", "wait", json!({ "seconds": 0.01 }), &[])]);
    let workflow = json!({ "name": "Delete old files", "variables": variables, "steps": steps });
    let workflow = server.post("/api/workflows", workflow).await.ok();
    let path = format!("/api/workflows/{}/execute", workflow["workflow_id"].as_str().unwrap());
    for body in [r#"{"inputs":{"days":300}}"#, r#"{"input_variable":{"days":300}}"#, r#"{"days":300}"#] {
        let words = post_text(&server, &path, body).await.refused(400);
        assert!(words.contains("input_variables"), "{body}: {words}");
    }
    assert_eq!(server.get("/api/workflows/executions").await.ok(), json!([]));
    for body in ["", "{}", r#"{"input_variables":{"days":300}}"#] {
        assert_eq!(post_text(&server, &path, body).await.status, 202, "{body:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_key_of_a_definition_does_not_let_its_steps_run() {
    let server = Server::start().await;
    let cases: Vec<Value> = serde_json::from_str(include_str!("../data/drafts.json")).unwrap();
    for case in cases {
        let mut last = step("go", "wait", json!({ "seconds": 1 }), &[]);
        last.as_object_mut().unwrap().extend(case["step"].as_object().cloned().unwrap_or_default());
        let mut draft = json!({ "name": "W", "steps": [step("approve", "approval", json!({}), &[]), last] });
        draft.as_object_mut().unwrap().extend(case["workflow"].as_object().cloned().unwrap_or_default());
        let answer = server.post("/api/workflows", draft).await;
        assert_eq!(answer.status, case["status"], "{case}: {}", answer.body);
        if let Some(error) = case["error"].as_str() {
            assert!(answer.body["error"].as_str().unwrap().starts_with(error), "{case}: {}", answer.body);
        }
    }
}
