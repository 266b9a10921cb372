//! How much one stranger may take: connections of an address, requests of a workspace. Never who may do what (`auth`).

mod bucket;
mod addresses;
mod workspaces;
mod quotas;
mod room;
pub mod text;

use std::time::Duration;

use clap::Args;

pub(crate) use bucket::Bucket;

pub use addresses::{AddressSeat, Addresses, Crowded};
pub use quotas::Quotas;
pub use room::Room;
pub use workspaces::Workspaces;

/// How many children one request may expand a workspace into.
pub const EXPAND_CHILDREN: usize = 200;

/// How much of a server others may hold, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Limits {
    /// Open connections, WebSockets included. Further ones are refused.
    #[arg(long = "max-connections", env = "ORRERY_MAX_CONNECTIONS", value_name = "N")]
    #[arg(default_value_t = Self::default().connections)]
    pub connections: u32,

    /// Open connections of one address (an IPv6 /64 counts as one). Loopback, and so a local proxy, is not limited.
    #[arg(long = "max-connections-per-address", env = "ORRERY_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N")]
    #[arg(default_value_t = Self::default().address_connections)]
    pub address_connections: u32,

    /// Connections that one address may open per second, with bursts of ten times as many.
    #[arg(long = "max-handshakes-per-address", env = "ORRERY_MAX_HANDSHAKES_PER_ADDRESS", value_name = "N")]
    #[arg(default_value_t = Self::default().address_handshakes)]
    pub address_handshakes: u32,

    /// Requests that one workspace may make per second, with bursts of ten times as many.
    #[arg(long = "max-requests-per-workspace", env = "ORRERY_MAX_REQUESTS_PER_WORKSPACE", value_name = "N")]
    #[arg(default_value_t = Self::default().workspace_requests)]
    pub workspace_requests: u32,

    /// Events that one workspace may publish per second, with bursts of ten times as many.
    #[arg(long = "max-events-per-workspace", env = "ORRERY_MAX_EVENTS_PER_WORKSPACE", value_name = "N")]
    #[arg(default_value_t = Self::default().workspace_events)]
    pub workspace_events: u32,

    /// Bytes that one workspace may publish per second, with bursts of ten times as many.
    #[arg(long = "max-bytes-per-workspace", env = "ORRERY_MAX_BYTES_PER_WORKSPACE", value_name = "N")]
    #[arg(default_value_t = Self::default().workspace_bytes)]
    pub workspace_bytes: u32,

    /// Workspaces in one tree (a workspace without a parent and everything inside it) up to which its agents may add
    /// more.
    #[arg(long = "max-children-per-workspace", env = "ORRERY_MAX_CHILDREN_PER_WORKSPACE", value_name = "N")]
    #[arg(default_value_t = Self::default().workspace_children)]
    pub workspace_children: u32,

    /// The same where each workspace is a local process (`--provisioner process:…`).
    #[arg(long = "max-processes-per-workspace", env = "ORRERY_MAX_PROCESSES_PER_WORKSPACE", value_name = "N")]
    #[arg(default_value_t = Self::default().workspace_processes)]
    pub workspace_processes: u32,

    /// Loopback counts like every other address: only for tests, which come from there.
    #[arg(skip)]
    pub counts_loopback: bool,

    /// A request's head must be there this long after it began, the first one after the connection did.
    #[arg(skip = Self::default().head)]
    pub head: Duration,

    /// A connection may rest this long between two requests: longer than agents between two heartbeats.
    #[arg(skip = Self::default().rest)]
    pub rest: Duration,

    /// A request must be read and answered after this long.
    #[arg(skip = Self::default().request)]
    pub request: Duration,

    /// A client that takes nothing of its answer for so long is gone.
    #[arg(skip = Self::default().write)]
    pub write: Duration,

    /// When the server stops, requests and sockets in hand may take this long.
    #[arg(skip = Self::default().farewell)]
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            address_connections: 2_000,
            address_handshakes: 200,
            workspace_requests: 200,
            workspace_events: 100,
            workspace_bytes: 256 * 1024,
            workspace_children: 10_000,
            workspace_processes: 100,
            counts_loopback: false,
            head: Duration::from_secs(10),
            rest: Duration::from_secs(75),
            request: Duration::from_secs(30),
            write: Duration::from_secs(20),
            farewell: Duration::from_secs(10),
        }
    }
}
