//! Rows that cannot be read, written into the log of a stopped server: each is skipped and counted, none hides another.

use serde_json::{Value, json};

use crate::engine::tamper;
use crate::runner::{ended, execute, step, until};
use crate::support::Server;

const UNREADABLE: &str = "EVENT_UNREADABLE";

/// What a busy server has in its log.
struct Fleet {
    good: String,
    bad: String,
    waiting: String,
    workflows: Vec<String>,
    tasks: Vec<String>,
}

async fn fleet(server: &Server) -> Fleet {
    let good = server.create(json!({ "name": "good", "config": { "a": 1 }, "model": "m" })).await;
    let bad = server.inside("bad", &good).await;
    server.post("/registry/register", json!({ "id": good, "url": "", "agent_card": { "name": "card" } })).await.ok();
    for number in 0..4 {
        server.heartbeat(&good, json!({ "current_task": format!("task {number}") })).await.ok();
        let body =
            json!({ "activity_type": "a", "summary": format!("activity {number}"), "request_body": { "n": number } });
        server.post(&format!("/workspaces/{good}/activity"), body).await.ok();
        let event = json!({ "event_type": "progress", "run_id": format!("run-{number}"), "workspace_id": good,
            "agent_id": format!("agent-{number}"), "data": { "n": number } });
        server.post("/api/events", event).await.ok();
    }
    let (mut workflows, mut tasks) = (Vec::new(), Vec::new());
    for number in 0..2 {
        let wait = json!([step("wait", "wait", json!({ "seconds": 0.001 }), &[])]);
        let id = execute(server, wait, json!({})).await;
        workflows.push(ended(server, &id).await["execution_id"].as_str().unwrap().to_owned());
        let task = server.post("/api/tasks", json!({ "title": format!("t{number}"), "workspace_id": good })).await.ok();
        tasks.push(task["task_id"].as_str().unwrap().to_owned());
    }
    for _ in 0..2 {
        let approve = json!([step("ask", "approval", json!({ "title": "ok?" }), &[])]);
        workflows.push(execute(server, approve, json!({})).await);
    }
    let waiting = workflows.pop().unwrap();
    until(server, &waiting, |it| it["steps"][0]["status"] == "waiting_approval").await;
    Fleet { good, bad, waiting, workflows, tasks }
}

