//! The current truth of one thing as REST and snapshots write it: a workspace's row (see section 5.1 of docs/protocol.md). Never how it came to be.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize, Serializer};

use crate::fields::{Fields, Read, readable};
use crate::spelling::empty_is_none;
use crate::workspace_event::tier_one;
use crate::{AgentCard, AgentId, AgentState, Cursor, Execution, Run, Timestamp, WorkspaceId};

/// A workspace's row. Rows of foreign servers may leave out all but the id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub role: Option<String>,
    /// 1 to 4.
    pub tier: u8,
    pub status: Status,
    pub parent_id: Option<WorkspaceId>,
    #[serde(serialize_with = "empty_is_none")]
    pub url: Option<String>,
    pub agent_card: Option<AgentCard>,
    pub agent: Option<Agent>,
    #[serde(serialize_with = "empty_is_none")]
    pub current_task: Option<String>,
    pub active_tasks: u32,
    /// 0 to 1.
    pub last_error_rate: f64,
    #[serde(serialize_with = "empty_is_none")]
    pub last_sample_error: Option<String>,
    pub uptime_seconds: u64,
    pub runtime: Option<String>,
    /// Absolute position on the canvas, in CSS pixels at zoom 1. Without one the canvas finds a place.
    pub x: Option<f64>,
    pub y: Option<f64>,
    pub collapsed: bool,
    pub updated_at: Timestamp,
    /// Beyond the contract's row: since when the status holds, and why a failed workspace failed.
    pub status_since: Timestamp,
    #[serde(serialize_with = "empty_is_none")]
    pub failure: Option<String>,
}

impl Workspace {
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
            collapsed: false,
            updated_at: Timestamp::default(),
            status_since: Timestamp::default(),
            failure: None,
        }
    }

    fn open(it: &Fields<'_>) -> Read<Self> {
        Ok(Self {
            id: it.needed("id", it.parsed("id"))?,
            name: it.text("name")?.unwrap_or_default(),
            role: it.text("role")?,
            tier: it.whole("tier")?.unwrap_or_else(tier_one),
            status: it.text("status")?.map(|word| Status::from(word.as_str())).unwrap_or_default(),
            parent_id: it.parsed("parent_id")?,
            url: it.words("url")?,
            agent_card: it.card("agent_card")?,
            agent: it.object("agent", "agent.")?.map(|it| Agent::open(&it)).transpose()?,
            current_task: it.words("current_task")?,
            active_tasks: it.whole("active_tasks")?.unwrap_or_default(),
            last_error_rate: it.number("last_error_rate")?.unwrap_or_default(),
            last_sample_error: it.words("last_sample_error")?,
            uptime_seconds: it.whole("uptime_seconds")?.unwrap_or_default(),
            runtime: it.text("runtime")?,
            x: it.number("x")?,
            y: it.number("y")?,
            collapsed: it.flag("collapsed")?.unwrap_or_default(),
            updated_at: it.parsed("updated_at")?.unwrap_or_default(),
            status_since: it.parsed("status_since")?.unwrap_or_default(),
            failure: it.words("failure")?,
        })
    }
}

/// The AI agent inside a workspace. The id is unknown when only its model was ever said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Agent {
    pub id: Option<AgentId>,
    pub model: String,
}

impl Agent {
    fn open(it: &Fields<'_>) -> Read<Self> {
        Ok(Self { id: it.parsed("id")?, model: it.needed("model", it.text("model"))? })
    }
}

readable!(Workspace Agent);

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Status {
    #[default]
    Provisioning,
    Online,
    Degraded,
    Offline,
    Failed,
    Removed,
    /// A foreign server's status, shown in its own words.
    Other(Arc<str>),
}

impl Status {
    /// Every status that a card may show by name.
    pub const SHOWN: [Self; 5] = [Self::Provisioning, Self::Online, Self::Degraded, Self::Offline, Self::Failed];

    pub fn as_str(&self) -> &str {
        match self {
            Self::Provisioning => "provisioning",
            Self::Online => "online",
            Self::Degraded => "degraded",
            Self::Offline => "offline",
            Self::Failed => "failed",
            Self::Removed => "removed",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Status {
    fn from(word: &str) -> Self {
        match word {
            "provisioning" => Self::Provisioning,
            "online" => Self::Online,
            "degraded" => Self::Degraded,
            "offline" => Self::Offline,
            "failed" => Self::Failed,
            "removed" => Self::Removed,
            other => Self::Other(other.into()),
        }
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

/// Where the canvas was last looked at: the offset in CSS pixels and the scale.
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

/// `GET /snapshot`: every record at exactly `cursor`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub cursor: Cursor,
    pub workspaces: Vec<Workspace>,
    /// Those that run and the latest that ended; so are `runs`.
    #[serde(default)]
    pub executions: Vec<Execution>,
    #[serde(default)]
    pub runs: Vec<Run>,
    #[serde(default)]
    pub agents: Vec<AgentState>,
    pub viewport: Viewport,
}
