//! Tests of the owner of an execution: commands through any server, takeover, one terminal event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use orrery_tests::http::Http;
use orrery_tests::server_group::ServerGroup;
use orrery_tests::wait;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Starts a server that responds after a delay and counts requests by path.
async fn listener() -> (String, Arc<Mutex<HashMap<String, usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counts = Arc::clone(&counts);
            tokio::spawn(async move {
                let mut head = vec![0; 4096];
                let length = stream.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..length]);
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                *counts.lock().unwrap().entry(path).or_default() += 1;
                tokio::time::sleep(Duration::from_millis(300)).await;
                let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
                stream.write_all(answer.as_bytes()).await.ok();
            });
        }
    });
    (address, asked)
}

fn step(name: &str, kind: &str, config: Value, after: &[&str]) -> Value {
    json!({"name": name, "step_type": kind, "config": config, "depends_on_steps": after})
}

async fn begin(http: &Http, steps: Value, name: &str) -> String {
    let variables = json!([{"name": "name", "default": ""}]);
    let made =
        http.post("/api/workflows", json!({"name": name, "variables": variables, "steps": steps})).await.expect(201);
    let path = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    let begun = http.post(&path, json!({"input_variables": {"name": name}})).await.expect(202);
    begun["execution_id"].as_str().unwrap().to_owned()
}

fn path(id: &str, rest: &str) -> String {
    format!("/api/workflows/executions/{id}{rest}")
}

async fn until(http: &Http, id: &str, what: &str, enough: impl Fn(&Value) -> bool) -> Value {
    wait::until(what, async || http.get(&path(id, "")).await.expect(200), enough).await
}

fn status<'a>(execution: &'a Value, step: &str) -> &'a str {
    let steps = execution["steps"].as_array().unwrap();
    steps.iter().find(|it| it["step_name"] == step).unwrap()["status"].as_str().unwrap()
}

async fn log(http: &Http) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    loop {
        let page = http.get(&format!("/events?limit=1000&since={}", events.len())).await.expect(200);
        match page.as_array().unwrap() {
            page if page.is_empty() => return events,
            page => events.extend(page.clone()),
        }
    }
}

