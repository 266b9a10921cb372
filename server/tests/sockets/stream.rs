//! The streams' own ways: narrowing, names for screens, heartbeats.

use std::time::Duration;

use orrery_protocol::{RunEvent, RunEventKind};
use orrery_server::clock;
use serde_json::{Value, json};

use crate::support::Server;

fn progress(task: &str, workspace: &str) -> RunEvent {
    let mut event = RunEvent::new(RunEventKind::Progress, clock::now());
    event.task_id = Some(task.parse().unwrap());
    event.workspace_id = Some(workspace.parse().unwrap());
    event
}

#[tokio::test]
async fn a_stream_is_narrowed_and_widened() {
    let server = Server::start().await;
    let mut stream = server.socket("/ws/stream").await;
    stream.say(r#"{"type":"subscribe","payload":{"taskId":"t1","runId":"r1","workspaceId":"w1"}}"#).await;
    assert_eq!(stream.json().await, json!({ "type": "subscribed", "channels": ["task:t1", "run:r1"] }));
    for (task, workspace) in [("t2", "w1"), ("t1", "w2"), ("t1", "w1")] {
        server.run_event(progress(task, workspace)).await;
    }
    assert_eq!(stream.seqs(1).await, [3]);
    stream.say(r#"{"type":"unsubscribe"}"#).await;
    assert_eq!(stream.json().await, json!({ "type": "subscribed", "channels": ["all"] }));
    server.run_event(progress("t2", "w2")).await;
    assert_eq!(stream.seqs(1).await, [4]);
}

#[tokio::test]
async fn what_is_not_understood_is_answered_and_the_socket_lives() {
    let server = Server::start().await;
    let mut stream = server.socket("/ws/stream").await;
    for text in ["{", "[]", "7", r#"{"type":"dance"}"#, r#"{"type":"subscribe","payload":{"taskId":[7]}}"#] {
        stream.say(text).await;
        let answer = stream.json().await;
        assert_eq!(answer["type"], "error", "{text}");
        assert!(answer["error"].is_string(), "{text}");
    }
    server.run_event(progress("t", "w")).await;
    assert_eq!(stream.seqs(1).await, [1]);
}

#[tokio::test]
async fn the_names_that_screens_show_are_added_when_asked_for() {
    let server = Server::start().await;
    let mut named = server.socket("/ws/agents/stream?semantic=1").await;
    let mut plain = server.socket("/ws/agents/stream").await;
    for status in ["busy", "error", "idle"] {
        let mut event = RunEvent::new(RunEventKind::AgentStatusChanged, clock::now());
        event.data.insert("status".into(), json!(status));
        server.run_event(event).await;
    }
    let names: Vec<Value> = named.events(3).await.iter().map(|event| event["semantic"].clone()).collect();
    assert_eq!(names, [json!("agent:assigned"), json!("agent:failed"), Value::Null]);
    assert!(plain.events(3).await.iter().all(|event| event.get("semantic").is_none()));
}

#[tokio::test]
async fn every_documented_key_is_there() {
    let server = Server::start().await;
    let mut stream = server.socket("/ws/workflows/stream").await;
    server.run_event(RunEvent::new(RunEventKind::WorkflowStarted, clock::now())).await;
    let event = stream.json().await;
    let mut keys: Vec<&String> = event.as_object().unwrap().keys().collect();
    keys.sort();
    let expected = [
        "agent_id",
        "data",
        "event_type",
        "message",
        "run_id",
        "seq",
        "task_id",
        "timestamp",
        "workflow_execution_id",
        "workflow_id",
        "workflow_step_id",
        "workspace_id",
    ];
    assert_eq!(keys, expected);
    assert_eq!((&event["data"], &event["task_id"]), (&json!({}), &Value::Null));
}

#[tokio::test]
async fn silence_is_filled_with_heartbeats() {
    let server = Server::with(|config| config.stream_heartbeat = Duration::from_millis(50)).await;
    let mut stream = server.socket("/ws/runs/r1").await;
    let beat = stream.json().await;
    assert_eq!(beat["type"], "heartbeat");
    assert!(beat["timestamp"].as_f64().unwrap() > 1_700_000_000.0);
    assert!(beat.get("seq").is_none());
    stream.json().await;

    server.run_event(progress("t", "w")).await;
    let mut resuming = server.socket("/ws/runs/r1?since=").await;
    assert_eq!(resuming.json().await["type"], "hello");
    // Nothing of what happened concerned it, and it knows up to where.
    assert_eq!(resuming.json().await["seq"], 1);
}
