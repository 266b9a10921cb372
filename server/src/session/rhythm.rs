//! When a session says that it is alive, asks whether the other side is, and gives up. Never a clock, never a socket.

use std::time::{Duration, Instant};

/// A client that was silent for so long is asked.
pub const PING_EVERY: Duration = Duration::from_secs(25);
/// A client that does not answer for so long is gone.
pub const PONG_WITHIN: Duration = Duration::from_secs(10);
/// A client that takes nothing of what was written for so long is gone.
pub const TAKES_WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Rhythm {
    /// After so long without an event the client gets a heartbeat.
    heartbeat: Option<Duration>,
    told: Instant,
    heard: Instant,
    waits: Waits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    ForNothing,
    /// A ping was sent.
    ForPong(Instant),
    /// The socket takes no more.
    ToWrite(Instant),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Nothing,
    Heartbeat,
    Ping,
    GiveUp,
}

impl Rhythm {
    pub fn new(now: Instant, heartbeat: Option<Duration>) -> Self {
        Self { heartbeat, told: now, heard: now, waits: Waits::ForNothing }
    }

    /// When to ask `due` again at the latest.
    pub fn next(&self) -> Instant {
        match self.waits {
            Waits::ToWrite(since) => since + TAKES_WITHIN,
            Waits::ForPong(since) => self.soonest(since + PONG_WITHIN),
            Waits::ForNothing => self.soonest(self.heard + PING_EVERY),
        }
    }

    pub fn due(&mut self, now: Instant) -> Due {
        match self.waits {
            Waits::ToWrite(since) if now >= since + TAKES_WITHIN => return Due::GiveUp,
            Waits::ForPong(since) if now >= since + PONG_WITHIN => return Due::GiveUp,
            Waits::ForNothing if now >= self.heard + PING_EVERY => {
                self.waits = Waits::ForPong(now);
                return Due::Ping;
            }
            // What is waiting says enough.
            Waits::ToWrite(_) => return Due::Nothing,
            Waits::ForPong(_) | Waits::ForNothing => {}
        }
        match self.heartbeat {
            Some(every) if now >= self.told + every => {
                self.told = now;
                Due::Heartbeat
            }
            _ => Due::Nothing,
        }
    }

    /// The client got an event.
    pub fn told(&mut self, now: Instant) {
        self.told = now;
    }

    /// The client said something.
    pub fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.waits = Waits::ForNothing;
    }

    /// The socket takes nothing. `true` when that is news, and `next` may be sooner than before.
    pub fn is_stuck(&mut self, now: Instant) -> bool {
        let is_news = !matches!(self.waits, Waits::ToWrite(_));
        if is_news {
            self.waits = Waits::ToWrite(now);
        }
        is_news
    }

    /// The socket took something. Whether the client lives is asked anew.
    pub fn moves(&mut self) {
        if let Waits::ToWrite(_) = self.waits {
            self.waits = Waits::ForNothing;
        }
    }

    fn soonest(&self, other: Instant) -> Instant {
        self.heartbeat.map_or(other, |every| other.min(self.told + every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_silent_client_is_asked_and_then_given_up() {
        let start = Instant::now();
        let mut rhythm = Rhythm::new(start, None);
        assert_eq!((rhythm.next(), rhythm.due(start + 24 * SECOND)), (start + 25 * SECOND, Due::Nothing));
        assert_eq!(rhythm.due(start + 25 * SECOND), Due::Ping);
        assert_eq!((rhythm.next(), rhythm.due(start + 34 * SECOND)), (start + 35 * SECOND, Due::Nothing));
        rhythm.heard(start + 34 * SECOND);
        assert_eq!(rhythm.due(start + 59 * SECOND), Due::Ping);
        assert_eq!(rhythm.due(start + 69 * SECOND), Due::GiveUp);
    }

    #[test]
    fn a_heartbeat_comes_when_no_event_came() {
        let start = Instant::now();
        let mut rhythm = Rhythm::new(start, Some(15 * SECOND));
        rhythm.told(start + 10 * SECOND);
        assert_eq!((rhythm.due(start + 15 * SECOND), rhythm.next()), (Due::Nothing, start + 25 * SECOND));
        rhythm.heard(start + 20 * SECOND);
        assert_eq!(rhythm.due(start + 25 * SECOND), Due::Heartbeat);
        assert_eq!((rhythm.due(start + 26 * SECOND), rhythm.next()), (Due::Nothing, start + 40 * SECOND));
    }

    #[test]
    fn a_client_that_takes_nothing_is_given_up_and_one_that_moves_is_not() {
        let start = Instant::now();
        let mut rhythm = Rhythm::new(start, Some(SECOND));
        assert!(rhythm.is_stuck(start) && !rhythm.is_stuck(start + SECOND));
        assert_eq!((rhythm.next(), rhythm.due(start + 19 * SECOND)), (start + 20 * SECOND, Due::Nothing));
        rhythm.moves();
        assert!(rhythm.is_stuck(start + 19 * SECOND));
        assert_eq!(rhythm.due(start + 38 * SECOND), Due::Nothing);
        assert_eq!(rhythm.due(start + 39 * SECOND), Due::GiveUp);
    }
}
