//! Work counters: how much the page has done so far, so that tests can assert how much work an event causes.

use std::cell::Cell;

thread_local! {
    static COUNTERS: Cell<PerfCounters> = const { Cell::new(PerfCounters { frames: 0, events: 0, overview_nodes: 0 }) };
}

/// Each counter only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerfCounters {
    /// Frames that applied a batch.
    pub frames: u64,
    /// Events and unreadable messages.
    pub events: u64,
    /// Workspaces that were drawn on the overview layer.
    pub overview_nodes: u64,
}

impl PerfCounters {
    /// Returns the counters of this page.
    pub fn now() -> Self {
        COUNTERS.get()
    }

    /// Updates the counters.
    pub fn count(count: impl FnOnce(&mut Self)) {
        let mut counters = COUNTERS.get();
        count(&mut counters);
        COUNTERS.set(counters);
    }
}
