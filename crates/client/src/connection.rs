//! The connection state machine: takes inputs and returns effects (see chapter 13 of docs/protocol.md). The time and the
//! jitter are passed in.

use orrery_protocol::{Cursor, Epoch, Seq, Timestamp, message::CloseCode};

use super::backoff::Backoff;
use super::connection_status::{ConnectionStatus, StopReason};
use super::input::{Effect, Input, LoadFailure};
use super::phase::{HEARTBEAT_TIMEOUT, HELLO_TIMEOUT, LOAD_TIMEOUT, OFFLINE_AFTER, OPEN_TIMEOUT, Phase, Server};
use super::sequence::{Sequence, SequenceCheck};

/// The connection to one server. Its owner passes inputs in, runs the effects, and calls [`handle`](Self::handle) with
/// [`Input::TimerFired`] at the [`deadline`](Self::deadline).
pub struct Connection {
    phase: Phase,
    backoff: Backoff,
    epoch: Option<Epoch>,
    sequence: Sequence,
    server: Server,
    /// The last `seq` of the log at the last hello: an older snapshot would leave events out.
    hello_head: Seq,
    /// The `seq` after which the last gap was found.
    gap_after: Option<Seq>,
    /// Whether the server sends heartbeats, so that silence means that it is lost.
    has_heartbeats: bool,
    last_message_at: Timestamp,
    /// Since when the connection is not live; `None` while it is.
    lost_at: Option<Timestamp>,
}

