//! Some callers flood the server; the others go on as if they did not. What is held is who comes before whom in the log.

use std::sync::Arc;
use std::time::Duration;

use orrery_server::publish::{BATCH_EVENTS, Decision};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::{Answer, Server};

/// Keeps the writer busy until it is dropped.
pub struct Hold {
    release: Option<std::sync::mpsc::Sender<()>>,
    held: JoinHandle<()>,
}

impl Hold {
    /// Returns when the writer does nothing else. Needs a runtime with several threads.
    pub async fn begin(server: &Server) -> Self {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let door = server.running.app.door.clone();
        let held = tokio::spawn(async move {
            let decide = move |_: &_| {
                begun.send(()).unwrap();
                // The runtime goes on with everything else meanwhile.
                let _ = tokio::task::block_in_place(|| released.recv());
                Ok(Decision::nothing(()))
            };
            door.publish(decide).await.unwrap();
        });
        begins.await.unwrap();
        Self { release: Some(release), held }
    }

    pub async fn end(mut self) {
        drop(self.release.take());
        self.held.await.unwrap();
    }
}

/// Waits until so many requests wait for the writer.
pub async fn waiting(server: &Server, count: usize) {
    for _ in 0..6000 {
        if server.running.app.door.waiting() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} of {count} requests wait", server.running.app.door.waiting());
}

fn call(server: &Server, path: String, body: Value) -> JoinHandle<Answer> {
    let request = server.client.post(server.url(&path)).json(&body);
    tokio::spawn(Answer::of(request))
}

fn commits(metrics: &Value) -> u64 {
    let line = metrics.as_str().unwrap().lines().find(|line| line.starts_with("orrery_commits_total "));
    line.unwrap().split(' ').next_back().unwrap().parse().unwrap()
}

/// Four agents queue 60 requests each, two of them expanding and two with long tasks, before ten others say what they do.
/// Each of the ten is served before a third request of any of the four, in the first batch.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn heartbeats_are_committed_next_while_four_agents_flood() {
    const EACH: usize = 60;
    const CHILDREN: usize = 40;
    let server = Arc::new(Server::start().await);
    let mut loud = Vec::new();
    for name in ["expand 1", "expand 2", "task 1", "task 2"] {
        loud.push(server.named(name).await);
    }
    let mut quiet = Vec::new();
    for number in 0..10 {
        quiet.push(server.named(&format!("quiet {number}")).await);
    }
    let begun = server.head().await;
    let commits_before = commits(&server.get("/metrics").await.ok());
    let hold = Hold::begin(&server).await;
    let mut calls = Vec::new();
    for number in 0..EACH {
        let children: Vec<Value> = (0..CHILDREN).map(|at| json!({ "name": format!("{number}-{at}") })).collect();
        for id in &loud[..2] {
            calls.push(call(&server, format!("/workspaces/{id}/expand"), json!({ "sub_workspaces": children })));
        }
        for id in &loud[2..] {
            let task = format!("{number}{}", "x".repeat(100_000));
            calls.push(call(
                &server,
                "/registry/heartbeat".into(),
                json!({ "workspace_id": id, "current_task": task }),
            ));
        }
    }
    waiting(&server, 4 * EACH).await;
    for id in &quiet {
        calls.push(call(&server, "/registry/heartbeat".into(), json!({ "workspace_id": id, "current_task": "mine" })));
    }
    waiting(&server, 4 * EACH + quiet.len()).await;
    hold.end().await;
    for call in calls {
        call.await.unwrap().ok();
    }

    let log = server.log_after(begun).await;
    let is_last_of = |event: &Value, ids: &[String]| {
        let kind = event["event"].as_str().unwrap();
        let of_them = ids.iter().any(|id| event["workspace_id"] == json!(id));
        of_them && (kind == "WORKSPACE_EXPANDED" || kind == "TASK_UPDATED")
    };
    let last_quiet = log.iter().rposition(|event| is_last_of(event, &quiet)).unwrap();
    for id in &loud {
        let one = std::slice::from_ref(id);
        let before = log[..last_quiet].iter().filter(|event| is_last_of(event, one)).count();
        let all = log.iter().filter(|event| is_last_of(event, one)).count();
        assert!(before <= 2 && all == EACH, "{before} of {all} requests of {id} came before the last heartbeat");
    }
    assert!(last_quiet < BATCH_EVENTS as usize, "they are in the first batch");
    // A batch ends with the request that fills it.
    let batches = commits(&server.get("/metrics").await.ok()) - commits_before;
    let largest = BATCH_EVENTS + CHILDREN as u64 + 1;
    assert!(batches >= log.len() as u64 / largest, "{batches} batches for {} events", log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_workspace_whose_queue_is_full_is_told_to_wait_and_others_are_not() {
    let server = Server::start().await;
    let (loud, quiet) = (server.named("loud").await, server.named("quiet").await);
    let hold = Hold::begin(&server).await;
    let beat = |id: &str| call(&server, "/registry/heartbeat".into(), json!({ "workspace_id": id }));
    let calls: Vec<_> = (0..orrery_server::publish::WAITING_PER_WORKSPACE).map(|_| beat(&loud)).collect();
    waiting(&server, calls.len()).await;
    let refused = beat(&loud).await.unwrap();
    assert!(refused.headers.contains_key("retry-after"));
    assert!(refused.refused(429).contains("too many requests of this workspace wait"));
    let other = beat(&quiet);
    waiting(&server, calls.len() + 1).await;
    hold.end().await;
    other.await.unwrap().ok();
    for call in calls {
        call.await.unwrap().ok();
    }
}
