//! How long to wait before the next try: exponential with full jitter (see section 13.3 of docs/protocol.md). Never a clock, never a die: both are passed.

const FIRST: f64 = 500.0;
const LONGEST: f64 = 30_000.0;
/// A connection that held this long has earned a fresh start.
const STABLE: f64 = 60_000.0;

#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds to wait. `jitter` is drawn evenly from 0 to 1: without it, a thousand pages come back in step.
    pub fn next(&mut self, jitter: f64) -> f64 {
        let ceiling = (FIRST * f64::from(1u32 << self.failures)).min(LONGEST);
        self.failures = (self.failures + 1).min(16);
        ceiling * jitter.clamp(0.0, 1.0)
    }

    /// The connection was live for so many milliseconds before it broke.
    pub fn on_disconnect(&mut self, millis: f64) {
        if millis >= STABLE {
            self.failures = 0;
        }
    }

    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_ceiling_doubles_from_half_a_second_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<f64> = (0..9).map(|_| backoff.next(1.0)).collect();
        assert_eq!(waits, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 30000.0, 30000.0, 30000.0]);
    }

    #[test]
    fn the_wait_is_anywhere_below_the_ceiling() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next(0.0), 0.0);
        assert_eq!(backoff.next(0.25), 250.0);
    }

    #[test]
    fn only_a_stable_minute_resets() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.next(1.0);
        }
        backoff.on_disconnect(59_999.0);
        assert_eq!(backoff.next(1.0), 16_000.0);
        backoff.on_disconnect(60_000.0);
        assert_eq!(backoff.next(1.0), 500.0);
    }
}
