//! Every text of `data/templates.json`: what of it is replaced in an agent's message, and that nothing of it is in a task.

use serde_json::{Value, json};

use super::agents::Agent;
use super::{ask, ended, step, step_of, with};
use crate::support::Server;

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/templates.json")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_variables_are_replaced_in_a_message() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let condition = |name: &str, kind: &str, holds: &str| {
        with(step(name, kind, json!({ "seconds": 1 }), &[]), json!({ "condition_expression": holds }))
    };
    let mut steps = vec![condition("first", "condition", "true"), condition("skipped", "wait", "false")];
    let after = json!({ "run_if": "all_done", "max_retries": 3 });
    steps.extend(cases().iter().map(|case| {
        let (name, message) = (case["name"].as_str().unwrap(), case["message"].as_str().unwrap());
        with(ask(name, &ada.id, message, &["first", "skipped"]), after.clone())
    }));
    let variables = json!(["city", "season", "n"]);
    let workflow = json!({ "name": "Texts", "variables": variables, "steps": steps });
    let workflow = server.post("/api/workflows", workflow).await.ok();
    let inputs =
        json!({ "city": "Oslo", "n": 2, "list": [true], "template": "${city}", "a.b": { "c": 1 }, "nothing": null });
    let path = format!("/api/workflows/{}/execute", workflow["workflow_id"].as_str().unwrap());
    let begun = server.post(&path, json!({ "input_variables": inputs })).await.ok();
    let done = ended(&server, begun["execution_id"].as_str().unwrap()).await;
    for case in cases() {
        let step = step_of(&done, case["name"].as_str().unwrap());
        match case["filled"].as_str() {
            Some(filled) => assert_eq!(step["output_data"]["text"], format!("done: {filled}"), "{case}: {step}"),
            None => {
                assert_eq!((&step["status"], &step["error_message"]), (&json!("failed"), &case["error"]), "{case}");
                assert_eq!(step["attempt"], 1, "{case}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_replaced_in_a_task() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    for case in cases() {
        let message = &case["message"];
        let task = json!({ "title": message, "workspace_id": ada.id });
        let task = server.post("/api/tasks", task).await.ok();
        let run = server.post("/api/runs", json!({ "task_id": task["task_id"] })).await.ok();
        let run = format!("/api/runs/{}", run["run_id"].as_str().unwrap());
        let log = server.log().await;
        let asked = log.iter().rfind(|event| event["event_type"] == "approval_required").unwrap();
        assert_eq!(asked["data"]["title"], *message, "{case}");
        server.post(&format!("{run}/approve"), json!({ "approved": true })).await.ok();
        for attempt in 0.. {
            if server.get(&run).await.ok()["completed_at"].is_string() {
                break;
            }
            assert!(attempt < 3000, "{case}: it never ended");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(ada.texts().last().unwrap(), message, "{case}");
    }
}
