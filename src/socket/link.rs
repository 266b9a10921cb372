//! What to do next about the connection: a pure machine that hears what happened and answers with orders (see chapter 13 of docs/protocol.md).
//! Never a socket, a request, a clock or a die: `uplink` obeys it and passes them in.

use orrery_protocol::{Cursor, Epoch, Seq, Timestamp, message::CloseCode};

use super::backoff::Backoff;
use super::connection::{Connection, StopReason};
use super::heard::{Heard, LoadFailure, Order};
use super::phase::{Phase, Server};
use super::sequence::{Sequence, Verdict};

const OPEN_WITHIN: i64 = 15_000;
const HELLO_WITHIN: i64 = 2_000;
const LOAD_WITHIN: i64 = 60_000;
const SILENCE: i64 = 40_000;
/// Not live for so long is no hiccup any more.
const OFFLINE_AFTER: i64 = 30_000;

pub struct Link {
    phase: Phase,
    backoff: Backoff,
    epoch: Option<Epoch>,
    sequence: Sequence,
    server: Server,
    /// The log's head when the last hello was said: an older first state leaves events out.
    greeted: Seq,
    /// The place after which events were missing when that was last found out.
    gap_after: Option<Seq>,
    /// Has this server ever promised a sign of life? A foreign one may rightly be silent.
    beats: bool,
    heard_at: Timestamp,
    /// None while live.
    lost_at: Option<Timestamp>,
}

impl Link {
    pub fn new(now: Timestamp) -> Self {
        Self {
            phase: Phase::Waiting { until: now },
            backoff: Backoff::default(),
            epoch: None,
            sequence: Sequence::default(),
            server: Server::Ours,
            greeted: 0,
            gap_after: None,
            beats: false,
            heard_at: now,
            lost_at: Some(now),
        }
    }

    pub fn hear(&mut self, heard: Heard, now: Timestamp, chance: f64) -> Vec<Order> {
        if !matches!(heard, Heard::Woke | Heard::TryNow | Heard::BackAgain) {
            self.heard_at = now;
        }
        let orders = self.decide(heard, now, chance);
        match self.phase {
            Phase::Live { .. } => self.lost_at = None,
            _ => self.lost_at = self.lost_at.or(Some(now)),
        }
        orders
    }

    /// An event arrived. Hot: nothing is allocated.
    pub fn judge(&mut self, seq: Option<Seq>, now: Timestamp) -> Verdict {
        self.heard_at = now;
        let verdict = seq.map_or(Verdict::Take, |seq| self.sequence.judge(seq));
        if let Phase::CatchingUp { head } = self.phase
            && self.sequence.last() >= head
        {
            self.live(now);
        }
        verdict
    }

    /// Is the state that events are to be folded into still on its way?
    pub fn is_loading(&self) -> bool {
        matches!(self.phase, Phase::Loading { .. })
    }

    pub fn awaits_hello(&self) -> bool {
        matches!(self.phase, Phase::Greeting { .. })
    }

    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// When the server was last heard.
    pub fn heard_at(&self) -> Timestamp {
        self.heard_at
    }

    /// Any frame is a sign of life.
    pub fn touched(&mut self, now: Timestamp) {
        self.heard_at = now;
    }

    /// When to say `Heard::Woke` at the latest.
    pub fn deadline(&self) -> Option<Timestamp> {
        let silence = self.beats.then(|| self.heard_at.plus_millis(SILENCE));
        match &self.phase {
            Phase::Waiting { until } => Some(*until),
            Phase::Opening { by } | Phase::Greeting { by } | Phase::Loading { by, .. } => Some(*by),
            Phase::CatchingUp { .. } | Phase::Live { .. } => silence,
            Phase::Stopped(_) => None,
        }
    }

    pub fn connection(&self, now: Timestamp) -> Connection {
        let since = self.lost_at.unwrap_or(now);
        let long = now.millis() - since.millis() >= OFFLINE_AFTER;
        match &self.phase {
            Phase::Live { .. } => Connection::Live,
            Phase::Stopped(reason) => Connection::Stopped { reason: reason.clone() },
            Phase::Waiting { .. } | Phase::Opening { .. } if long => Connection::Offline { since },
            Phase::Waiting { until } => Connection::Reconnecting { at: *until },
            _ => Connection::Connecting,
        }
    }

