//! What to do next about the connection: a pure machine that hears what happened and answers with effects (see chapter 13 of docs/protocol.md).
//! Never a socket, a request, a clock or a die: `uplink` obeys it and passes them in.

use orrery_protocol::{Cursor, Epoch, Seq, Timestamp, message::CloseCode};

use super::backoff::Backoff;
use super::connection_status::{ConnectionStatus, StopReason};
use super::input::{Effect, Input, LoadFailure};
use super::phase::{Phase, Server};
use super::sequence::{Sequence, SequenceCheck};

const OPEN_WITHIN: i64 = 15_000;
const HELLO_WITHIN: i64 = 2_000;
const LOAD_WITHIN: i64 = 60_000;
const SILENCE: i64 = 40_000;
/// Not live for so long is no hiccup any more.
const OFFLINE_AFTER: i64 = 30_000;

pub struct Connection {
    phase: Phase,
    backoff: Backoff,
    epoch: Option<Epoch>,
    sequence: Sequence,
    server: Server,
    /// The log's head when the last hello was said: an older first state leaves events out.
    hello_head: Seq,
    /// The place after which events were missing when that was last found out.
    gap_after: Option<Seq>,
    /// Has this server ever promised a sign of life? A foreign one may rightly be silent.
    beats: bool,
    last_message_at: Timestamp,
    /// None while live.
    lost_at: Option<Timestamp>,
}

