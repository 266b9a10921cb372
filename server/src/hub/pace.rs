//! When a sleeping socket is woken: at once as long as there is little to do or it has rested, with others in a moment
//! under load. Never a clock, never a socket.
//!
//! A wake costs a system call that writes; woken a little later, a socket writes several events with one.

use std::time::{Duration, Instant};

/// So many wakes a second are small change for one core.
const WAKES_PER_SECOND: f64 = 4_000.0;
/// One event to so many sockets is not load yet.
const BURST: f64 = 2_000.0;

/// A socket that is woken costs about 5 µs: this much time for each keeps the writing near a sixth of one core.
const REST_A_SOCKET: Duration = Duration::from_micros(30);
/// What nobody sees, and what nobody minds.
const SHORTEST_REST: Duration = Duration::from_millis(4);
const LONGEST_REST: Duration = Duration::from_millis(40);

/// A bucket of wakes that fills with time; while it is empty, sockets rest from one wake to the next.
#[derive(Debug)]
pub struct Pace {
    wakes: f64,
    at: Instant,
    /// How many the last event went to, and when the last of them were woken.
    sockets: usize,
    woken: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { wakes: BURST, at: now, sockets: 0, woken: now }
    }

    /// How many sockets may be woken at once, however short their rest was.
    pub fn allowance(&mut self, now: Instant) -> usize {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.wakes = (self.wakes + passed * WAKES_PER_SECOND).min(BURST);
        self.wakes as usize
    }

    /// A socket that rested so long is woken at once.
    pub fn rest(&self) -> Duration {
        let wanted = REST_A_SOCKET.saturating_mul(u32::try_from(self.sockets).unwrap_or(u32::MAX));
        wanted.clamp(SHORTEST_REST, LONGEST_REST)
    }

    /// Who is woken later, is woken then.
    pub fn rested_at(&self) -> Instant {
        self.woken + self.rest()
    }

    /// The same, as long as not all of them may be woken at once.
    pub fn rests_until(&mut self, now: Instant) -> Option<Instant> {
        (self.allowance(now) < self.sockets).then(|| self.rested_at())
    }

    /// An event went to so many sleeping sockets; the others are to be woken later.
    pub fn woke(&mut self, sockets: usize, later: usize, now: Instant) {
        self.sockets = sockets + later;
        if sockets > 0 && later == 0 {
            self.woken = now;
        }
        self.wakes = (self.wakes - sockets as f64).max(0.0);
    }

    /// Those that were to be woken later are woken.
    pub fn pulsed(&mut self, sockets: usize, now: Instant) {
        self.woken = now;
        self.wakes = (self.wakes - sockets as f64).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    #[test]
    fn load_uses_the_allowance_up_and_rest_gives_it_back() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.allowance(start), 2_000);
        pace.woke(1_500, 0, start);
        assert_eq!(pace.allowance(start), 500);
        pace.pulsed(500, start);
        assert_eq!(pace.allowance(start + 10 * MILLI), 40);
        assert_eq!(pace.allowance(start + 60_000 * MILLI), 2_000);
    }

    #[test]
    fn the_more_sockets_the_longer_they_rest() {
        let rest = |sockets| {
            let mut pace = Pace::new(Instant::now());
            pace.woke(sockets, 0, Instant::now());
            pace.rest().as_millis()
        };
        assert_eq!((rest(1), rest(500), rest(10_000), rest(usize::MAX)), (4, 15, 40, 40));
    }

    #[test]
    fn who_commits_waits_for_those_who_rest_and_for_nobody_at_rest() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.rests_until(start), None);
        for turn in 0..4 {
            let now = start + turn * MILLI;
            assert_eq!(pace.rests_until(now), None, "there is room for {turn} rounds of 500");
            pace.woke(500, 0, now);
        }
        let now = start + 4 * MILLI;
        assert_eq!(pace.rests_until(now), Some(start + 18 * MILLI));
        pace.woke(20, 480, now);
        assert_eq!(pace.rests_until(now), Some(start + 18 * MILLI), "the others are woken then");
        pace.pulsed(480, start + 18 * MILLI);
        assert_eq!(pace.rests_until(start + 20 * MILLI), Some(start + 33 * MILLI));
        assert_eq!(pace.rests_until(start + 1_000 * MILLI), None);
    }
}
