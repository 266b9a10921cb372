//! The states of the connection, and how long each may last.

use orrery_protocol::{Seq, Timestamp};

use super::connection_status::StopReason;

/// In milliseconds, as all of these.
pub(super) const OPEN_TIMEOUT: i64 = 15_000;
/// A server that sends no hello for so long does not number its events.
pub(super) const HELLO_TIMEOUT: i64 = 2_000;
pub(super) const LOAD_TIMEOUT: i64 = 60_000;
/// Without any message for so long, a server that sends heartbeats counts as lost.
pub(super) const HEARTBEAT_TIMEOUT: i64 = 40_000;
/// Not live for so long is shown as offline.
pub(super) const OFFLINE_AFTER: i64 = 30_000;

/// The kind of server, which decides how the initial state is loaded and whether events are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    /// Numbers its events and has snapshots.
    Sequenced,
    /// Does neither (see section 13.5 of docs/protocol.md).
    Unsequenced,
}

/// `by` and `until` are deadlines.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    /// Waits out a backoff.
    Waiting { until: Timestamp },
    /// The socket is being opened.
    Opening { by: Timestamp },
    /// The socket is open; the hello has not arrived.
    AwaitingHello { by: Timestamp },
    /// The initial state is being loaded.
    Loading { server: Server, by: Timestamp },
    /// Resumed; the events up to `head` are arriving.
    CatchingUp { head: Seq },
    /// Every event of the log has been received.
    Live { since: Timestamp },
    /// Nothing happens until the user retries.
    Stopped(StopReason),
}
