//! What the link hears and what it orders: the whole vocabulary between it and the world. Never what follows from it.

use orrery_protocol::{Cursor, Epoch, Seq};

#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A snapshot is on its way already, before anything else.
    AskedEarly,
    /// Time passed: the deadline that was asked for, or any other moment.
    Woke,
    /// The person wants a try now.
    TryNow,
    /// The network is back, or the tab is looked at: no reason to wait, but none to begin again what was stopped.
    BackAgain,
    Opened,
    /// An event came where a hello should have been: there will be none.
    NoHello,
    Hello {
        epoch: Epoch,
        head: Seq,
        resumed: bool,
    },
    /// The log's head, from a heartbeat.
    Beat(Option<Seq>),
    Closed {
        code: u16,
        reason: String,
    },
    /// Events are missing: what came is not the next of the log.
    Gap,
    /// What was folded and what was heard do not fit together: only a new first state helps.
    LostTrack,
    /// A snapshot was loaded, at that place of the log.
    Snapshot(Cursor),
    /// The rows of a server without a log were loaded.
    Rows,
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
pub enum Order {
    /// Without a cursor the server is asked for a hello and for what happens from now on.
    Open(Option<Cursor>),
    /// Let go of the socket and of what is being loaded.
    Drop,
    LoadSnapshot,
    LoadRows,
}
