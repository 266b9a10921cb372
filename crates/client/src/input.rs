//! What the connection hears and what it effects: the whole vocabulary between it and the world. Never what follows from it.

use orrery_protocol::{Cursor, Epoch, Seq};

#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A snapshot is on its way already, before anything else.
    EarlySnapshotRequested,
    /// Time passed: the deadline that was asked for, or any other moment.
    TimerFired,
    /// The person wants a try now.
    RetryRequested,
    /// The network is back, or the tab is looked at: no reason to wait, but none to begin again what was stopped.
    NetworkRestored,
    Opened,
    /// An event came where a hello should have been: there will be none.
    EventBeforeHello,
    Hello {
        epoch: Epoch,
        head: Seq,
        resumed: bool,
    },
    /// The log's head, from a heartbeat.
    Heartbeat(Option<Seq>),
    Closed {
        code: u16,
        reason: String,
    },
    /// Events are missing: what came is not the next of the log.
    GapDetected,
    /// What was folded and what was input do not fit together: only a new first state helps.
    StateMismatch,
    /// A snapshot was loaded, at that place of the log.
    SnapshotLoaded(Cursor),
    /// The rows of a server without a log were loaded.
    RowsLoaded,
    LoadFailed(LoadFailure),
}

#[derive(Debug, Clone, PartialEq)]
pub enum LoadFailure {
    /// The server has no snapshots, and so no log (see section 13.5 of docs/protocol.md).
    NotFound,
    Unauthorized,
    Unreachable,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Without a cursor the server is asked for a hello and for what happens from now on.
    OpenSocket(Option<Cursor>),
    /// Let go of the socket and of what is being loaded.
    CloseSocket,
    LoadSnapshot,
    LoadRows,
}
