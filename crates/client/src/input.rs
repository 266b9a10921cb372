//! The inputs and effects of the connection: everything that passes between the state machine and the outside.

use orrery_protocol::{Cursor, Epoch, Seq};

/// What has happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A snapshot was requested before the connection was created.
    EarlySnapshotRequested,
    /// The deadline has passed. May also come at any other time, and does nothing then.
    TimerFired,
    /// The user wants to connect now.
    RetryRequested,
    /// The network is back, or the tab has become visible: ends a backoff, but does not reconnect after a stop.
    NetworkRestored,
    /// The socket is open.
    Opened,
    /// An event has arrived before a hello: this server sends none.
    EventBeforeHello,
    /// The first message of a server that numbers its events (see section 13.1 of docs/protocol.md).
    Hello { epoch: Epoch, head: Seq, resumed: bool },
    /// A heartbeat, with the last `seq` of the log if the server numbers its events.
    Heartbeat(Option<Seq>),
    /// The socket was closed, with the code and the reason of the close frame.
    Closed { code: u16, reason: String },
    /// An event is not the next of the log: others are missing before it.
    GapDetected,
    /// The applied state and the events do not fit together: only a new initial state helps.
    StateMismatch,
    /// A snapshot was loaded; it holds everything up to this cursor.
    SnapshotLoaded(Cursor),
    /// The rows of a server that has no snapshots were loaded.
    RowsLoaded,
    /// The initial state could not be loaded.
    LoadFailed(LoadFailure),
}

/// Why the initial state could not be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadFailure {
    /// The server has no snapshots, and so no log (see section 13.5 of docs/protocol.md).
    NotFound,
    Unauthorized,
    Unreachable,
}

/// What is to be done outside, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Opens a socket that resumes from the cursor; without one, a socket for what happens from now on.
    OpenSocket(Option<Cursor>),
    /// Closes the socket, and drops what is being loaded.
    CloseSocket,
    /// Requests a snapshot.
    LoadSnapshot,
    /// Requests the rows of a server that has no snapshots.
    LoadRows,
}
