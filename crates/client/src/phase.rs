//! Where the connection stands between nothing and live. Never what leads from one to the next (`connection`).

use orrery_protocol::{Seq, Timestamp};

use super::connection_status::StopReason;

/// Which server it is decides how the first state comes and what is promised about order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    /// Numbers its events.
    Ours,
    /// Has no log (see section 13.5 of docs/protocol.md).
    Foreign,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    Waiting {
        until: Timestamp,
    },
    Opening {
        by: Timestamp,
    },
    /// Open; the hello is to come.
    AwaitingHello {
        by: Timestamp,
    },
    Loading {
        server: Server,
        by: Timestamp,
    },
    /// Resumed; the events up to `head` are on their way.
    CatchingUp {
        head: Seq,
    },
    Live {
        since: Timestamp,
    },
    Stopped(StopReason),
}
