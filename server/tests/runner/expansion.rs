//! Bounds of what an execution may grow to, and of how often it may be resumed.

use orrery_protocol::ExecutionId;
use serde_json::{Value, json};

use super::agents::Agent;
use super::{ask, assert_ended_once, ended, execute, step, step_of, with};
use crate::binary::Binary;
use crate::engine;
use crate::support::Server;

/// With 200 KB of text in `x` this is a text of 4 GB, or of so many times 200 KB.
fn bomb(times: usize) -> String {
    "${x}".repeat(times)
}

fn large() -> String {
    "x".repeat(200_000)
}

async fn begin(server: &Binary, steps: Value, variables: Value) -> String {
    let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.unwrap();
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    let begun = server.post(&path, json!({ "input_variables": variables })).await.unwrap();
    begun["execution_id"].as_str().unwrap().to_owned()
}

async fn until(server: &Binary, id: &str, what: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..6000 {
        let now = server.get(&format!("/api/workflows/executions/{id}")).await;
        if what(&now) {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never came to be so: {}", server.get(&format!("/api/workflows/executions/{id}")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_expansion_fails_its_step_and_the_server_survives_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path()).await;
    let workspace = server.post("/workspaces", json!({ "name": "Ada" })).await.unwrap()["id"].clone();
    let steps = json!([
        step("at once", "http", json!({ "url": "http://127.0.0.1:9/", "body": bomb(20_000) }), &[]),
        step("pause", "wait", json!({ "seconds": 1 }), &[]),
        step("body", "http", json!({ "url": "http://127.0.0.1:9/", "body": { "a": [bomb(10_000)] } }), &["pause"]),
        step("url", "http", json!({ "url": format!("http://127.0.0.1:9/{}", bomb(5_000)) }), &["pause"]),
        ask("message", workspace.as_str().unwrap(), &bomb(5_000), &["pause"]),
        with(ask("again", workspace.as_str().unwrap(), &bomb(5_000), &["pause"]), json!({ "max_retries": 2 })),
    ]);
    let id = begin(&server, steps, json!({ "x": large() })).await;
    server.kill().await;
    let mut server = Binary::start(folder.path()).await;
    let done = until(&server, &id, |it| it["completed_at"].is_string()).await;
    assert_eq!(done["status"], "failed");
    for name in ["at once", "body", "url", "message", "again"] {
        let error = "with its variables filled in, the step is larger than 1024 KiB";
        assert_eq!(step_of(&done, name)["error_message"], error, "{name}");
    }
    assert!(server.peak_memory() < 400 << 20, "{} bytes", server.peak_memory());
    server.kill().await;
    let server = Binary::start(folder.path()).await;
    assert_eq!(server.get(&format!("/api/workflows/executions/{id}")).await["status"], "failed");
    assert_ended_once(&server.log().await, &id);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_bodies_are_truncated_with_a_marker() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let message = "${x}".repeat(3);
    let id = execute(&server, json!([ask("long", &ada.id, &message, &[])]), json!({ "x": large() })).await;
    // The answer repeats the message, and is stored as a whole.
    let text = step_of(&ended(&server, &id).await, "long")["output_data"]["text"].as_str().unwrap().len();
    assert_eq!(text, "done: ".len() + 600_000);
    assert_eq!(ada.texts()[0].len(), 600_000, "the agent gets all of it");
    let log = server.log().await;
    let sizes = log.iter().map(|event| event.to_string().len());
    assert!(sizes.max().unwrap() <= 256 * 1024);
    let asked = log.iter().find(|event| event["event_type"] == "agent_message").unwrap();
    assert!(asked["data"]["text"].as_str().unwrap().ends_with("… (truncated: 600000 bytes)"), "{asked}");
    let activity = server.get(&format!("/workspaces/{}/activity", ada.id)).await.ok();
    let request =
        &activity.as_array().unwrap().iter().find(|it| it["activity_type"] == "a2a_receive").unwrap()["request_body"];
    assert_eq!(request["truncated"], true, "{request}");
}

#[tokio::test(flavor = "multi_thread")]
async fn executions_and_waits_are_limited() {
    let server = Server::with(|config| {
        config.runner.executions = 3;
        config.runner.waits = 5;
    })
    .await;
    let waits = |count: usize| -> Value {
        (0..count).map(|at| step(&format!("s{at}"), "wait", json!({ "seconds": 600 }), &[])).collect()
    };
    let path = async |steps: Value| {
        let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.ok();
        format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap())
    };
    let (two, four) = (path(waits(2)).await, path(waits(4)).await);
    let begin = async |path: &str| server.post(path, json!({})).await;
    let first = begin(&two).await.ok()["execution_id"].as_str().unwrap().to_owned();
    let refused = begin(&four).await;
    assert_eq!(refused.headers["retry-after"], "5");
    assert!(refused.refused(429).contains("more than 5 steps would wait"));
    begin(&two).await.ok();
    assert!(begin(&two).await.refused(429).contains("more than 5 steps would wait"));
    let one = path(waits(1)).await;
    begin(&one).await.ok();
    assert_eq!(begin(&one).await.refused(429), "3 executions run already: wait 5 s and try again");
    server.post(&format!("/api/workflows/executions/{first}/cancel"), json!({})).await.ok();
    // Its task ends a moment after its last event.
    for attempt in 0.. {
        if begin(&two).await.status == 202 {
            break;
        }
        assert!(attempt < 3000, "the place never became free");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_whose_resumption_failed_twice_is_failed_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path()).await;
    let steps = json!([step("ask", "approval", json!({}), &[]), step("end", "condition", json!({}), &["ask"])]);
    let steps = json!([steps[0], with(steps[1].clone(), json!({ "condition_expression": "true" }))]);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(begin(&server, steps.clone(), json!({})).await);
    }
    server.kill().await;
    for (id, resumptions) in ids.iter().zip(["2", "1", "0"]) {
        set_resumptions(folder.path(), id, resumptions).await;
    }
    // Kills alone do not fail an execution, however many.
    for _ in 0..4 {
        let mut server = Binary::start(folder.path()).await;
        let failed = until(&server, &ids[0], |it| it["completed_at"].is_string()).await;
        assert_eq!(failed["status"], "failed");
        assert_eq!(failed["error_message"], "the server ended 2 times while it resumed this execution");
        for id in &ids[1..] {
            let parsed: ExecutionId = id.parse().unwrap();
            for attempt in 0.. {
                if engine::stored_state(folder.path(), parsed.as_str()).await.contains(r#""resumptions":0"#) {
                    break;
                }
                assert!(attempt < 3000, "the resumption of {id} never came to its end");
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        }
        server.kill().await;
    }
    let server = Binary::start(folder.path()).await;
    for id in &ids[1..] {
        let path = format!("/api/workflows/executions/{id}/steps/ask/approve");
        server.post(&path, json!({ "approved": true })).await.unwrap();
        assert_eq!(until(&server, id, |it| it["completed_at"].is_string()).await["status"], "completed");
    }
    let log = server.log().await;
    ids.iter().for_each(|id| assert_ended_once(&log, id));
}

/// As if the server had ended this often while it resumed the execution.
async fn set_resumptions(folder: &std::path::Path, id: &str, resumptions: &str) {
    let state = engine::stored_state(folder, id).await;
    let changed = state.replace(r#""resumptions":0"#, &format!(r#""resumptions":{resumptions}"#));
    assert!(resumptions == "0" || changed != state, "{state}");
    engine::store_state(folder, id, &changed).await;
}
