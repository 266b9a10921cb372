//! Definitions, and executions that go well, badly, or wait. Never their restarts (`stops`).

use reqwest::Method;
use serde_json::json;

use super::agents::Agent;
use super::{ask, assert_ended_once, ended, execute, execution, step, step_of, story, until, with};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn five_steps_over_three_agents_with_an_approval() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let bob = Agent::join(&server, "Bob", "writer").await;
    let cyd = Agent::join(&server, "Cyd", "reader").await;
    let steps = json!([
        ask("plan", &ada.id, "Plan ${topic}", &[]),
        ask("write", &bob.id, "Write: ${steps.plan.output.text}", &["plan"]),
        ask("read", &cyd.id, "work later", &["plan"]),
        step("ship?", "approval", json!({ "title": "Ship ${topic}?" }), &["write", "read"]),
        with(
            step("ship", "agent", json!({ "message": "Ship" }), &["ship?"]),
            json!({ "agent_requirements": { "role": "Writer", "skills": ["echo"] }, "condition_expression": "${topic} == 'tea'" }),
        ),
    ]);
    let id = execute(&server, steps, json!({ "topic": "tea" })).await;
    let waiting = until(&server, &id, |it| step_of(it, "ship?")["status"] == "waiting_approval").await;
    assert_eq!(waiting["status"], "running");
    let early = format!("/api/workflows/executions/{id}/steps/ship/approve");
    assert_eq!(
        server.post(&early, json!({ "approved": true })).await.refused(409),
        "the step `ship` does not wait for an approval: it is pending"
    );
    let approve = step_of(&waiting, "ship?")["step_id"].as_str().unwrap().to_owned();
    server
        .post(&format!("/api/workflows/executions/{id}/steps/{approve}/approve"), json!({ "approved": true }))
        .await
        .ok();
    let done = ended(&server, &id).await;
    assert_eq!(
        (&done["status"], &done["completed_steps"], &done["step_count"]),
        (&json!("completed"), &json!(5), &json!(5))
    );
    assert_eq!(step_of(&done, "write")["output_data"]["text"], "done: Write: done: Plan tea");
    assert_eq!(step_of(&done, "read")["output_data"]["text"], "later");
    assert_eq!(bob.texts(), ["Write: done: Plan tea", "Ship"]);

    let log = server.log().await;
    assert_ended_once(&log, &id);
    let told = story(&log, &id);
    let place = |what: &str| told.iter().position(|it| it == what).unwrap_or_else(|| panic!("{what}: {told:?}"));
    assert!(place("step_completed plan") < place("step_started write"));
    assert!(place("step_completed write") < place("approval_required ship?"));
    assert!(place("approved ship?") < place("step_started ship"));
    for event in log.iter().filter(|event| event["workflow_execution_id"] == *id) {
        assert_eq!(event["workflow_id"], done["workflow_id"], "every event of it names the workflow");
    }

    // The card: its task while it works, none afterwards; the agent busy, then idle.
    let tasks: Vec<_> =
        log.iter().filter(|event| event["event"] == "TASK_UPDATED" && event["workspace_id"] == *bob.id).collect();
    let tasks: Vec<_> = tasks.iter().map(|event| event["payload"]["current_task"].as_str().unwrap()).collect();
    assert_eq!(tasks, ["Write: done: Plan tea", "", "Ship", ""]);
    let states: Vec<_> = log
        .iter()
        .filter(|event| event["event_type"] == "agent_status_changed" && event["workspace_id"] == *ada.id)
        .collect();
    let states: Vec<_> =
        states.iter().map(|event| (&event["data"]["previous_status"], &event["data"]["status"])).collect();
    assert_eq!(states, [(&json!("idle"), &json!("busy")), (&json!("busy"), &json!("idle"))]);

    // The activity, on both sides, with bodies.
    let received = server.get(&format!("/workspaces/{}/activity", bob.id)).await.ok();
    let received: Vec<_> =
        received.as_array().unwrap().iter().filter(|it| it["activity_type"] == "a2a_receive").cloned().collect();
    assert_eq!(received.len(), 2);
    assert_eq!((&received[1]["source_id"], &received[1]["status"]), (&json!(ada.id), &json!("ok")));
    assert_eq!(received[1]["request_body"]["params"]["message"]["parts"][0]["text"], "Write: done: Plan tea");
    assert!(received[1]["response_body"]["result"].is_object());
    let sent = server.get(&format!("/workspaces/{}/activity?type=a2a_send", ada.id)).await.ok();
    assert!(sent.as_array().unwrap().iter().any(|it| it["target_id"] == *bob.id));

    let timeline = server.get(&format!("/api/workflows/executions/{id}/timeline")).await.ok();
    assert_eq!(timeline["attempts"].as_array().unwrap().len(), 5);
    assert!(
        timeline["attempts"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["ended_at"].is_string() && it["status"] == "completed")
    );
    let all = server.get("/api/workflows/executions?status=completed").await.ok();
    assert_eq!(all.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_retried_then_shown_with_its_cause() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let steps = json!([
        with(ask("twice", &ada.id, "fail once", &[]), json!({ "max_retries": 2 })),
        ask("print", &ada.id, "fail always", &["twice"]),
        ask("post", &ada.id, "Post it", &["print"]),
        with(ask("slow", &ada.id, "never", &[]), json!({ "timeout_seconds": 0.2 })),
        step("nowhere", "http", json!({ "url": "http://127.0.0.1:1/" }), &[]),
    ]);
    let id = execute(&server, steps, json!({})).await;
    let failed = ended(&server, &id).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(
        (&step_of(&failed, "twice")["status"], &step_of(&failed, "twice")["attempt"]),
        (&json!("completed"), &json!(2))
    );
    assert_eq!(step_of(&failed, "print")["error_message"], "no paper left");
    assert_eq!(step_of(&failed, "post")["error_message"], "it depends on `print`, which is failed");
    assert_eq!(step_of(&failed, "slow")["error_message"], "timed out after 0.2 s");
    assert!(
        step_of(&failed, "nowhere")["error_message"].as_str().unwrap().starts_with("cannot reach http://127.0.0.1:1/")
    );
    assert_eq!(failed["error_message"], "step `print` failed: no paper left");
    assert_eq!(
        (&failed["completed_steps"], &failed["failed_steps"], &failed["skipped_steps"]),
        (&json!(1), &json!(3), &json!(1))
    );
    assert_eq!(ada.texts().iter().filter(|text| *text == "Post it").count(), 0);

    let log = server.log().await;
    assert_ended_once(&log, &id);
    assert!(story(&log, &id).contains(&"step_retrying twice".to_owned()));
    let activity = server.get(&format!("/workspaces/{}/activity", ada.id)).await.ok();
    let failed = activity.as_array().unwrap().iter().find(|it| it["summary"] == "fail always").unwrap();
    assert_eq!((&failed["status"], &failed["error_detail"]), (&json!("error"), &json!("no paper left")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_really_stops() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let id =
        execute(&server, json!([ask("long", &ada.id, "never", &[]), ask("after", &ada.id, "x", &["long"])]), json!({}))
            .await;
    server.until(&ada.id, |row| row["current_task"] == "never").await;
    while ada.texts().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let cancel = format!("/api/workflows/executions/{id}/cancel");
    let cancelled = server.post(&cancel, json!({ "reason": "changed my mind" })).await.ok();
    assert_eq!((&cancelled["status"], &cancelled["error_message"]), (&json!("cancelled"), &json!("changed my mind")));
    assert!(cancelled["steps"].as_array().unwrap().iter().all(|step| step["status"] == "cancelled"));
    assert_eq!(server.post(&cancel, json!({})).await.refused(409), "the execution is over: it is cancelled");
    while *ada.hung_up.lock().unwrap() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(server.row(&ada.id).await["current_task"], "");
    assert_ended_once(&server.log().await, &id);
    assert_eq!(ada.texts(), ["never"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_task_is_called_off_at_its_agent() {
    let server = Server::start().await;
    let ada = Agent::join(&server, "Ada", "planner").await;
    let id = execute(&server, json!([ask("long", &ada.id, "work for ever", &[])]), json!({})).await;
    let heard = |method: &str| ada.asked.lock().unwrap().iter().any(|call| call["method"] == method);
    while !heard("tasks/get") {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    server.post(&format!("/api/workflows/executions/{id}/cancel"), json!({})).await.ok();
    while !heard("tasks/cancel") {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let calls = ada.asked.lock().unwrap().clone();
    let cancel = calls.iter().find(|call| call["method"] == "tasks/cancel").unwrap();
    assert_eq!(cancel["params"], json!({ "id": "t2" }));
    // One that ended by itself is not called off.
    let id = execute(&server, json!([ask("short", &ada.id, "work later", &[])]), json!({})).await;
    ended(&server, &id).await;
    let cancels = ada.asked.lock().unwrap().iter().filter(|call| call["method"] == "tasks/cancel").count();
    assert_eq!(cancels, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_without_agents() {
    let server = Server::start().await;
    let steps = json!([
        step("look", "http", json!({ "url": format!("{}?limit=${{n}}", server.url("/events")) }), &[]),
        step(
            "post",
            "http",
            json!({ "method": "POST", "url": server.url("/workspaces"), "body": { "name": "Made by ${who}" } }),
            &["look"]
        ),
        with(
            step("fine?", "condition", json!({}), &["post"]),
            json!({ "condition_expression": "${steps.post.output.status} == 201" })
        ),
        step("pause", "wait", json!({ "seconds": 0.05 }), &["fine?"]),
        with(step("never", "wait", json!({ "seconds": 9 }), &[]), json!({ "condition_expression": "${n} > 5" })),
        step("missing", "http", json!({ "url": server.url("/nowhere") }), &["never"]),
    ]);
    let id = execute(&server, steps, json!({ "n": 3, "who": "a step" })).await;
    let done = ended(&server, &id).await;
    assert_eq!(done["status"], "completed", "{done}");
    assert_eq!((&done["completed_steps"], &done["skipped_steps"]), (&json!(4), &json!(2)));
    assert_eq!(step_of(&done, "never")["error_message"], "its condition is false");
    let rows = server.get("/workspaces").await.ok();
    assert_eq!(rows[0]["name"], "Made by a step");
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_are_checked_and_read_back() {
    let server = Server::start().await;
    let wait = |name: &str, after: &[&str]| step(name, "wait", json!({ "seconds": 1 }), after);
    let bad = json!({ "name": "W", "steps": [wait("a", &["b"]), wait("b", &["a"])] });
    assert_eq!(
        server.post("/api/workflows", bad).await.refused(400),
        "the steps wait for each other in a circle: a → b → a"
    );
    let bad = json!({ "name": "W", "steps": [wait("a", &["zed"])] });
    assert_eq!(
        server.post("/api/workflows", bad).await.refused(400),
        "step `a` depends on `zed`, which is not a step of this workflow"
    );
    let bad = json!({ "name": "W", "steps": [{ "name": "a" }] });
    assert!(server.post("/api/workflows", bad).await.refused(400).contains("steps[0]: missing field `step_type`"));

    let good = json!({ "name": "W", "variables": [{ "name": "who", "required": true }], "steps": [wait("a", &[]), wait("b", &["a"])] });
    let made = server.post("/api/workflows", good).await.ok();
    let path = format!("/api/workflows/{}", made["workflow_id"].as_str().unwrap());
    assert_eq!(server.get(&path).await.ok(), made);
    assert_eq!(server.get("/api/workflows").await.ok(), json!([made]));
    assert!(made["steps"][1]["step_id"].is_string() && made["steps"][1]["step_order"] == 2);
    let refused = server.call(Method::POST, &format!("{path}/execute"), None).await.refused(400);
    assert_eq!(refused, "the variable `who` is required");
    server.get("/api/workflows/none").await.refused(404);
    server.get("/api/workflows/executions/none").await.refused(404);
    let begun = server.post(&format!("{path}/execute"), json!({ "input_variables": { "who": 1 } })).await.ok();
    let id = begun["execution_id"].as_str().unwrap();
    assert_eq!(execution(&server, id).await["status"], "running");
}
