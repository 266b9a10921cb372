//! How the page stands with its server, as a person is told. Never how it comes about (`connection`).

use orrery_protocol::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStatus {
    Connecting,
    Live,
    /// The next try comes at that time.
    Reconnecting {
        at: Timestamp,
    },
    /// For so long that it is no hiccup; tries go on.
    Offline {
        since: Timestamp,
    },
    /// The server told us to stop. Only the person can start again.
    Stopped {
        reason: StopReason,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// The credential is missing, wrong or revoked: ask for one.
    Unauthorized,
    /// Over a limit, in the server's words.
    OverLimit(String),
    /// The person looks at a saved state instead.
    Saved,
}

impl ConnectionStatus {
    /// The root's `data-connection`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Offline { .. } | Self::Stopped { .. } => "offline",
        }
    }
}
