//! What a stop of the server does to executions: a clean one and a kill. Each ends in exactly one terminal event.

use std::time::Duration;

use serde_json::json;

use super::agents::Agent;
use super::{ask, assert_ended_once, ended, execute, step, step_of, until, with};
use crate::binary::Binary;
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn after_a_clean_stop_the_rest_goes_on() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let steps = json!([
        with(ask("again", &ada.id, "never", &[]), json!({ "max_retries": 1, "timeout_seconds": 0.3 })),
        ask("lost", &ada.id, "never", &[]),
        step("pause", "wait", json!({ "seconds": 0.2 }), &[]),
        step("ask", "approval", json!({}), &[]),
        ask("last", &ada.id, "Last", &["ask", "pause"]),
    ]);
    let id = execute(&server, steps, json!({})).await;
    until(&server, &id, |it| step_of(it, "lost")["status"] == "running").await;
    let server = Server::again(server.stop().await, |_| {}).await;
    until(&server, &id, |it| step_of(it, "lost")["status"] == "failed").await;
    server.post(&format!("/api/workflows/executions/{id}/steps/ask/approve"), json!({ "approved": true })).await.ok();
    let done = ended(&server, &id).await;
    assert_eq!(step_of(&done, "last")["output_data"]["text"], "done: Last");
    assert_eq!(step_of(&done, "lost")["error_message"], "the server stopped while this step ran");
    assert_eq!(
        (&step_of(&done, "again")["attempt"], &step_of(&done, "again")["status"]),
        (&json!(2), &json!("failed"))
    );
    assert_ended_once(&server.log().await, &id);
    let again = Server::again(server.stop().await, |_| {}).await;
    assert_ended_once(&again.log().await, &id);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_every_execution_ends_once() {
    let folder = tempfile::tempdir().unwrap();
    let agent = Agent::default().listen().await;
    let mut begun: Vec<String> = Vec::new();
    let mut workflow = None;
    for kill in 0..5u64 {
        let mut server = Binary::start(folder.path()).await;
        if workflow.is_none() {
            let id =
                server.post("/workspaces", json!({ "name": "Ada" })).await.unwrap()["id"].as_str().unwrap().to_owned();
            let card = json!({ "name": "Ada" });
            server.post("/registry/register", json!({ "id": id, "url": agent, "agent_card": card })).await.unwrap();
            let steps = json!([
                ask("a", &id, "One", &[]),
                step("b", "wait", json!({ "seconds": 0.03 }), &["a"]),
                with(ask("c", &id, "Two", &["b"]), json!({ "max_retries": 3 })),
                ask("d", &id, "Three", &["b"]),
                ask("e", &id, "Four", &["c", "d"]),
            ]);
            let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.unwrap();
            workflow = Some(format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap()));
        }
        let path = workflow.clone().unwrap();
        for _ in 0..6 {
            begun.push(server.post(&path, json!({})).await.unwrap()["execution_id"].as_str().unwrap().to_owned());
        }
        // Another point of their course each time.
        tokio::time::sleep(Duration::from_millis(7 + 23 * kill)).await;
        server.kill().await;
    }
    let server = Binary::start(folder.path()).await;
    for id in &begun {
        let mut tries = 0;
        while server.get(&format!("/api/workflows/executions/{id}")).await["completed_at"].is_null() {
            tries += 1;
            assert!(tries < 3000, "{id} never ends");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let log = server.log().await;
    begun.iter().for_each(|id| assert_ended_once(&log, id));
    let ends = log.iter().filter(|event| {
        ["workflow_completed", "workflow_failed"].contains(&event["event_type"].as_str().unwrap_or_default())
    });
    assert_eq!(ends.count(), begun.len());
    // What the stopped steps had said of their agent is taken back.
    let rows = server.get("/workspaces").await;
    assert_eq!(rows[0]["current_task"], "");
}
