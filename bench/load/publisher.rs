//! Publishes heartbeats that each change a task, at a constant rate, through a few persistent connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;

use crate::clients::unix_nanos;
use crate::http::Connection;

pub struct Publisher {
    published: Arc<AtomicU64>,
    is_stopped: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Result<()>>>,
}

const CONNECTIONS: u32 = 8;

impl Publisher {
    /// Starts to publish `rate` events a second for `time`, about each of the workspaces in turn.
    pub fn start(address: SocketAddr, workspaces: &[String], rate: u32, time: Duration) -> Result<Self> {
        let published = Arc::new(AtomicU64::new(0));
        let is_stopped = Arc::new(AtomicBool::new(false));
        let start = Instant::now();
        let mut threads = Vec::new();
        for first in 0..CONNECTIONS {
            let mut connection = Connection::open(address)?;
            let (workspaces, published, is_stopped) = (workspaces.to_vec(), published.clone(), is_stopped.clone());
            threads.push(thread::spawn(move || {
                for turn in (first..).step_by(CONNECTIONS as usize) {
                    let due = Duration::from_secs_f64(f64::from(turn) / f64::from(rate));
                    if due >= time || start.elapsed() > time || is_stopped.load(Ordering::Relaxed) {
                        break;
                    }
                    thread::sleep(due.saturating_sub(start.elapsed()));
                    let workspace = &workspaces[turn as usize % workspaces.len()];
                    connection.post("/registry/heartbeat", &heartbeat(workspace))?;
                    published.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            }));
        }
        Ok(Self { published, is_stopped, threads })
    }

    pub fn is_done(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// Stops, and returns the number of published events.
    pub fn finish(self) -> Result<u64> {
        self.is_stopped.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().map_err(|_| anyhow::anyhow!("a publisher panicked"))??;
        }
        Ok(self.published.load(Ordering::Relaxed))
    }
}

/// Returns a heartbeat whose task holds the time of sending, so that each is a change and therefore an event.
fn heartbeat(workspace: &str) -> serde_json::Value {
    json!({
        "workspace_id": workspace, "error_rate": 0.0, "sample_error": "", "active_tasks": 1,
        "uptime_seconds": 60, "current_task": format!("at {}", unix_nanos()),
    })
}

/// Creates workspaces and returns their ids.
pub fn create_workspaces(
    address: SocketAddr,
    count: usize,
    parent: impl Fn(usize) -> Option<usize>,
) -> Result<Vec<String>> {
    let mut connection = Connection::open(address)?;
    let mut ids: Vec<String> = Vec::new();
    for index in 0..count {
        let parent = parent(index).map(|parent| ids[parent].clone());
        let body = json!({"name": format!("Bench {index}"), "parent_id": parent});
        let created = connection.post("/workspaces", &body)?;
        ids.push(created["id"].as_str().unwrap_or_default().to_owned());
        connection.post("/registry/heartbeat", &heartbeat(&ids[index]))?;
    }
    Ok(ids)
}