impl Connection {
    pub fn new(now: Timestamp) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            backoff: Backoff::default(),
            epoch: None,
            sequence: Sequence::default(),
            server: Server::Ours,
            hello_head: 0,
            gap_after: None,
            beats: false,
            last_message_at: now,
            lost_at: Some(now),
        }
    }

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

    /// An event arrived. Hot: nothing is allocated.
    pub fn check_sequence(&mut self, seq: Option<Seq>, now: Timestamp) -> SequenceCheck {
        self.last_message_at = now;
        let check = seq.map_or(SequenceCheck::Next, |seq| self.sequence.check(seq));
        if let Phase::CatchingUp { head } = self.phase
            && self.sequence.last() >= head
        {
            self.live(now);
        }
        check
    }

    /// Is the state that events are to be folded into still on its way?
    pub fn is_loading(&self) -> bool {
        matches!(self.phase, Phase::Loading { .. })
    }

    pub fn awaits_hello(&self) -> bool {
        matches!(self.phase, Phase::AwaitingHello { .. })
    }

    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// When the server was last input.
    pub fn last_message_at(&self) -> Timestamp {
        self.last_message_at
    }

    /// Any frame is a sign of life.
    pub fn on_message(&mut self, now: Timestamp) {
        self.last_message_at = now;
    }

    /// When to say `Input::TimerFired` at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        let silence = self.beats.then(|| self.last_message_at.plus_millis(SILENCE));
        match &self.phase {
            Phase::Waiting { until } => Some(*until),
            Phase::Opening { by } | Phase::AwaitingHello { by } | Phase::Loading { by, .. } => Some(*by),
            Phase::CatchingUp { .. } | Phase::Live { .. } => silence,
            Phase::Stopped(_) => None,
        }
    }

    pub fn connection(&self, now: Timestamp) -> ConnectionStatus {
        let since = self.lost_at.unwrap_or(now);
        let long = now.millis() - since.millis() >= OFFLINE_AFTER;
        match &self.phase {
            Phase::Live { .. } => ConnectionStatus::Live,
            Phase::Stopped(reason) => ConnectionStatus::Stopped { reason: reason.clone() },
            Phase::Waiting { .. } | Phase::Opening { .. } if long => ConnectionStatus::Offline { since },
            Phase::Waiting { until } => ConnectionStatus::Reconnecting { at: *until },
            _ => ConnectionStatus::Connecting,
        }
    }

    fn transition(&mut self, input: Input, now: Timestamp, jitter: f64) -> Vec<Effect> {
        match input {
            Input::EarlySnapshotRequested => {
                self.phase = Phase::Loading { server: Server::Ours, by: now.plus_millis(LOAD_WITHIN) };
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
            // LoadedState to say no hello; should one come all the same, it is listened to.
            Input::Opened if self.server == Server::Foreign => self.load_rows(now),
            Input::Opened => {
                self.phase = Phase::AwaitingHello { by: now.plus_millis(HELLO_WITHIN) };
                Vec::new()
            }
            Input::EventBeforeHello if self.awaits_hello() => self.load_rows(now),
            Input::EventBeforeHello => Vec::new(),
            Input::Hello { epoch, head, resumed } => self.on_hello(epoch, head, resumed, now),
            Input::Heartbeat(head) => {
                self.beats = true;
                match head {
                    Some(head) if head > self.sequence.last() && self.follows_a_log() => self.retry(now, jitter),
                    _ => Vec::new(),
                }
            }
            Input::Closed { code, reason } => self.closed(code, reason, now, jitter),
            // From a socket that was let go of already.
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
                // The same gap again: what is there cannot be read, so resuming would go round for ever.
                if self.gap_after.replace(self.sequence.last()) == Some(self.sequence.last()) {
                    self.epoch = None;
                }
                self.retry(now, jitter)
            }
            Input::SnapshotLoaded(cursor) => match self.phase {
                // Asked for early: what happened since comes on the socket.
                Phase::Loading { server: Server::Ours, .. } if self.epoch.is_none() => {
                    (self.epoch, self.sequence) = (Some(cursor.epoch), Sequence::after(cursor.seq));
                    self.open(now)
                }
                // The log was replaced between the hello and the answer, or another server is behind this one.
                Phase::Loading { .. } if self.epoch.as_ref() != Some(&cursor.epoch) || cursor.seq < self.hello_head => {
                    self.epoch = None;
                    self.retry(now, jitter)
                }
                Phase::Loading { .. } => {
                    self.sequence.skip_to(cursor.seq);
                    self.live(now);
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Input::RowsLoaded => {
                if matches!(self.phase, Phase::Loading { server: Server::Foreign, .. }) {
                    self.live(now);
                }
                Vec::new()
            }
            Input::LoadFailed(failure) => match (failure, &self.phase) {
                (LoadFailure::Unauthorized, _) => self.stop(StopReason::Unauthorized),
                // It was a try: the socket says more about this server.
                (_, Phase::Loading { server: Server::Ours, .. }) if self.epoch.is_none() => self.open(now),
                (LoadFailure::NotFound, Phase::Loading { server: Server::Ours, .. }) => self.load_rows(now),
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
        self.phase = Phase::Opening { by: now.plus_millis(OPEN_WITHIN) };
        self.last_message_at = now;
        let cursor = self.epoch.clone().map(|epoch| Cursor { epoch, seq: self.sequence.last() });
        vec![Effect::OpenSocket(cursor)]
    }

    fn on_hello(&mut self, epoch: Epoch, head: Seq, resumed: bool, now: Timestamp) -> Vec<Effect> {
        (self.beats, self.server) = (true, Server::Ours);
        if resumed && self.epoch.as_ref() == Some(&epoch) {
            self.phase = Phase::CatchingUp { head };
            if self.sequence.last() >= head {
                self.live(now);
            }
            return Vec::new();
        }
        (self.epoch, self.hello_head) = (Some(epoch), head);
        self.sequence = Sequence::after(head);
        self.phase = Phase::Loading { server: Server::Ours, by: now.plus_millis(LOAD_WITHIN) };
        vec![Effect::LoadSnapshot]
    }

    fn load_rows(&mut self, now: Timestamp) -> Vec<Effect> {
        (self.server, self.epoch, self.sequence) = (Server::Foreign, None, Sequence::default());
        self.phase = Phase::Loading { server: Server::Foreign, by: now.plus_millis(LOAD_WITHIN) };
        vec![Effect::LoadRows]
    }

    fn closed(&mut self, code: u16, reason: String, now: Timestamp, jitter: f64) -> Vec<Effect> {
        match CloseCode::parse(code) {
            Some(CloseCode::Unauthorized) => self.stop(StopReason::Unauthorized),
            Some(code @ CloseCode::OverLimit) => {
                let said = if reason.is_empty() { code.reason().to_owned() } else { reason };
                self.stop(StopReason::OverLimit(said))
            }
            _ => self.retry(now, jitter),
        }
    }

    fn retry(&mut self, now: Timestamp, jitter: f64) -> Vec<Effect> {
        if let Phase::Live { since } = self.phase {
            self.backoff.on_disconnect((now.millis() - since.millis()) as f64);
        }
        self.forget_unloaded();
        let wait = self.backoff.next(jitter);
        self.phase = Phase::Waiting { until: now.plus_millis(wait as i64) };
        vec![Effect::CloseSocket]
    }

    fn stop(&mut self, reason: StopReason) -> Vec<Effect> {
        self.forget_unloaded();
        self.phase = Phase::Stopped(reason);
        self.backoff.reset();
        vec![Effect::CloseSocket]
    }

    fn live(&mut self, now: Timestamp) {
        self.phase = Phase::Live { since: now };
        self.lost_at = None;
    }

    /// While nothing was loaded there is no place to resume from.
    fn forget_unloaded(&mut self) {
        if self.is_loading() {
            self.epoch = None;
        }
    }

    /// Events come in the order of a log.
    fn follows_a_log(&self) -> bool {
        let follows = matches!(self.phase, Phase::Live { .. } | Phase::CatchingUp { .. });
        follows && self.server == Server::Ours
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
