//! Exponential backoff with full jitter (see section 13.3 of docs/protocol.md).

/// The ceiling of the first wait, in milliseconds.
const FIRST: f64 = 500.0;
/// The ceiling of every wait, in milliseconds.
const LONGEST: f64 = 30_000.0;
/// In milliseconds: a connection that was live for so long resets the backoff.
const STABLE: f64 = 60_000.0;

/// Counts the failures in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns how many milliseconds to wait, and counts a failure. `jitter` is a uniform random number from 0 to 1, which
    /// keeps a thousand clients from reconnecting at once.
    pub fn next(&mut self, jitter: f64) -> f64 {
        let ceiling = (FIRST * f64::from(1u32 << self.failures)).min(LONGEST);
        self.failures = (self.failures + 1).min(16);
        ceiling * jitter.clamp(0.0, 1.0)
    }

    /// Resets the backoff if the connection was live for long enough before it broke.
    pub fn on_disconnect(&mut self, live_millis: f64) {
        if live_millis >= STABLE {
            self.failures = 0;
        }
    }

    /// Forgets the failures.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceiling_doubles_from_half_a_second_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<f64> = (0..9).map(|_| backoff.next(1.0)).collect();
        assert_eq!(waits, [500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 30000.0, 30000.0, 30000.0]);
    }

    #[test]
    fn jitter_scales_the_wait() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next(0.0), 0.0);
        assert_eq!(backoff.next(0.25), 250.0);
    }

    #[test]
    fn resets_after_a_minute_of_being_live() {
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
