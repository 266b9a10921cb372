//! Prints the steps of a command and how long each took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The steps of one command, in the order they ran.
pub struct Steps {
    started: Instant,
    taken: usize,
}

impl Steps {
    pub fn begin() -> Self {
        Self { started: Instant::now(), taken: 0 }
    }

    /// Runs one step between a line that names it and a line with its time.
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.taken += 1;
        eprintln!("▸ {name}");
        let started = Instant::now();
        let outcome = work().with_context(|| format!("{name}: failed after {}", format_duration(started.elapsed())))?;
        eprintln!("✓ {name:<66} {:>9}", format_duration(started.elapsed()));
        Ok(outcome)
    }

    pub fn finish(self, what: &str) {
        eprintln!("✓ {:<66} {:>9}", format!("{what}: {} steps", self.taken), format_duration(self.started.elapsed()));
    }
}

fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_readable_unit() {
        assert_eq!(format_duration(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(format_duration(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failed_step_is_named() {
        let error = Steps::begin().step::<()>("sweep the floor", || anyhow::bail!("no broom")).unwrap_err();
        assert!(format!("{error:#}").starts_with("sweep the floor: failed after"), "{error:#}");
    }
}
