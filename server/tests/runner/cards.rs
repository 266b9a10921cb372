//! What a workspace's card shows while steps run on it: always work that is in progress, and nothing once all has ended.

use std::time::Duration;

use serde_json::{Value, json};

use super::agents::Agent;
use super::{ask, ended, execute, step_of, until};
use crate::binary::Binary;
use crate::support::Server;

/// `(current_task, active_tasks)` of each change, in order.
async fn tasks(server: &Server, id: &str) -> Vec<(String, u64)> {
    let log = server.log().await;
    let own = log.iter().filter(|event| event["event"] == "TASK_UPDATED" && event["workspace_id"] == *id);
    let task = |event: &Value| {
        let payload = &event["payload"];
        (payload["current_task"].as_str().unwrap().to_owned(), payload["active_tasks"].as_u64().unwrap())
    };
    own.map(task).collect()
}

fn states(log: &[Value], id: &str) -> Vec<String> {
    let own = log.iter().filter(|it| it["event_type"] == "agent_status_changed" && it["workspace_id"] == *id);
    own.map(|event| event["data"]["status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_steps_at_once_the_second_may_end_first() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let steps = json!([ask("slow", &ada.id, "work later", &[]), ask("quick", &ada.id, "Quick", &[])]);
    let id = execute(&server, steps, json!({})).await;
    ended(&server, &id).await;
    let expected = [("Quick", 2), ("work later", 1), ("", 0)].map(|(task, active)| (task.to_owned(), active));
    assert_eq!(tasks(&server, &ada.id).await, expected);
    assert_eq!(states(&server.log().await, &ada.id), ["busy", "idle"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_several_executions_and_tasks_are_one_set() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    // Another system's run that never ends, and an execution of it: they are not this server's work.
    let foreign = json!({ "event_type": "progress", "run_id": "foreign", "workspace_id": ada.id });
    server.post("/api/events", foreign).await.ok();
    let foreign = json!({ "event_type": "step_started", "workflow_execution_id": "other", "workflow_step_id": "s",
        "workspace_id": ada.id });
    server.post("/api/events", foreign).await.ok();

    let long = execute(&server, json!([ask("long", &ada.id, "never", &[])]), json!({})).await;
    until(&server, &long, |it| step_of(it, "long")["status"] == "running").await;
    let quick = execute(&server, json!([ask("quick", &ada.id, "Quick", &[])]), json!({})).await;
    ended(&server, &quick).await;
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!("long"), &json!(1)));

    let task = json!({ "title": "work for ever", "workspace_id": ada.id, "requires_approval": false });
    let task = server.post("/api/tasks", task).await.ok();
    let run = server.post("/api/runs", json!({ "task_id": task["task_id"] })).await.ok();
    server.until(&ada.id, |row| row["current_task"] == "work for ever" && row["active_tasks"] == 2).await;
    server.post(&format!("/api/workflows/executions/{long}/cancel"), json!({})).await.ok();
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!("work for ever"), &json!(1)));
    server.post(&format!("/api/runs/{}/cancel", run["run_id"].as_str().unwrap()), json!({})).await.ok();
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!(""), &json!(0)));
    assert_eq!(states(&server.log().await, &ada.id), ["busy", "idle"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_says_of_itself_is_left_alone() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let id = execute(&server, json!([ask("slow", &ada.id, "work later", &[])]), json!({})).await;
    server.until(&ada.id, |row| row["current_task"] == "work later").await;
    server.heartbeat(&ada.id, json!({ "current_task": "Reading the archive", "active_tasks": 3 })).await.ok();
    ended(&server, &id).await;
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!("Reading the archive"), &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_cancel_nothing_is_shown() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let steps = json!([
        ask("one", &ada.id, "never", &[]),
        ask("two", &ada.id, "work for ever", &[]),
        ask("three", &ada.id, "Quick", &[]),
    ]);
    let id = execute(&server, steps, json!({})).await;
    until(&server, &id, |it| step_of(it, "three")["status"] == "completed").await;
    server.post(&format!("/api/workflows/executions/{id}/cancel"), json!({})).await.ok();
    let row = server.row(&ada.id).await;
    assert_eq!((&row["current_task"], &row["active_tasks"]), (&json!(""), &json!(0)));
    assert_eq!(states(&server.log().await, &ada.id), ["busy", "idle"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_nothing_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let agent = Agent::default().listen().await;
    let mut server = Binary::start(folder.path()).await;
    let id = server.post("/workspaces", json!({ "name": "Ada" })).await.unwrap()["id"].as_str().unwrap().to_owned();
    let registration = json!({ "id": id, "url": agent, "agent_card": { "name": "Ada" } });
    server.post("/registry/register", registration).await.unwrap();
    let steps = json!([ask("a", &id, "never", &[]), ask("b", &id, "work for ever", &[])]);
    let made = server.post("/api/workflows", json!({ "name": "W", "steps": steps })).await.unwrap();
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    for _ in 0..3 {
        server.post(&path, json!({})).await.unwrap();
    }
    assert_eq!(server.get("/workspaces").await[0]["active_tasks"], 6);
    server.kill().await;
    let server = Binary::start(folder.path()).await;
    for attempt in 0.. {
        let executions = server.get("/api/workflows/executions?status=running").await;
        if executions.as_array().unwrap().is_empty() {
            break;
        }
        assert!(attempt < 3000, "{executions}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let rows = server.get("/workspaces").await;
    assert_eq!((&rows[0]["current_task"], &rows[0]["active_tasks"]), (&json!(""), &json!(0)));
}
