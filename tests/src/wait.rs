//! Waits for conditions. The time-out only ends a wait that would not end; no test depends on speed.

use std::fmt::Debug;
use std::time::{Duration, Instant};

const TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Repeats `probe` until its result is done, and returns that result.
///
/// Panics with the last result when the time is out.
pub async fn until<T: Debug>(what: &str, mut probe: impl AsyncFnMut() -> T, is_done: impl Fn(&T) -> bool) -> T {
    let started = Instant::now();
    loop {
        let last = probe().await;
        if is_done(&last) {
            return last;
        }
        assert!(started.elapsed() < TIMEOUT, "waited {TIMEOUT:?} for {what}; last seen: {last:#?}");
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Repeats `probe` until it returns a value.
pub async fn until_some<T: Debug>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    until(what, probe, Option::is_some).await.expect("a result is done only if it is a value")
}