/// Checks that there is one terminal event, that it is the last, and that no step starts an attempt twice.
fn ended_once(log: &[Value], id: &str) {
    let own: Vec<&Value> = log.iter().filter(|event| event["workflow_execution_id"] == id).collect();
    let kind = |event: &Value| event["event_type"].as_str().unwrap().to_owned();
    let ends =
        |event: &&&Value| matches!(&*kind(event), "workflow_completed" | "workflow_failed" | "workflow_cancelled");
    let story: Vec<String> =
        own.iter().map(|event| format!("{} {}", kind(event), event["data"]["step_name"])).collect();
    assert!(own.iter().filter(ends).count() == 1 && own.last().as_ref().is_some_and(ends), "{story:?}");
    let mut starts = HashMap::new();
    for event in own.iter().filter(|event| kind(event) == "step_started") {
        *starts.entry((event["data"]["step_name"].to_string(), event["data"]["attempt"].to_string())).or_insert(0) += 1;
    }
    assert!(starts.values().all(|times| *times == 1), "{story:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_server_accepts_commands_and_a_dead_owner_is_replaced() {
    let mut several = ServerGroup::start(3, &[]).await;
    let (address, asked) = listener().await;
    let steps = json!([
        step("call", "http", json!({"method": "GET", "url": format!("http://{address}/${{name}}")}), &[]),
        step("ask", "approval", json!({}), &["call"]),
        step("pause", "wait", json!({"seconds": 0.2}), &["ask"]),
    ]);
    let https: Vec<Http> = several.servers.iter().map(|server| server.http()).collect();
    let mut all = Vec::new();
    let mut of_the_first = Vec::new();
    for number in 0..9 {
        let id = begin(&https[number % 3], steps.clone(), &format!("e{number}")).await;
        if number % 3 == 0 {
            of_the_first.push(id.clone());
        }
        all.push(id);
    }
    for id in &all {
        until(&https[1], id, "the approval", |it| status(it, "ask") == "waiting_approval").await;
    }
    // Commands through another server while the owner lives: cancel, approve, and both at once on two servers.
    let cancelled = https[1].post(&path(&of_the_first[0], "/cancel"), json!({"reason": "enough"})).await.expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    https[2].post(&path(&of_the_first[0], "/cancel"), json!({})).await.expect(409);
    let approve = path(&all[1], "/steps/ask/approve");
    let (one, other) = tokio::join!(
        https[0].post(&approve, json!({"approved": true})),
        https[2].post(&approve, json!({"approved": true}))
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.text, other.text);

    // An execution in the middle of a step when its owner dies.
    let running = begin(&https[0], steps.clone(), "cut").await;
    several.servers[0].kill();
    let begun_alone = begin(&https[1], steps.clone(), "later").await;
    // The owner is dead, but not yet replaced: the command is accepted once and applied once.
    let approved = https[2].post(&path(&of_the_first[1], "/steps/ask/approve"), json!({"approved": true})).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let cut = until(&https[1], &running, "the cut execution to end", |it| it["completed_at"].is_string()).await;
    assert_eq!((&cut["status"], status(&cut, "call")), (&json!("failed"), "failed"));
    for id in all.iter().filter(|id| ![&of_the_first[0], &of_the_first[1], &all[1]].contains(id)).chain([&begun_alone])
    {
        until(&https[2], id, "the approval", |it| status(it, "ask") == "waiting_approval").await;
        https[1].post(&path(id, "/steps/ask/approve"), json!({"approved": true})).await.expect(200);
    }
    all.extend([running, begun_alone]);
    for id in &all {
        until(&https[1], id, "the end", |it| it["completed_at"].is_string()).await;
    }
    several.servers[0].restart().await;
    let log = log(&https[1]).await;
    all.iter().for_each(|id| ended_once(&log, id));
    let completed = log.iter().filter(|event| event["event_type"] == "workflow_completed").count();
    assert_eq!(completed, all.len() - 2, "all but the cancelled and the cut one");
    assert!(asked.lock().unwrap().values().all(|times| *times == 1), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_was_suspended_does_not_continue_lost_executions() {
    let mut several = ServerGroup::start(2, &[]).await;
    let https: Vec<Http> = several.servers.iter().map(|server| server.http()).collect();
    let steps = json!([
        step("ask", "approval", json!({}), &[]),
        step("pause", "wait", json!({"seconds": 1.0}), &[]),
        step("last", "wait", json!({"seconds": 0.1}), &["ask", "pause"]),
    ]);
    let mut all = Vec::new();
    for number in 0..4 {
        all.push(begin(&https[0], steps.clone(), &format!("e{number}")).await);
    }
    several.servers[0].program().signal("STOP");
    for id in &all {
        https[1].post(&path(id, "/steps/ask/approve"), json!({"approved": true})).await.expect(200);
        until(&https[1], id, "the end", |it| it["completed_at"].is_string()).await;
    }
    several.servers[0].program().signal("CONT");
    // It takes part again: it starts executions and accepts commands.
    let id = wait::until(
        "the first server to come back",
        async || {
            let again = https[0]
                .post("/api/workflows", json!({"name": "again", "steps": [step("ask", "approval", json!({}), &[])]}));
            let made = again.await.expect(201);
            let begun = https[0]
                .post(&format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap()), json!({}))
                .await;
            (begun.status == 202).then(|| begun.json()["execution_id"].as_str().unwrap().to_owned())
        },
        Option::is_some,
    )
    .await
    .unwrap();
    https[1].post(&path(&id, "/steps/ask/approve"), json!({"approved": true})).await.expect(200);
    until(&https[0], &id, "the end", |it| it["status"] == "completed").await;
    all.push(id);
    let log = log(&https[0]).await;
    all.iter().for_each(|id| ended_once(&log, id));
    assert!(several.servers[0].log().contains("others took over what it ran"));
}
