//! How many events a second are made durable and acknowledged: in bodies of many lines, and one a request.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::process;
use crate::publisher::{Publisher, create_workspaces};

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Events a request
    #[arg(long, default_value_t = 256)]
    lines: usize,
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

pub fn run(address: SocketAddr, pid: u32, options: &Options) -> Result<Value> {
    let time = Duration::from_secs(options.seconds);
    let (started, cpu) = (Instant::now(), process::cpu_time(pid)?);
    let publishing = (0..options.connections).map(|number| {
        let lines = lines(number, options.lines);
        let count = options.lines as u64;
        thread::spawn(move || -> Result<u64> {
            let mut connection = Connection::open(address)?;
            let mut published = 0;
            while started.elapsed() < time {
                connection.post_lines("/api/events", lines.as_bytes())?;
                published += count;
            }
            Ok(published)
        })
    });
    let threads: Vec<_> = publishing.collect();
    let mut published = 0;
    for thread in threads {
        published += thread.join().map_err(|_| anyhow!("a publisher panicked"))??;
    }
    let (took, cpu) = (started.elapsed(), process::cpu_time(pid)? - cpu);

    let workspaces = create_workspaces(address, 8, |_| None)?;
    let publisher = Publisher::start(address, &workspaces, 1_000_000, time)?;
    thread::sleep(time);
    let heartbeats = publisher.finish()?;
    Ok(json!({
        "events_a_second": published as f64 / took.as_secs_f64(),
        "cpu_us_an_event": cpu.as_secs_f64() * 1e6 / published as f64,
        "heartbeats_a_second": heartbeats as f64 / time.as_secs_f64(),
    }))
}

fn lines(connection: usize, count: usize) -> String {
    let line = |number: usize| {
        json!({
            "event_type": "progress", "timestamp": "2026-01-01T00:00:00Z", "workspace_id": null,
            "agent_id": format!("agent-{connection}"), "task_id": format!("task-{number}"), "run_id": null,
            "workflow_id": null, "workflow_execution_id": null, "workflow_step_id": null,
            "data": {"percent": number % 100}, "message": "Reading the quarterly report",
        })
    };
    (0..count).map(|number| format!("{}\n", line(number))).collect()
}
