//! The real binary, killed at random points while callers write: what was acknowledged is in the log exactly once, and
//! the projection is the fold. Never a clean stop.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use orrery_model::{Applied, Canvas, Changes};
use orrery_protocol::EventEnvelope;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::binary::Binary;

const KILLS: u32 = 6;
const WRITERS: usize = 8;

/// What a writer was told that it had done: one marker an event, unique over the whole test, and the event's kind.
type Acknowledged = Vec<(&'static str, String)>;

/// Calls until the server is gone.
async fn write(url: String, writer: String, progress: Arc<Semaphore>) -> Acknowledged {
    let client = Client::new();
    let mut acknowledged = Acknowledged::new();
    let post = |path: String, body: Value| {
        let request = client.post(format!("{url}{path}")).json(&body).timeout(Duration::from_secs(60));
        let progress = progress.clone();
        async move {
            let answer = request.send().await.ok()?;
            let status = answer.status();
            let body: Value = answer.json().await.ok()?;
            assert!(status.is_success(), "{status} {body}");
            progress.add_permits(1);
            Some(body)
        }
    };
    for turn in 0.. {
        let marker = format!("{writer}.{turn}");
        let Some(answer) =
            post("/workspaces".into(), json!({ "name": marker, "canvas": { "x": 0.1, "y": 1e-7 } })).await
        else {
            return acknowledged;
        };
        acknowledged.push(("WORKSPACE_PROVISIONING", marker));
        let id = answer["id"].as_str().unwrap().to_owned();
        for step in 0..3 {
            let marker = format!("{writer}.{turn}.{step}");
            let beat = json!({ "workspace_id": id, "current_task": marker, "active_tasks": 1 });
            let Some(_) = post("/registry/heartbeat".into(), beat).await else { return acknowledged };
            acknowledged.push(("TASK_UPDATED", marker.clone()));
            let said = json!({ "activity_type": "agent_log", "summary": marker, "request_body": { "m": marker } });
            let Some(_) = post(format!("/workspaces/{id}/activity"), said).await else { return acknowledged };
            acknowledged.push(("ACTIVITY_LOGGED", marker));
        }
    }
    acknowledged
}

/// Counts each marker that the log holds, by kind.
fn markers(log: &[Value]) -> HashMap<(&str, &str), usize> {
    let mut counts = HashMap::new();
    for event in log {
        let payload = &event["payload"];
        let kind = event["event"].as_str().unwrap();
        let marker = match kind {
            "WORKSPACE_PROVISIONING" => &payload["name"],
            "TASK_UPDATED" => &payload["current_task"],
            "ACTIVITY_LOGGED" => &payload["summary"],
            _ => continue,
        };
        *counts.entry((kind, marker.as_str().unwrap())).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_under_load_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Acknowledged::new();
    let mut server = Binary::start(folder.path()).await;
    for kill in 0..KILLS {
        let progress = Arc::new(Semaphore::new(0));
        let write = |writer| write(server.url.clone(), format!("{kill}.{writer}"), progress.clone());
        let writers: Vec<_> = (0..WRITERS).map(|writer| tokio::spawn(write(writer))).collect();
        // Somewhere in the middle of things: each time after another number of answers.
        let _ = progress.acquire_many(5 + (kill * 7919) % 160).await.unwrap();
        server.kill().await;
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }

        server = Binary::start(folder.path()).await;
        let log = server.log().await;
        let mut fold = Canvas::new();
        for event in &log {
            let logged = EventEnvelope::read(&event.to_string()).unwrap();
            assert_eq!(fold.apply(&logged, &mut Changes::default()), Applied::Applied, "a gap before {event}");
        }
        let counts = markers(&log);
        for (kind, marker) in &acknowledged {
            assert_eq!(counts.get(&(*kind, marker.as_str())), Some(&1), "{kind} {marker} after kill {kill}");
        }
        assert!(counts.values().all(|count| *count == 1), "nothing is there twice");
        let answer = reqwest::get(format!("{}/snapshot", server.url)).await.unwrap();
        let hash = answer.headers()["x-state-hash"].to_str().unwrap().to_owned();
        assert_eq!(hash, format!("{:016x}", fold.hash()), "the projection is the fold after kill {kill}");
    }
}
