//! The status of the connection, as it is shown to the user.

use orrery_protocol::Timestamp;

/// The status of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// Connecting, loading or catching up.
    Connecting,
    /// Every event has been received.
    Live,
    /// Waiting for the next attempt, at this time.
    Reconnecting { at: Timestamp },
    /// Not live for half a minute or longer; attempts go on.
    Offline { since: Timestamp },
    /// No attempts are made until the user retries.
    Stopped { reason: StopReason },
}

/// Why no attempts are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// The credential is missing, wrong or revoked.
    Unauthorized,
    /// A limit of the server is exceeded, in its words.
    OverLimit(String),
    /// A saved state is shown instead.
    Saved,
}

impl ConnectionStatus {
    /// Returns the name of the status, as in `data-connection`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Offline { .. } | Self::Stopped { .. } => "offline",
        }
    }
}