impl Connection {
    /// Creates a connection that opens a socket at the first [`Input::TimerFired`].
    pub fn new(now: Timestamp) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            backoff: Backoff::default(),
            epoch: None,
            sequence: Sequence::default(),
            server: Server::Sequenced,
            hello_head: 0,
            gap_after: None,
            has_heartbeats: false,
            last_message_at: now,
            lost_at: Some(now),
        }
    }

    /// Handles an input and returns what is to be done. `jitter` is a uniform random number from 0 to 1.
    pub fn handle(&mut self, input: Input, now: Timestamp, jitter: f64) -> Vec<Effect> {
        if !matches!(input, Input::TimerFired | Input::RetryRequested | Input::NetworkRestored) {
            self.last_message_at = now;
        }
        let effects = self.transition(input, now, jitter);
        match self.phase {
            Phase::Live { .. } => self.lost_at = None,
            _ => self.lost_at = self.lost_at.or(Some(now)),
        }
        effects
    }

    /// Returns what to do with an event that has arrived, and counts it. Does not allocate: called for each event.
    pub fn check_sequence(&mut self, seq: Option<Seq>, now: Timestamp) -> SequenceCheck {
        self.last_message_at = now;
        let check = seq.map_or(SequenceCheck::Next, |seq| self.sequence.check(seq));
        if let Phase::CatchingUp { head } = self.phase
            && self.sequence.last() >= head
        {
            self.set_live(now);
        }
        check
    }

    /// Returns whether the initial state is being loaded.
    pub fn is_loading(&self) -> bool {
        matches!(self.phase, Phase::Loading { .. })
    }

    /// Returns whether the next message should be a hello.
    pub fn awaits_hello(&self) -> bool {
        matches!(self.phase, Phase::AwaitingHello { .. })
    }

    /// Returns whether every event of the log has been received.
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// Returns when the last message arrived.
    pub fn last_message_at(&self) -> Timestamp {
        self.last_message_at
    }

    /// Notes that a message has arrived which is no input.
    pub fn on_message(&mut self, now: Timestamp) {
        self.last_message_at = now;
    }

    /// Returns when [`Input::TimerFired`] is due, or `None` when nothing is waited for.
    pub fn deadline(&self) -> Option<Timestamp> {
        let silence = self.has_heartbeats.then(|| self.last_message_at.plus_millis(HEARTBEAT_TIMEOUT));
        match &self.phase {
            Phase::Waiting { until } => Some(*until),
            Phase::Opening { by } | Phase::AwaitingHello { by } | Phase::Loading { by, .. } => Some(*by),
            Phase::CatchingUp { .. } | Phase::Live { .. } => silence,
            Phase::Stopped(_) => None,
        }
    }

    /// Returns the status to be shown.
    pub fn status(&self, now: Timestamp) -> ConnectionStatus {
        let since = self.lost_at.unwrap_or(now);
        let is_long = now.millis() - since.millis() >= OFFLINE_AFTER;
        match &self.phase {
            Phase::Live { .. } => ConnectionStatus::Live,
            Phase::Stopped(reason) => ConnectionStatus::Stopped { reason: reason.clone() },
            Phase::Waiting { .. } | Phase::Opening { .. } if is_long => ConnectionStatus::Offline { since },
            Phase::Waiting { until } => ConnectionStatus::Reconnecting { at: *until },
            _ => ConnectionStatus::Connecting,
        }
    }

    fn transition(&mut self, input: Input, now: Timestamp, jitter: f64) -> Vec<Effect> {
        match input {
            Input::EarlySnapshotRequested => {
                self.phase = Phase::Loading { server: Server::Sequenced, by: now.plus_millis(LOAD_TIMEOUT) };
                vec![Effect::LoadSnapshot]
            }
            Input::TimerFired => self.on_timer(now, jitter),
            Input::RetryRequested => match self.phase {
                Phase::Waiting { .. } | Phase::Stopped(_) => self.open(now),
                _ => Vec::new(),
            },
            Input::NetworkRestored => match self.phase {
                Phase::Waiting { .. } => self.open(now),
                _ => Vec::new(),
            },
            // It has sent no hello before. Should one come all the same, it is handled.
            Input::Opened if self.server == Server::Unsequenced => self.load_rows(now),
            Input::Opened => {
                self.phase = Phase::AwaitingHello { by: now.plus_millis(HELLO_TIMEOUT) };
                Vec::new()
            }
            Input::EventBeforeHello if self.awaits_hello() => self.load_rows(now),
            Input::EventBeforeHello => Vec::new(),
            Input::Hello { epoch, head, resumed } => self.on_hello(epoch, head, resumed, now),
            Input::Heartbeat(head) => {
                self.has_heartbeats = true;
                match head {
                    Some(head) if head > self.sequence.last() && self.is_sequenced() => self.retry(now, jitter),
                    _ => Vec::new(),
                }
            }
            Input::Closed { code, reason } => self.on_closed(code, reason, now, jitter),
            // From a socket that is closed already.
            Input::GapDetected | Input::StateMismatch
                if matches!(self.phase, Phase::Waiting { .. } | Phase::Stopped(_)) =>
            {
                Vec::new()
            }
            Input::StateMismatch => {
                self.epoch = None;
                self.retry(now, jitter)
            }
            Input::GapDetected => {
                // The same gap again: the missing event cannot be read, so resuming would repeat it for ever.
                if self.gap_after.replace(self.sequence.last()) == Some(self.sequence.last()) {
                    self.epoch = None;
                }
                self.retry(now, jitter)
            }
            Input::SnapshotLoaded(cursor) => match self.phase {
                // Requested before the socket was opened: the events since then come when it resumes.
                Phase::Loading { server: Server::Sequenced, .. } if self.epoch.is_none() => {
                    (self.epoch, self.sequence) = (Some(cursor.epoch), Sequence::after(cursor.seq));
                    self.open(now)
                }
                // The log was replaced between the hello and the answer, or another server has answered that lags behind.
                Phase::Loading { .. } if self.epoch.as_ref() != Some(&cursor.epoch) || cursor.seq < self.hello_head => {
                    self.epoch = None;
                    self.retry(now, jitter)
                }
                Phase::Loading { .. } => {
                    self.sequence.skip_to(cursor.seq);
                    self.set_live(now);
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Input::RowsLoaded => {
                if matches!(self.phase, Phase::Loading { server: Server::Unsequenced, .. }) {
                    self.set_live(now);
                }
                Vec::new()
            }
            Input::LoadFailed(failure) => match (failure, &self.phase) {
                (LoadFailure::Unauthorized, _) => self.stop(StopReason::Unauthorized),
                // The early request has failed: the hello tells what kind of server this is.
                (_, Phase::Loading { server: Server::Sequenced, .. }) if self.epoch.is_none() => self.open(now),
                (LoadFailure::NotFound, Phase::Loading { server: Server::Sequenced, .. }) => self.load_rows(now),
                _ => self.retry(now, jitter),
            },
        }
    }

    fn on_timer(&mut self, now: Timestamp, jitter: f64) -> Vec<Effect> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        match self.phase {
            Phase::Waiting { .. } => self.open(now),
            Phase::AwaitingHello { .. } => self.load_rows(now),
            Phase::Stopped(_) => Vec::new(),
            Phase::Opening { .. } | Phase::Loading { .. } | Phase::CatchingUp { .. } | Phase::Live { .. } => {
                self.retry(now, jitter)
            }
        }
    }

    fn open(&mut self, now: Timestamp) -> Vec<Effect> {
        self.phase = Phase::Opening { by: now.plus_millis(OPEN_TIMEOUT) };
        self.last_message_at = now;
        let cursor = self.epoch.clone().map(|epoch| Cursor { epoch, seq: self.sequence.last() });
        vec![Effect::OpenSocket(cursor)]
    }

    fn on_hello(&mut self, epoch: Epoch, head: Seq, resumed: bool, now: Timestamp) -> Vec<Effect> {
        (self.has_heartbeats, self.server) = (true, Server::Sequenced);
        if resumed && self.epoch.as_ref() == Some(&epoch) {
            self.phase = Phase::CatchingUp { head };
            if self.sequence.last() >= head {
                self.set_live(now);
            }
            return Vec::new();
        }
        (self.epoch, self.hello_head) = (Some(epoch), head);
        self.sequence = Sequence::after(head);
        self.phase = Phase::Loading { server: Server::Sequenced, by: now.plus_millis(LOAD_TIMEOUT) };
        vec![Effect::LoadSnapshot]
    }

    fn load_rows(&mut self, now: Timestamp) -> Vec<Effect> {
        (self.server, self.epoch, self.sequence) = (Server::Unsequenced, None, Sequence::default());
        self.phase = Phase::Loading { server: Server::Unsequenced, by: now.plus_millis(LOAD_TIMEOUT) };
        vec![Effect::LoadRows]
    }

    fn on_closed(&mut self, code: u16, reason: String, now: Timestamp, jitter: f64) -> Vec<Effect> {
        match CloseCode::parse(code) {
            Some(CloseCode::Unauthorized) => self.stop(StopReason::Unauthorized),
            Some(code @ CloseCode::OverLimit) => {
                let reason = if reason.is_empty() { code.reason().to_owned() } else { reason };
                self.stop(StopReason::OverLimit(reason))
            }
            _ => self.retry(now, jitter),
        }
    }

    fn retry(&mut self, now: Timestamp, jitter: f64) -> Vec<Effect> {
        if let Phase::Live { since } = self.phase {
            self.backoff.on_disconnect((now.millis() - since.millis()) as f64);
        }
        self.clear_unloaded_cursor();
        let wait = self.backoff.next(jitter);
        self.phase = Phase::Waiting { until: now.plus_millis(wait as i64) };
        vec![Effect::CloseSocket]
    }

    fn stop(&mut self, reason: StopReason) -> Vec<Effect> {
        self.clear_unloaded_cursor();
        self.phase = Phase::Stopped(reason);
        self.backoff.reset();
        vec![Effect::CloseSocket]
    }

    fn set_live(&mut self, now: Timestamp) {
        self.phase = Phase::Live { since: now };
        self.lost_at = None;
    }

    /// Forgets the cursor of a state that was not loaded: nothing can be resumed from it.
    fn clear_unloaded_cursor(&mut self) {
        if self.is_loading() {
            self.epoch = None;
        }
    }

    /// Returns whether events arrive in the order of a log.
    fn is_sequenced(&self) -> bool {
        let is_receiving = matches!(self.phase, Phase::Live { .. } | Phase::CatchingUp { .. });
        is_receiving && self.server == Server::Sequenced
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
