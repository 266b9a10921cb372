//! Throttle: runs an effect at most once in an interval, however often its dependencies change.

use std::time::Duration;

use leptos::prelude::*;

/// Runs `action` now, and again `interval` milliseconds after the first change of what `track` tracks, however many changes
/// follow. Stops with the current owner.
pub fn throttled_effect(
    track: impl Fn() + 'static,
    interval: impl Fn() -> f64 + 'static,
    action: impl Fn() + Copy + 'static,
) {
    let is_scheduled = StoredValue::new(false);
    Effect::new(move |before: Option<()>| {
        track();
        if before.is_none() {
            return untrack(action);
        }
        if !is_scheduled.get_value() {
            is_scheduled.set_value(true);
            let run = move || {
                // Disposed with the component, which may be gone by then.
                if is_scheduled.try_set_value(false).is_none() {
                    untrack(action);
                }
            };
            set_timeout(run, Duration::from_millis(interval() as u64));
        }
    });
}
