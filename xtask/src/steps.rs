//! Prints the steps of a command and how long each took.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

const REPORT_INTERVAL: Duration = Duration::from_secs(8);

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
        run_step(name, work)
    }

    /// Runs two steps that do not wait for each other at the same time.
    pub fn both(
        &mut self,
        (first_name, first): (&str, impl FnOnce() -> Result<()> + Send),
        (second_name, second): (&str, impl FnOnce() -> Result<()>),
    ) -> Result<()> {
        self.taken += 2;
        thread::scope(|scope| {
            let first = scope.spawn(|| run_step(first_name, first));
            let second = run_step(second_name, second);
            first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(second)
        })
    }

    pub fn finish(self, what: &str) {
        eprintln!("✓ {:<66} {:>9}", format!("{what}: {} steps", self.taken), format_duration(self.started.elapsed()));
    }
}

fn run_step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let started = Instant::now();
    let outcome = while_reporting(name, started, work);
    let outcome = outcome.with_context(|| format!("{name}: failed after {}", format_duration(started.elapsed())))?;
    eprintln!("✓ {name:<66} {:>9}", format_duration(started.elapsed()));
    Ok(outcome)
}

/// Runs a step, and prints regularly that it still runs: a large crate compiles for long without a word.
fn while_reporting<T>(name: &str, started: Instant, work: impl FnOnce() -> T) -> T {
    let (done, is_done) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while is_done.recv_timeout(REPORT_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                eprintln!("… {name}: {}", format_duration(started.elapsed()));
            }
        });
        let outcome = work();
        drop(done);
        outcome
    })
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
    fn two_steps_run_at_the_same_time_and_either_may_fail() {
        let (sender, receiver) = mpsc::sync_channel(0);
        let waits = || Ok(receiver.recv()?);
        let sends = || Ok(sender.send(())?);
        assert!(Steps::begin().both(("send", sends), ("wait", waits)).is_ok());
        let fails = || anyhow::bail!("no broom");
        assert!(Steps::begin().both(("rest", || Ok(())), ("sweep", fails)).is_err());
        assert!(Steps::begin().both(("sweep", fails), ("rest", || Ok(()))).is_err());
    }

    #[test]
    fn a_failed_step_is_named() {
        let error = Steps::begin().step::<()>("sweep the floor", || anyhow::bail!("no broom")).unwrap_err();
        assert!(format!("{error:#}").starts_with("sweep the floor: failed after"), "{error:#}");
    }
}
