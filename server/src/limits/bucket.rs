//! So many a second in the long run, and ten seconds' worth at once. Never a clock, never whose it is.

use std::time::{Duration, Instant};

/// What one may take at once, in seconds of the rate.
const AT_ONCE: f64 = 10.0;

#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    taken: f64,
    at: Instant,
}

impl Bucket {
    pub fn new(now: Instant) -> Self {
        Self { taken: 0.0, at: now }
    }

    /// Takes one; when there is none, tells after how long there will be.
    pub fn take(&mut self, now: Instant, rate: u32) -> Result<(), Duration> {
        let rate = f64::from(rate);
        self.drain(now, rate);
        if self.taken + 1.0 > rate * AT_ONCE {
            return Err(Duration::from_secs_f64((self.taken + 1.0 - rate * AT_ONCE) / rate.max(0.001)));
        }
        self.taken += 1.0;
        Ok(())
    }

    /// Returns an error, with the time until it ends, while as much as possible or more was taken.
    pub fn check(&mut self, now: Instant, rate: u32) -> Result<(), Duration> {
        let rate = f64::from(rate);
        self.drain(now, rate);
        match self.taken < rate * AT_ONCE {
            true => Ok(()),
            // A moment longer, so that whoever waits for it finds room.
            false => Err(Duration::from_secs_f64((self.taken - rate * AT_ONCE) / rate.max(0.001) + 0.001)),
        }
    }

    /// Takes an amount that was not known before, even when there is not so much.
    pub fn charge(&mut self, now: Instant, rate: u32, amount: f64) {
        self.drain(now, f64::from(rate));
        self.taken += amount;
    }

    /// Is it as if nothing had been taken?
    pub fn is_fresh(&self, now: Instant, rate: u32) -> bool {
        let mut later = *self;
        later.drain(now, f64::from(rate));
        later.taken == 0.0
    }

    fn drain(&mut self, now: Instant, rate: f64) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.taken = (self.taken - passed * rate).max(0.0);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_once_and_then_so_many_a_second() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut bucket = Bucket::new(start);
        assert_eq!((0..100).filter(|_| bucket.take(start, 5).is_ok()).count(), 50);
        assert_eq!(bucket.take(start, 5), Err(Duration::from_millis(200)));
        assert!(bucket.take(at(200), 5).is_ok() && bucket.take(at(200), 5).is_err());
        assert!(!bucket.is_fresh(at(10_000), 5) && bucket.is_fresh(at(10_300), 5));
        // A clock that stands still or goes back gives nothing.
        assert!(bucket.take(at(100), 5).is_err());
    }
}
