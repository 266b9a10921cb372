//! Waits for a condition rather than for a time. Never says how fast something must be: the time-out only ends a hopeless wait.

use std::fmt::Debug;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until what is seen is `enough`; answers what was seen.
pub async fn until<T: Debug>(what: &str, mut look: impl AsyncFnMut() -> T, enough: impl Fn(&T) -> bool) -> T {
    let started = Instant::now();
    loop {
        let seen = look().await;
        if enough(&seen) {
            return seen;
        }
        assert!(started.elapsed() < PATIENCE, "waited {PATIENCE:?} for {what}; last seen: {seen:#?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same for something that is there or not.
pub async fn until_some<T: Debug>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until(what, look, Option::is_some).await.expect("it is enough only when it is there")
}
