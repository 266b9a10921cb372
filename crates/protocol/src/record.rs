//! Records of workspaces, as REST and snapshots write them (see section 5.1 of docs/protocol.md).

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::optional_id;
use crate::spelling::{empty_as_none, none_as_empty, null_as_default, parsed, whole};
use crate::workspace_event::{first_tier, tier};
use crate::{AgentCard, AgentId, Timestamp, WorkspaceId};

/// Record of a workspace. Foreign servers may leave out every field but the id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    pub id: WorkspaceId,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    pub role: Option<String>,
    /// From 1 to 4.
    #[serde(default = "first_tier", deserialize_with = "tier")]
    pub tier: u8,
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: Status,
    #[serde(default, deserialize_with = "optional_id")]
    pub parent_id: Option<WorkspaceId>,
    #[serde(default, serialize_with = "none_as_empty", deserialize_with = "empty_as_none")]
    pub url: Option<String>,
    pub agent_card: Option<AgentCard>,
    pub agent: Option<Agent>,
    #[serde(default, serialize_with = "none_as_empty", deserialize_with = "empty_as_none")]
    pub current_task: Option<String>,
    #[serde(default, deserialize_with = "whole")]
    pub active_tasks: u32,
    /// From 0 to 1.
    #[serde(default, deserialize_with = "null_as_default")]
    pub last_error_rate: f64,
    #[serde(default, serialize_with = "none_as_empty", deserialize_with = "empty_as_none")]
    pub last_sample_error: Option<String>,
    #[serde(default, deserialize_with = "whole")]
    pub uptime_seconds: u64,
    pub runtime: Option<String>,
    /// Absolute position on the canvas, in CSS pixels at zoom 1. The layout chooses one if there is none.
    pub x: Option<f64>,
    pub y: Option<f64>,
    /// Whether a person chose the position, and not the server. `None` if the server does not arrange workspaces.
    pub pinned: Option<bool>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub collapsed: bool,
    #[serde(default, deserialize_with = "null_as_default")]
    pub updated_at: Timestamp,
    /// Time of the last change of status.
    #[serde(default, deserialize_with = "null_as_default")]
    pub status_since: Timestamp,
    /// Reason of the status `failed`.
    #[serde(default, serialize_with = "none_as_empty", deserialize_with = "empty_as_none")]
    pub failure: Option<String>,
}

impl Workspace {
    /// Returns a workspace of which only the id is known.
    pub fn new(id: WorkspaceId) -> Self {
        Self {
            id,
            name: String::new(),
            role: None,
            tier: 1,
            status: Status::Provisioning,
            parent_id: None,
            url: None,
            agent_card: None,
            agent: None,
            current_task: None,
            active_tasks: 0,
            last_error_rate: 0.0,
            last_sample_error: None,
            uptime_seconds: 0,
            runtime: None,
            x: None,
            y: None,
            pinned: None,
            collapsed: false,
            updated_at: Timestamp::default(),
            status_since: Timestamp::default(),
            failure: None,
        }
    }

    /// Returns the name, or the id of a workspace without a name.
    pub fn display_name(&self) -> &str {
        if self.name.is_empty() { self.id.as_str() } else { &self.name }
    }
}

/// The AI agent in a workspace. The id is unknown if only events about its model arrived.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Agent {
    #[serde(default, deserialize_with = "optional_id")]
    pub id: Option<AgentId>,
    pub model: String,
}

/// Status of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Status {
    #[default]
    Provisioning,
    Online,
    Degraded,
    Offline,
    Failed,
    Removed,
    /// A status of a foreign server, shown as it is.
    Other(Arc<str>),
}

impl Status {
    /// The statuses that a card shows by name.
    pub const SHOWN: [Self; 5] = [Self::Provisioning, Self::Online, Self::Degraded, Self::Offline, Self::Failed];

    /// Returns the name in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Online => "online",
            Self::Degraded => "degraded",
            Self::Offline => "offline",
            Self::Failed => "failed",
            Self::Removed => "removed",
            Self::Other(name) => name,
        }
    }
}

impl FromStr for Status {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(match name {
            "provisioning" => Self::Provisioning,
            "online" => Self::Online,
            "degraded" => Self::Degraded,
            "offline" => Self::Offline,
            "failed" => Self::Failed,
            "removed" => Self::Removed,
            other => Self::Other(other.into()),
        })
    }
}

impl From<&str> for Status {
    fn from(name: &str) -> Self {
        let Ok(status) = name.parse();
        status
    }
}

impl fmt::Display for Status {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parsed(from)
    }
}

/// Part of the canvas that was last shown: its offset in CSS pixels, and the scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Viewport {
    pub x: f64,
    pub y: f64,
    pub zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}
