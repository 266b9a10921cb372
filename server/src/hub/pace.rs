//! When a sleeping socket is woken: at once as long as there is little to do, with others in a moment under load.
//! Never a clock, never a socket.
//!
//! A wake costs a system call that writes; woken a little later, a socket writes several events with one.

use std::time::{Duration, Instant};

/// Under load sockets are woken together, this long after the first of them had something to hear.
pub const PULSE: Duration = Duration::from_millis(10);

/// So many wakes a second are small change for one core.
const WAKES_PER_SECOND: f64 = 10_000.0;
/// One event to so many sockets is not load yet.
const BURST: f64 = 2_000.0;

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
        assert_eq!(pace.allowance(start + Duration::from_millis(10)), 100);
        assert_eq!(pace.allowance(start + Duration::from_secs(60)), 2_000);
    }
}
