//! When a sleeping socket is woken: at once as long as there is little to do, with others in a moment under load.
//! Never a clock, never a socket.
//!
//! A wake costs a system call that writes; woken a little later, a socket writes several events with one.

use std::time::{Duration, Instant};

/// So many wakes a second are small change for one core.
const WAKES_PER_SECOND: f64 = 4_000.0;
/// One event to so many sockets is not load yet.
const BURST: f64 = 2_000.0;

/// A socket that is woken costs about 5 µs: this much time for each keeps the writing near an eighth of one core.
const PULSE_A_SOCKET: Duration = Duration::from_micros(40);
/// What nobody sees, and what nobody minds.
const SHORTEST_PULSE: Duration = Duration::from_millis(4);
const LONGEST_PULSE: Duration = Duration::from_millis(40);

/// How long so many sockets wait for each other.
pub fn pulse(sockets: usize) -> Duration {
    let wanted = PULSE_A_SOCKET.saturating_mul(u32::try_from(sockets).unwrap_or(u32::MAX));
    wanted.clamp(SHORTEST_PULSE, LONGEST_PULSE)
}

/// A bucket of wakes that fills with time.
#[derive(Debug)]
pub struct Pace {
    wakes: f64,
    at: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { wakes: BURST, at: now }
    }

    /// How many sockets may be woken at once.
    pub fn allowance(&mut self, now: Instant) -> usize {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.wakes = (self.wakes + passed * WAKES_PER_SECOND).min(BURST);
        self.wakes as usize
    }

    pub fn spend(&mut self, wakes: usize) {
        self.wakes = (self.wakes - wakes as f64).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn load_uses_the_allowance_up_and_rest_gives_it_back() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(pace.allowance(start), 2_000);
        pace.spend(1_500);
        assert_eq!(pace.allowance(start), 500);
        pace.spend(500);
        assert_eq!(pace.allowance(start + Duration::from_millis(10)), 40);
        assert_eq!(pace.allowance(start + Duration::from_secs(60)), 2_000);
    }

    #[test]
    fn the_more_sockets_the_longer_they_wait_for_each_other() {
        let millis = |sockets| pulse(sockets).as_millis();
        assert_eq!((millis(1), millis(500), millis(10_000), millis(usize::MAX)), (4, 20, 40, 40));
    }
}