    fn decide(&mut self, heard: Heard, now: Timestamp, chance: f64) -> Vec<Order> {
        match heard {
            Heard::AskedEarly => {
                self.phase = Phase::Loading { server: Server::Ours, by: now.plus_millis(LOAD_WITHIN) };
                vec![Order::LoadSnapshot]
            }
            Heard::Woke => self.wake(now, chance),
            Heard::TryNow => match self.phase {
                Phase::Waiting { .. } | Phase::Stopped(_) => self.open(now),
                _ => Vec::new(),
            },
            Heard::BackAgain => match self.phase {
                Phase::Waiting { .. } => self.open(now),
                _ => Vec::new(),
            },
            // Known to say no hello; should one come all the same, it is listened to.
            Heard::Opened if self.server == Server::Foreign => self.load_rows(now),
            Heard::Opened => {
                self.phase = Phase::Greeting { by: now.plus_millis(HELLO_WITHIN) };
                Vec::new()
            }
            Heard::NoHello if self.awaits_hello() => self.load_rows(now),
            Heard::NoHello => Vec::new(),
            Heard::Hello { epoch, head, resumed } => self.greet(epoch, head, resumed, now),
            Heard::Beat(head) => {
                self.beats = true;
                match head {
                    Some(head) if head > self.sequence.last() && self.follows_a_log() => self.retry(now, chance),
                    _ => Vec::new(),
                }
            }
            Heard::Closed { code, reason } => self.closed(code, reason, now, chance),
            // From a socket that was let go of already.
            Heard::Gap | Heard::LostTrack if matches!(self.phase, Phase::Waiting { .. } | Phase::Stopped(_)) => {
                Vec::new()
            }
            Heard::LostTrack => {
                self.epoch = None;
                self.retry(now, chance)
            }
            Heard::Gap => {
                // The same gap again: what is there cannot be read, so resuming would go round for ever.
                if self.gap_after.replace(self.sequence.last()) == Some(self.sequence.last()) {
                    self.epoch = None;
                }
                self.retry(now, chance)
            }
            Heard::Snapshot(cursor) => match self.phase {
                // Asked for early: what happened since comes on the socket.
                Phase::Loading { server: Server::Ours, .. } if self.epoch.is_none() => {
                    (self.epoch, self.sequence) = (Some(cursor.epoch), Sequence::after(cursor.seq));
                    self.open(now)
                }
                // The log was replaced between the hello and the answer, or another server is behind this one.
                Phase::Loading { .. } if self.epoch.as_ref() != Some(&cursor.epoch) || cursor.seq < self.greeted => {
                    self.epoch = None;
                    self.retry(now, chance)
                }
                Phase::Loading { .. } => {
                    self.sequence.skip_to(cursor.seq);
                    self.live(now);
                    Vec::new()
                }
                _ => Vec::new(),
            },
            Heard::Rows => {
                if matches!(self.phase, Phase::Loading { server: Server::Foreign, .. }) {
                    self.live(now);
                }
                Vec::new()
            }
            Heard::LoadFailed(failure) => match (failure, &self.phase) {
                (LoadFailure::Unauthorized, _) => self.stop(StopReason::Unauthorized),
                // It was a try: the socket says more about this server.
                (_, Phase::Loading { server: Server::Ours, .. }) if self.epoch.is_none() => self.open(now),
                (LoadFailure::NotFound, Phase::Loading { server: Server::Ours, .. }) => self.load_rows(now),
                _ => self.retry(now, chance),
            },
        }
    }

    fn wake(&mut self, now: Timestamp, chance: f64) -> Vec<Order> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        match self.phase {
            Phase::Waiting { .. } => self.open(now),
            Phase::Greeting { .. } => self.load_rows(now),
            Phase::Stopped(_) => Vec::new(),
            Phase::Opening { .. } | Phase::Loading { .. } | Phase::CatchingUp { .. } | Phase::Live { .. } => {
                self.retry(now, chance)
            }
        }
    }

    fn open(&mut self, now: Timestamp) -> Vec<Order> {
        self.phase = Phase::Opening { by: now.plus_millis(OPEN_WITHIN) };
        self.heard_at = now;
        let cursor = self.epoch.clone().map(|epoch| Cursor { epoch, seq: self.sequence.last() });
        vec![Order::Open(cursor)]
    }

    fn greet(&mut self, epoch: Epoch, head: Seq, resumed: bool, now: Timestamp) -> Vec<Order> {
        (self.beats, self.server) = (true, Server::Ours);
        if resumed && self.epoch.as_ref() == Some(&epoch) {
            self.phase = Phase::CatchingUp { head };
            if self.sequence.last() >= head {
                self.live(now);
            }
            return Vec::new();
        }
        (self.epoch, self.greeted) = (Some(epoch), head);
        self.sequence = Sequence::after(head);
        self.phase = Phase::Loading { server: Server::Ours, by: now.plus_millis(LOAD_WITHIN) };
        vec![Order::LoadSnapshot]
    }

    fn load_rows(&mut self, now: Timestamp) -> Vec<Order> {
        (self.server, self.epoch, self.sequence) = (Server::Foreign, None, Sequence::default());
        self.phase = Phase::Loading { server: Server::Foreign, by: now.plus_millis(LOAD_WITHIN) };
        vec![Order::LoadRows]
    }

    fn closed(&mut self, code: u16, reason: String, now: Timestamp, chance: f64) -> Vec<Order> {
        match CloseCode::parse(code) {
            Some(CloseCode::Unauthorized) => self.stop(StopReason::Unauthorized),
            Some(code @ CloseCode::OverLimit) => {
                let said = if reason.is_empty() { code.reason().to_owned() } else { reason };
                self.stop(StopReason::OverLimit(said))
            }
            _ => self.retry(now, chance),
        }
    }

    fn retry(&mut self, now: Timestamp, chance: f64) -> Vec<Order> {
        if let Phase::Live { since } = self.phase {
            self.backoff.held((now.millis() - since.millis()) as f64);
        }
        self.forget_unloaded();
        let wait = self.backoff.next(chance);
        self.phase = Phase::Waiting { until: now.plus_millis(wait as i64) };
        vec![Order::Drop]
    }

    fn stop(&mut self, reason: StopReason) -> Vec<Order> {
        self.forget_unloaded();
        self.phase = Phase::Stopped(reason);
        self.backoff.reset();
        vec![Order::Drop]
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
#[path = "link_tests.rs"]
mod tests;
