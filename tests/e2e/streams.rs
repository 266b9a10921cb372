//! Tests of streams with `wscat` and with the WebSocket of a browser.

use orrery_tests::server::Server;
use orrery_tests::wait;
use serde_json::{Value, json};

use crate::page::Page;

async fn define(server: &Server) -> String {
    let wait = |name: &str, after: &[&str]| json!({"name": name, "step_type": "wait", "config": {"seconds": 0.05}, "depends_on_steps": after});
    let body =
        json!({"name": "My Workflow", "steps": [wait("One", &[]), wait("Two", &["One"]), wait("Three", &["Two"])]});
    let made = server.http().post("/api/workflows", body).await.expect(201);
    made["workflow_id"].as_str().unwrap().to_owned()
}

async fn execute(server: &Server, workflow: &str) -> Value {
    server.http().post(&format!("/api/workflows/{workflow}/execute"), json!({})).await.expect(202)
}

/// One start, its steps in order, one end.
const STORY: [&str; 8] = [
    "workflow_started",
    "step_started",
    "step_completed",
    "step_started",
    "step_completed",
    "step_started",
    "step_completed",
    "workflow_completed",
];

/// `wscat -c ws://localhost:8000/ws/workflows/stream`: no header, no word, every workflow's events as chapter 4 of docs/protocol.md shows them.
#[tokio::test]
async fn wscat_receives_events_of_all_workflows() {
    let server = Server::start().await;
    let socket = server.socket("/ws/workflows/stream").await;
    let workflow = define(&server).await;
    let made = execute(&server, &workflow).await;
    let events = wait::until("the whole story", async || socket.events(), |events| events.len() >= STORY.len()).await;
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event_type"].as_str()).collect();
    assert_eq!(kinds, STORY);
    let started = &events[0];
    assert_eq!(started["message"], "Workflow 'My Workflow' started execution");
    assert_eq!(started["data"]["step_count"], 3);
    for event in &events {
        assert_eq!((&event["workflow_id"], &event["workflow_execution_id"]), (&json!(workflow), &made["execution_id"]));
        assert!(event["timestamp"].as_str().unwrap().ends_with('Z'));
        let is_step = event["event_type"].as_str().unwrap().starts_with("step_");
        assert_eq!(event["workflow_step_id"].is_string(), is_step);
        for key in ["task_id", "run_id", "agent_id"] {
            assert_eq!(event[key], Value::Null, "{key}");
        }
    }
}

#[tokio::test]
async fn a_browser_websocket_receives_events_of_one_workflow() {
    let server = Server::start().await;
    let (workflow, other) = (define(&server).await, define(&server).await);
    let page = Page::open(&server).await;
    // What anyone would write, but for the port and what is done with a message.
    let script = format!(
        "const workflowId = '{workflow}';
         const ws = new WebSocket(`ws://{}/ws/workflows/${{workflowId}}`);
         window.received = [];
         window.opened = new Promise(resolve => {{ ws.onopen = resolve; }});
         ws.onmessage = (evt) => {{
           const msg = JSON.parse(evt.data);
           window.received.push([msg.event_type, msg.workflow_id]);
         }};
         return window.opened.then(() => 'open');",
        server.address()
    );
    assert_eq!(page.execute(&script, vec![]).await.unwrap(), json!("open"));
    execute(&server, &other).await;
    execute(&server, &workflow).await;
    let received = async || page.evaluate("window.received").await;
    let is_all = |received: &Value| received.as_array().is_some_and(|all| all.len() >= STORY.len());
    let received = wait::until("the whole story", received, is_all).await;
    let expected: Vec<Value> = STORY.iter().map(|kind| json!([kind, workflow])).collect();
    assert_eq!(received, json!(expected));
}