/// Statements that break one row of each table, and the places of the events that are broken.
fn damage(log: &[Value], fleet: &Fleet) -> (String, Vec<u64>) {
    let Fleet { good, bad, workflows, tasks, .. } = fleet;
    let place = |what: &dyn Fn(&Value) -> bool| log.iter().find(|event| what(event)).unwrap()["seq"].as_u64().unwrap();
    let structure = place(&|event| event["event"] == "AGENT_ASSIGNED");
    let online = place(&|event| event["event"] == "WORKSPACE_ONLINE");
    let task = place(&|event| event["payload"]["current_task"] == "task 1");
    let activity = place(&|event| event["payload"]["summary"] == "activity 1");
    let progress = |run: &str| place(&|event| event["run_id"] == run);
    let (run, deep_run) = (progress("run-1"), progress("run-2"));
    let deep = format!("{}1{}", r#"{"a":"#.repeat(200), "}".repeat(200));
    let deeper = format!("{}1{}", r#"{"a":"#.repeat(126), "}".repeat(126));
    let sql = format!(
        r#"
        UPDATE structure_events SET payload = '[' WHERE seq = {structure};
        UPDATE structure_events SET payload = '{{"url":"","agent_card":{deep}}}' WHERE seq = {online};
        UPDATE transient_events SET frame = 'garbage' WHERE seq = {task};
        UPDATE activity_logs SET source_id = 'a
b' WHERE seq = {activity};
        UPDATE activity_logs SET request_body = '{{"half":"\ud83d"}}' WHERE summary = 'activity 2';
        UPDATE activity_logs SET request_body = '[1e999]', response_body = '{deep}' WHERE summary = 'activity 3';
        UPDATE run_events SET data = '{deep}' WHERE seq = {run};
        UPDATE run_events SET data = '{deeper}' WHERE seq = {deep_run};
        UPDATE workspaces SET vitals = 'x' WHERE id = '{good}';
        UPDATE workspaces SET record = '{{}}' WHERE id = '{bad}';
        UPDATE run_records SET record = '{{}}' WHERE kind = 'run' AND id = 'run-1';
        UPDATE run_records SET record = '[' WHERE kind = 'agent' AND id = 'agent-1';
        UPDATE executions SET state = '{deep}' WHERE id = '{finished}';
        UPDATE executions SET definition = '{{"name":"x","steps":[]}}' WHERE id = '{unfinished}';
        UPDATE workflows SET definition = '{deep}' WHERE id = (SELECT workflow_id FROM executions WHERE id = '{finished}');
        UPDATE tasks SET record = '[' WHERE id = '{task_id}';
        INSERT INTO removed_workspaces (id, seq) VALUES ('no
id', 1);
        INSERT INTO signed_out (id, until) VALUES ('no id', 9999999999999);
        "#,
        finished = workflows[0],
        unfinished = workflows[2],
        task_id = tasks[0],
    );
    (sql, vec![structure, online, task, activity, run, deep_run])
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_rows_are_skipped_counted_and_hide_no_other_row() {
    let server = Server::start().await;
    let fleet = fleet(&server).await;
    let log = server.log().await;
    let (sql, broken) = damage(&log, &fleet);
    let folder = server.stop().await;
    tamper(folder.path(), &sql).await;
    let server = Server::again(folder, |_| {}).await;
    server.assert_all_reads_answer().await;

    // In their places stands that they cannot be read.
    let seen = server.log().await;
    let unreadable = seen.iter().filter(|event| event["event"] == UNREADABLE);
    assert_eq!(unreadable.map(|event| event["seq"].as_u64().unwrap()).collect::<Vec<_>>(), broken);
    for (before, now) in log.iter().zip(&seen).filter(|(_, now)| now["event"] != UNREADABLE) {
        assert_eq!(before, now);
    }
    let reason = seen.iter().find(|event| event["event"] == UNREADABLE).unwrap()["payload"]["reason"].clone();
    assert!(reason.as_str().unwrap().contains(&format!("event {}", broken[0])), "{reason}");
    assert!(server.metric("orrery_unreadable_rows_total").await >= 14.0);

    // A client that resumes gets every place once, and then what is live.
    let epoch = server.socket("/ws?since=").await.json().await["epoch"].as_str().unwrap().to_owned();
    let head = server.head().await;
    let mut client = server.socket(&format!("/ws?since={epoch}:0&include=runs&batch=1")).await;
    assert_eq!(client.json().await["resumed"], true);
    server.heartbeat(&fleet.good, json!({ "current_task": "after" })).await.ok();
    assert_eq!(client.seqs(head as usize + 1).await, (1..=head + 1).collect::<Vec<_>>());

    // Lists miss what cannot be read, and nothing else.
    let ids = |list: Value, key: &str| -> Vec<Value> {
        list.as_array().unwrap().iter().map(|row| row[key].clone()).collect()
    };
    assert_eq!(ids(server.get("/workspaces").await.ok(), "id"), [json!(fleet.good)]);
    assert_eq!(ids(server.get("/api/tasks").await.ok(), "task_id"), [json!(fleet.tasks[1])]);
    server.get(&format!("/api/workflows/executions/{}", fleet.workflows[0])).await.refused(404);
    server.get(&format!("/workspaces/{}", fleet.bad)).await.refused(404);
    assert_eq!(server.get("/api/workflows").await.ok().as_array().unwrap().len(), 3);
    let executions = ids(server.get("/api/workflows/executions").await.ok(), "execution_id");
    assert_eq!(executions, [json!(fleet.waiting), json!(fleet.workflows[1])]);
    let activity = server.get(&format!("/workspaces/{}/activity", fleet.good)).await.ok();
    let summaries = ids(activity.clone(), "summary");
    assert_eq!(summaries, ["activity 3", "activity 2", "activity 0"].map(Value::from));
    assert_eq!(activity[1]["request_body"], json!({ "half": "\u{fffd}" }));
    assert_eq!(activity[0]["request_body"], json!("[1e999]"));
    assert!(activity[0]["response_body"].is_string());

    let page = server.get(&format!("/workspaces/{}/activity?limit=3", fleet.good)).await.ok();
    assert_eq!(page, activity, "a skipped row makes no page shorter");

    // What was running goes on, and everything can still be written.
    let approve = format!("/api/workflows/executions/{}/steps/ask/approve", fleet.waiting);
    server.post(&approve, json!({ "approved": true })).await.ok();
    assert_eq!(ended(&server, &fleet.waiting).await["status"], "completed");
    server.inside("new", &fleet.good).await;
    let server = Server::again(server.stop().await, |_| {}).await;
    server.assert_all_reads_answer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_rows_leave_placeholders_and_clients_resume_past_them() {
    let server = Server::start().await;
    let id = server.create(json!({ "name": "good" })).await;
    for number in 0..6 {
        server.heartbeat(&id, json!({ "current_task": format!("task {number}") })).await.ok();
    }
    let folder = server.stop().await;
    // One row, two in a row, and the last one.
    let sql = "DELETE FROM transient_events WHERE seq IN (SELECT seq FROM head UNION ALL VALUES (3), (5), (6))";
    tamper(folder.path(), sql).await;
    let server = Server::again(folder, |_| {}).await;
    let head = server.head().await;
    let gone = [3, 5, 6, head];

    let seen = server.log().await;
    let seqs: Vec<u64> = seen.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=head).collect::<Vec<_>>());
    let unreadable = seen.iter().filter(|event| event["event"] == UNREADABLE);
    assert_eq!(unreadable.map(|event| event["seq"].as_u64().unwrap()).collect::<Vec<_>>(), gone);
    let reason = seen[2]["payload"]["reason"].as_str().unwrap();
    assert!(reason.contains("its row is missing"), "{reason}");
    assert_eq!(server.metric("orrery_unreadable_rows_total").await, 4.0);

    let epoch = server.socket("/ws?since=").await.json().await["epoch"].as_str().unwrap().to_owned();
    for since in [0, 2, 3, 4, head - 1] {
        let mut client = server.socket(&format!("/ws?since={epoch}:{since}&include=runs&batch=1")).await;
        assert_eq!(client.json().await["resumed"], true);
        let count = (head - since) as usize;
        assert_eq!(client.seqs(count).await, (since + 1..=head).collect::<Vec<_>>());
    }
    assert_eq!(server.metric("orrery_unreadable_rows_total").await, 4.0, "each is counted once");
}
