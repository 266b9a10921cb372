//! Approvals: only an explicit decision counts, over workflows and runs.

use axum::http::header::CONTENT_TYPE;
use serde_json::json;

use super::agents::Agent;
use super::{ended, execute, execution, step, step_of, until};
use crate::support::{Answer, Server};

/// Bodies that decide nothing. Each must be refused and leave the step waiting.
const UNDECIDED: &[&str] = &[
    "",
    "   ",
    "{}",
    "null",
    "true",
    "[]",
    "[true]",
    r#""approved""#,
    r#"{"approve":true}"#,
    r#"{"approve":false}"#,
    r#"{"aproved":false}"#,
    r#"{"Approved":true}"#,
    r#"{"approved":null}"#,
    r#"{"approved":"true"}"#,
    r#"{"approved":"yes"}"#,
    r#"{"approved":1}"#,
    r#"{"approved":true,"approved":false}"#,
    r#"{"approved":true,"feedbak":"not yet"}"#,
    r#"{"approved":true} {"approved":false}"#,
    r#"{"feedback":"fine"}"#,
    r#"{"approved":true,"feedback":7}"#,
    r#"{"approved":tr"#,
];

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
    for body in UNDECIDED {
        for path in [&path, &format!("{run}/approve")] {
            let words = post_text(&server, path, body).await.refused(400);
            assert!(words.contains(r#"send {"approved": true}"#), "{body}: {words}");
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
