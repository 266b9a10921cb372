//! Counters of what the server did, and their Prometheus text. Never a decision by them.

mod kinds;
mod text;

use std::time::Duration;

pub use kinds::{Counter, Ends, Histogram, Level, Side};

use crate::log::Batch;
use text::Text;

/// How many events were written as text: each once, however many hear it. Of the whole process, as whoever encodes has no
/// server at hand.
pub static EVENTS_ENCODED: Counter = Counter::new();
/// How many questions the log was asked: none to deliver an event.
pub static LOG_QUESTIONS: Counter = Counter::new();
/// How many rows of the log could not be read, each counted once. Of the whole process, as whoever reads a row has no
/// server at hand.
pub static UNREADABLE_ROWS: Counter = Counter::new();

#[derive(Debug, Default)]
pub struct Metrics {
    pub events_published: Counter,
    pub commits: Counter,
    pub commit_micros: Counter,
    pub commits_failed: Counter,
    pub writer_restarts: Counter,
    pub requests: Counter,
    pub requests_refused: Counter,
    pub heartbeats: Counter,
    pub sockets_opened: Counter,
    pub sockets_closed: Counter,
    pub sockets_too_slow: Counter,
    pub disconnects: Ends,
    pub deliveries: Counter,
    /// Of these there are fewer under load.
    pub writes: Counter,
    /// From the commit of an event to its frame being handed to a socket.
    pub commit_to_send: Histogram,
    pub connections_refused: Counter,
    pub resumes: Counter,
    pub snapshots_needed: Counter,
    pub healed_gaps: Counter,
    pub bus_dropped: Counter,
    pub takeovers: Counter,
    /// Requests that failed because deciding, encoding or folding them panicked.
    pub panics: Counter,
    pub log_reads: Counter,
    pub begun_anew: Counter,
    /// TCP connections, WebSockets included.
    pub connections: Level,
    /// How many events other servers have appended that this one has not delivered yet.
    pub lag: Level,
}

/// A number that comes from elsewhere, read when it is asked for.
pub struct Gauge {
    pub name: &'static str,
    /// None, or `{kind="canvas"}`.
    pub labels: &'static str,
    pub help: &'static str,
    pub value: f64,
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
            ("writer_restarts", "Times that the writer panicked and went on from the log.", &self.writer_restarts),
            ("requests", "HTTP requests answered.", &self.requests),
            ("requests_refused", "HTTP requests answered with a status of 400 or more.", &self.requests_refused),
            ("heartbeats", "Heartbeats of agents.", &self.heartbeats),
            ("sockets_opened", "WebSockets opened.", &self.sockets_opened),
            ("sockets_closed", "WebSockets closed, for whatever reason.", &self.sockets_closed),
            ("sockets_too_slow", "WebSockets closed because their reader was too slow.", &self.sockets_too_slow),
            ("deliveries", "Events put on sockets.", &self.deliveries),
            ("writes", "Times that sockets were handed events, one or several.", &self.writes),
            ("connections_refused", "Connections beyond a limit.", &self.connections_refused),
            ("resumes", "Sockets that went on from their cursor.", &self.resumes),
            ("snapshots_needed", "Sockets whose cursor could not be resumed.", &self.snapshots_needed),
            ("healed_gaps", "Messages of the bus that were missing and read from the log.", &self.healed_gaps),
            ("bus_dropped", "Messages of the bus that were given up.", &self.bus_dropped),
            ("events_encoded", "Events written as text, once for all who hear them.", &EVENTS_ENCODED),
            ("log_questions", "Questions to the log; none is asked to deliver an event.", &LOG_QUESTIONS),
            ("log_reads", "Queries for clients that resume from further back than memory reaches.", &self.log_reads),
            ("begun_anew", "Times this server had missed what was trimmed, and closed its sockets.", &self.begun_anew),
            ("unreadable_rows", "Rows of the log that cannot be read and are skipped.", &UNREADABLE_ROWS),
            ("panics", "Requests that failed because of a panic.", &self.panics),
            ("takeovers", "Times this server took over what another one had run.", &self.takeovers),
        ];
        let mut text = Text::default();
        counters.iter().for_each(|(name, help, counter)| text.counter(name, help, counter));
        text.ends("disconnects", "Sockets that ended, by who ended them and how.", &self.disconnects);
        text.histogram("commit_to_send", "From an event's commit to a socket.", &self.commit_to_send);
        let mut last = "";
        for gauge in gauges {
            text.gauge(gauge, gauge.name != last);
            last = gauge.name;
        }
        text.finish()
    }
}
