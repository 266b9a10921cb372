//! Writes through any server and records the outcomes. It does not retry, because a retry is another write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use orrery_tests::http::Http;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::write_records::{WriteOutcome, WriteRecords};

pub struct Writer {
    over: Arc<AtomicBool>,
    writing: JoinHandle<()>,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Writer {
    pub fn start(name: usize, servers: Vec<String>, fleet: Vec<String>, write_records: Arc<WriteRecords>) -> Self {
        let over: Arc<AtomicBool> = Arc::default();
        let ends = Arc::clone(&over);
        let writing = tokio::spawn(async move {
            let servers: Vec<Http> = servers.iter().map(|server| Http::to(server)).collect();
            let mut temporary = Vec::new();
            for number in 0.. {
                if ends.load(Relaxed) {
                    return;
                }
                let mark = format!("w{name}-{number}");
                let to = &servers[(name + number / 7) % servers.len()];
                write(to, &fleet, number * 5 + name * 3, mark, &write_records, &mut temporary).await;
                sleep(Duration::from_millis(15)).await;
            }
        });
        Self { over, writing }
    }

    pub async fn stop(self) {
        self.over.store(true, Relaxed);
        self.writing.await.unwrap();
    }
}

async fn write(
    to: &Http,
    fleet: &[String],
    dice: usize,
    mark: String,
    write_records: &WriteRecords,
    temporary: &mut Vec<String>,
) {
    let workspace = &fleet[dice % fleet.len()];
    let (method, path, body) = match dice % 20 {
        0..10 => {
            let body = json!({"activity_type": "a2a_send", "method": "message/send", "summary": mark, "status": "ok",
                "request_body": {"mark": mark}, "duration_ms": dice});
            (Method::POST, format!("/workspaces/{workspace}/activity"), body)
        }
        10..13 => {
            let body = json!({"workspace_id": workspace, "error_rate": 0.0, "sample_error": "", "active_tasks": 1,
                "uptime_seconds": dice, "current_task": mark});
            (Method::POST, "/registry/heartbeat".into(), body)
        }
        13..15 => (Method::PATCH, format!("/workspaces/{workspace}"), json!({"name": mark})),
        15..17 => {
            // A move has no text for a mark. The server rejects a cycle.
            let parent = (!dice.is_multiple_of(3)).then(|| &fleet[(dice * 7 + 1) % fleet.len()]);
            let path = format!("/workspaces/{workspace}");
            let _ = timeout(PATIENCE, to.try_call(Method::PATCH, &path, Some(json!({"parent_id": parent})))).await;
            return;
        }
        17..19 => (Method::POST, "/workspaces".into(), json!({"name": mark, "parent_id": workspace})),
        _ => {
            let Some(id) = temporary.pop() else { return };
            let _ =
                timeout(PATIENCE, to.try_call(Method::DELETE, &format!("/workspaces/{id}?confirm=true"), None)).await;
            return;
        }
    };
    let outcome = match timeout(PATIENCE, to.try_call(method, &path, Some(body))).await {
        Ok(Ok(answer)) if answer.status < 300 => {
            let answer_json: Value = answer.json();
            if path == "/workspaces" {
                temporary.extend(answer_json["id"].as_str().map(str::to_owned));
            }
            let place = answer_json["cursor"].as_str().and_then(|cursor| cursor.rsplit_once(':')?.1.parse().ok());
            WriteOutcome::Acknowledged(place)
        }
        Ok(Ok(_)) => WriteOutcome::Refused,
        Ok(Err(_)) | Err(_) => WriteOutcome::Unknown,
    };
    write_records.note(mark, outcome);
}
