//! An operator that starts executions on any server and approves them on any other while faults occur.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use orrery_tests::http::{Answer, Http};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// Time-out of one call: longer than the detection of a dead owner.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time-out for the last executions to end.
const LAST: Duration = Duration::from_secs(90);

pub struct Operator {
    over: Arc<AtomicBool>,
    /// Returns the executions that have not ended.
    working: JoinHandle<Vec<String>>,
}

impl Operator {
    pub fn start(servers: Vec<String>) -> Self {
        let over: Arc<AtomicBool> = Arc::default();
        let working = tokio::spawn(work(servers.iter().map(|server| Http::to(server)).collect(), Arc::clone(&over)));
        Self { over, working }
    }

    /// Waits until every execution has ended, and returns those that have not.
    pub async fn stop(self) -> Vec<String> {
        self.over.store(true, Relaxed);
        self.working.await.unwrap()
    }
}

async fn work(servers: Vec<Http>, over: Arc<AtomicBool>) -> Vec<String> {
    let step = |name: &str, kind: &str, config: Value, after: &[&str]| json!({"name": name, "step_type": kind, "config": config, "depends_on_steps": after, "max_retries": 2});
    let steps = [
        step("first", "wait", json!({"seconds": 0.2}), &[]),
        step("ask", "approval", json!({}), &["first"]),
        step("other", "wait", json!({"seconds": 1.5}), &[]),
        step("last", "wait", json!({"seconds": 0.1}), &["ask", "other"]),
    ];
    let made = servers[0].post("/api/workflows", json!({"name": "A plan", "steps": steps})).await.expect(201);
    let begin = format!("/api/workflows/{}/execute", made["workflow_id"].as_str().unwrap());
    let mut open: Vec<String> = Vec::new();
    let mut until = None;
    for turn in 0.. {
        if over.load(Relaxed) {
            // Includes executions whose start had no response.
            let all =
                call(&servers[turn % servers.len()], Method::GET, "/api/workflows/executions?status=running").await;
            let Some(all) = all else { continue };
            open =
                all.json().as_array().unwrap().iter().map(|it| it["execution_id"].as_str().unwrap().into()).collect();
            if open.is_empty() || Instant::now() > *until.get_or_insert(Instant::now() + LAST) {
                break;
            }
        } else if let Some(begun) = call(&servers[turn % servers.len()], Method::POST, &begin).await {
            open.extend(begun.json()["execution_id"].as_str().map(str::to_owned));
        }
        let mut left = Vec::new();
        for (at, id) in open.into_iter().enumerate() {
            let path = format!("/api/workflows/executions/{id}");
            let (one, other) = (&servers[(turn + at + 1) % servers.len()], &servers[(turn + at + 2) % servers.len()]);
            let now = call(one, Method::GET, &path).await.map(|answer| answer.json()).unwrap_or_default();
            let waits = now["steps"][1]["status"] == "waiting_approval";
            if waits {
                call_with(other, Method::POST, &format!("{path}/steps/ask/approve"), json!({"approved": true})).await;
            }
            if !now["completed_at"].is_string() {
                left.push(id);
            }
        }
        open = left;
        sleep(Duration::from_millis(100)).await;
    }
    open
}

/// Returns `None` if the call was rejected or had no response.
async fn call(to: &Http, method: Method, path: &str) -> Option<Answer> {
    call_with(to, method, path, json!({})).await
}

/// Sends a body, if the method has one.
async fn call_with(to: &Http, method: Method, path: &str, body: Value) -> Option<Answer> {
    let body = (method == Method::POST).then_some(body);
    let answer = timeout(PATIENCE, to.try_call(method, path, body)).await.ok()?.ok()?;
    (answer.status < 300).then_some(answer)
}
