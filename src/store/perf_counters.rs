//! What the page did so far, counted: so that a test can say how much work an event is. Never a time, never a decision.

use std::cell::Cell;

thread_local! {
    static TALLY: Cell<PerfCounters> = const { Cell::new(PerfCounters { turns: 0, events: 0, painted: 0 }) };
}

/// Each only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerfCounters {
    /// Frames in which something was done.
    pub turns: u64,
    pub events: u64,
    /// Workspaces that were drawn on the map of what is no element.
    pub painted: u64,
}

impl PerfCounters {
    pub fn now() -> Self {
        TALLY.get()
    }

    pub fn count(count: impl FnOnce(&mut Self)) {
        let mut counters = TALLY.get();
        count(&mut counters);
        TALLY.set(counters);
    }
}
