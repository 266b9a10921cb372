//! Events of other systems: one or many, each taken once, the malformed refused line by line.

use serde_json::{Value, json};

use super::{execute, step};
use crate::support::{Answer, Server};

async fn lines(server: &Server, text: &str, key: &str) -> Answer {
    let request = server.client.post(server.url("/api/events")).header("content-type", "application/x-ndjson");
    Answer::of(request.header("idempotency-key", key).body(text.to_owned())).await
}

fn run_events(log: &[Value]) -> Vec<&Value> {
    log.iter().filter(|event| event["event_type"].is_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_is_taken_once() {
    let server = Server::start().await;
    let event =
        json!({ "event_type": "progress", "task_id": "t1", "data": { "percent": 5 }, "message": "on it", "id": "e-1" });
    let first = server.post("/api/events", event.clone()).await.ok();
    let again = server.post("/api/events", event.clone()).await.ok();
    assert_eq!(first, again);
    let unknown = json!({ "event_type": "coffee_ready", "timestamp": "2026-01-01T08:00:00" });
    let second = server.post("/api/events", unknown).await.ok();
    assert_ne!(first["cursor"], second["cursor"]);
    let log = server.log().await;
    let kept = run_events(&log);
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (&kept[0]["task_id"], &kept[0]["message"], &kept[0]["run_id"]),
        (&json!("t1"), &json!("on it"), &Value::Null)
    );
    assert!(kept[0]["timestamp"].is_string());
    assert_eq!(
        (&kept[1]["event_type"], &kept[1]["timestamp"]),
        (&json!("coffee_ready"), &json!("2026-01-01T08:00:00Z"))
    );

    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!(server.post("/api/events", event).await.ok(), first, "also after a restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_come_line_by_line() {
    let server = Server::start().await;
    let text = r#"{"event_type":"workflow_started","workflow_execution_id":"x1","data":{"step_count":2}}
{"event_type":"step_started","workflow_execution_id":"x1","workflow_step_id":"s1"

{"event_type":""}
{"event":"WORKSPACE_ONLINE","workspace_id":"w","payload":{}}
{"event_type":"step_completed","workflow_execution_id":"x1","workflow_step_id":[5]}
{"event_type":"workflow_completed","workflow_execution_id":"x1"}"#;
    let answer = lines(&server, text, "k1").await;
    assert_eq!(answer.status, 207);
    let answers = answer.body.as_array().unwrap();
    assert_eq!(answers.len(), 6);
    let error = |at: usize| answers[at]["error"].as_str().unwrap();
    assert!(answers[0]["cursor"].is_string() && answers[5]["cursor"].is_string());
    assert!(error(1).contains("EOF"), "{}", error(1));
    assert!(error(2).contains("event_type has 1 to"), "{}", error(2));
    assert!(error(3).contains("workspace events are not taken in"), "{}", error(3));
    assert!(error(4).contains("workflow_step_id"), "{}", error(4));
    let again = lines(&server, text, "k1").await;
    assert_eq!(again.body[0], answers[0]);
    assert_eq!(run_events(&server.log().await).len(), 2);

    assert_eq!(lines(&server, "{}\n[]", "k2").await.status, 400);
    assert_eq!(lines(&server, r#"{"event_type":"progress"}"#, "k3").await.status, 200);
    server.post("/api/events", json!(7)).await.refused(400);
    server.post("/api/events", json!({ "event_type": "progress", "data": 7 })).await.refused(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_here_is_told_by_this_server_alone() {
    let server = Server::start().await;
    let id = execute(&server, json!([step("ask", "approval", json!({}), &[])]), json!({})).await;
    let lie = json!({ "event_type": "workflow_completed", "workflow_execution_id": id });
    assert!(server.post("/api/events", lie).await.refused(400).contains("runs on this server"));
    let word = json!({ "event_type": "agent_message", "workflow_execution_id": id, "agent_id": "a" });
    server.post("/api/events", word).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_the_same_time_with_one_key_are_one() {
    let server = Server::start().await;
    let event = json!({ "event_type": "progress", "id": "same" });
    let calls = (0..20).map(|_| {
        let request = server.client.post(server.url("/api/events")).json(&event);
        tokio::spawn(Answer::of(request))
    });
    let mut cursors = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        cursors.push(call.await.unwrap().ok()["cursor"].as_str().unwrap().to_owned());
    }
    cursors.dedup();
    assert_eq!(cursors.len(), 1);
    assert_eq!(run_events(&server.log().await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_never_ended_ends_with_its_completed_execution() {
    let server = Server::start().await;
    let ids = json!({ "workflow_execution_id": "x1", "workflow_step_id": "s1" });
    for (kind, ids) in [
        ("workflow_started", json!({ "workflow_execution_id": "x1" })),
        ("step_started", ids.clone()),
        ("workflow_completed", json!({ "workflow_execution_id": "x1" })),
        ("step_started", ids),
    ] {
        server.post("/api/events", super::with(json!({ "event_type": kind }), ids)).await.ok();
        let execution = server.get("/snapshot").await.ok()["executions"][0].clone();
        let step = &execution["steps"][0];
        if execution["status"] == "completed" {
            assert_eq!((&step["status"], &step["completed_at"]), (&json!("unknown"), &execution["completed_at"]));
        }
    }
    let before = server.get("/snapshot").await.ok()["executions"].clone();
    assert_eq!(before[0]["status"], "completed");
    let server = Server::again(server.stop().await, |_| {}).await;
    assert_eq!(server.get("/snapshot").await.ok()["executions"], before);
}
