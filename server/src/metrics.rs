//! Counters of what the server did, and their Prometheus text. Never a decision by them.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::log::Batch;

#[derive(Debug, Default)]
pub struct Metrics {
    pub events_published: Counter,
    pub commits: Counter,
    pub commit_micros: Counter,
    pub commits_failed: Counter,
    pub requests: Counter,
    pub requests_refused: Counter,
    pub heartbeats: Counter,
    pub sockets_opened: Counter,
    pub sockets_closed: Counter,
    pub sockets_too_slow: Counter,
    pub frames_sent: Counter,
    pub resumes: Counter,
    pub snapshots_needed: Counter,
    pub healed_gaps: Counter,
    pub bus_dropped: Counter,
    pub takeovers: Counter,
    pub begun_anew: Counter,
    /// How many events other servers have appended that this one has not delivered yet.
    pub lag: Level,
}

/// Only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

/// Goes up and down.
#[derive(Debug, Default)]
pub struct Level(AtomicU64);

impl Level {
    pub fn set(&self, value: u64) {
        self.0.store(value, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// A number that comes from elsewhere, read when it is asked for.
pub struct Gauge {
    pub name: &'static str,
    pub help: &'static str,
    pub value: f64,
}

impl Counter {
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Metrics {
    pub fn committed(&self, batch: &Batch, took: Duration) {
        self.events_published.add(batch.published.len() as u64);
        self.commits.add(1);
        self.commit_micros.add(took.as_micros() as u64);
    }

    pub fn commit_failed(&self) {
        self.commits_failed.add(1);
    }

    pub fn render(&self, gauges: &[Gauge]) -> String {
        let counters = [
            ("events_published", "Events committed and announced.", &self.events_published),
            ("commits", "Transactions of the log.", &self.commits),
            ("commit_micros", "Microseconds spent in those.", &self.commit_micros),
            ("commits_failed", "Transactions that failed.", &self.commits_failed),
            ("requests", "HTTP requests answered.", &self.requests),
            ("requests_refused", "HTTP requests answered with a status of 400 or more.", &self.requests_refused),
            ("heartbeats", "Heartbeats of agents.", &self.heartbeats),
            ("sockets_opened", "WebSockets opened.", &self.sockets_opened),
            ("sockets_closed", "WebSockets closed, for whatever reason.", &self.sockets_closed),
            ("sockets_too_slow", "WebSockets closed because their reader was too slow.", &self.sockets_too_slow),
            ("frames_sent", "Frames put on sockets.", &self.frames_sent),
            ("resumes", "Sockets that went on from their cursor.", &self.resumes),
            ("snapshots_needed", "Sockets whose cursor could not be resumed.", &self.snapshots_needed),
            ("healed_gaps", "Messages of the bus that were missing and read from the log.", &self.healed_gaps),
            ("bus_dropped", "Messages of the bus that were given up.", &self.bus_dropped),
            ("begun_anew", "Times this server had missed what was trimmed, and closed its sockets.", &self.begun_anew),
            ("takeovers", "Times this server took over what another one had run.", &self.takeovers),
        ];
        let mut text = String::new();
        for (name, help, counter) in counters {
            let name = format!("orrery_{name}_total");
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {}", counter.get());
        }
        for Gauge { name, help, value } in gauges {
            let _ = writeln!(text, "# HELP orrery_{name} {help}\n# TYPE orrery_{name} gauge\norrery_{name} {value}");
        }
        text
    }
}
