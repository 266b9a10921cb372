//! Workspace events (see section 3.1 of docs/protocol.md).
//!
//! Where a field has two spellings, both are written and either is read (see section 3.2 of docs/protocol.md, and `payload.rs`).

mod payload;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::decode::JsonError;
use crate::id::optional_id;
use crate::spelling::optional_whole;
use crate::{AgentCard, AgentId, Timestamp, WorkspaceId};

/// A change of one workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceEvent {
    pub workspace_id: WorkspaceId,
    pub timestamp: Timestamp,
    pub change: WorkspaceChange,
}

/// The payload of an event, one variant for each kind. A field is `None` if the sender left it out.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkspaceChange {
    Provisioning(Provisioning),
    Online {
        url: Option<String>,
        agent_card: Option<AgentCard>,
    },
    Offline,
    ProvisionFailed {
        reason: String,
    },
    Degraded {
        error_rate: Option<f64>,
        sample_error: Option<String>,
    },
    Removed {
        forwarded_to: Option<WorkspaceId>,
        cascade_deleted: Vec<WorkspaceId>,
    },
    AgentAssigned {
        agent_id: AgentId,
        model: String,
    },
    AgentReplaced {
        agent_id: Option<AgentId>,
        old_model: Option<String>,
        new_model: String,
    },
    AgentRemoved {
        agent_id: Option<AgentId>,
        reason: Option<String>,
    },
    AgentMoved {
        agent_id: AgentId,
        from: WorkspaceId,
        to: WorkspaceId,
    },
    AgentCardUpdated {
        agent_card: AgentCard,
    },
    Expanded {
        children: Vec<Child>,
    },
    Collapsed {
        removed: Vec<WorkspaceId>,
        removed_names: Vec<String>,
    },
    Moved {
        old_parent_id: Option<WorkspaceId>,
        new_parent_id: Option<WorkspaceId>,
    },
    TaskUpdated {
        current_task: Option<String>,
        active_tasks: u32,
    },
    ActivityLogged(Activity),
    /// The fields that changed, sent only to clients that ask for it (see section 3.7 of docs/protocol.md).
    Updated(Update),
}

/// The settings of a workspace that starts.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Provisioning {
    pub name: String,
    /// From 1 to 4.
    pub tier: u8,
    pub config: Option<Value>,
    pub role: Option<String>,
    pub parent_id: Option<WorkspaceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Whether a person chose the position.
    pub pinned: Option<bool>,
    pub runtime: Option<String>,
}

/// A child of a team that was expanded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Child {
    pub id: WorkspaceId,
    pub name: Option<String>,
    pub role: Option<String>,
}

/// Summary of an activity that was logged; `GET /workspaces/{id}/activity` has its bodies.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Activity {
    pub id: Option<String>,
    pub activity_type: Option<String>,
    pub method: Option<String>,
    pub summary: Option<String>,
    pub status: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    pub source_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_id")]
    pub target_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "optional_whole")]
    pub duration_ms: Option<u64>,
}

/// The fields of a workspace that changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Update {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `""` clears the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Whether a person chose the position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    /// Everything inside moves as far as the workspace does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub with_descendants: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collapsed: Option<bool>,
}

pub(crate) fn first_tier() -> u8 {
    1
}

/// Reads a tier; `null` is the lowest.
pub(crate) fn tier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    Ok(optional_whole(deserializer)?.unwrap_or_else(first_tier))
}

macro_rules! kinds {
    ($($variant:ident = $name:literal)*) => {
        /// Kind of a workspace event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum WorkspaceEventKind { $($variant),* }

        impl WorkspaceEventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the value of the `event` key.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns the kind with this name, if there is one.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    Provisioning = "WORKSPACE_PROVISIONING"
    Online = "WORKSPACE_ONLINE"
    Offline = "WORKSPACE_OFFLINE"
    ProvisionFailed = "WORKSPACE_PROVISION_FAILED"
    Degraded = "WORKSPACE_DEGRADED"
    Removed = "WORKSPACE_REMOVED"
    AgentAssigned = "AGENT_ASSIGNED"
    AgentReplaced = "AGENT_REPLACED"
    AgentRemoved = "AGENT_REMOVED"
    AgentMoved = "AGENT_MOVED"
    AgentCardUpdated = "AGENT_CARD_UPDATED"
    Expanded = "WORKSPACE_EXPANDED"
    Collapsed = "WORKSPACE_COLLAPSED"
    Moved = "WORKSPACE_MOVED"
    TaskUpdated = "TASK_UPDATED"
    ActivityLogged = "ACTIVITY_LOGGED"
    Updated = "WORKSPACE_UPDATED"
}

impl WorkspaceEventKind {
    /// Returns whether the kind is one of the 14 that are stored without a limit (see section 2.3 of docs/protocol.md).
    pub fn is_structure(self) -> bool {
        !matches!(self, Self::TaskUpdated | Self::ActivityLogged | Self::Updated)
    }

    /// Returns whether a plain `/ws` gets the kind. `WORKSPACE_UPDATED` is only for clients that ask for it (see section 3.7 of
    /// docs/protocol.md).
    pub fn is_sent_to_plain_sockets(self) -> bool {
        self != Self::Updated
    }
}

impl fmt::Display for WorkspaceEventKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl WorkspaceChange {
    /// Returns the kind of the event.
    pub fn kind(&self) -> WorkspaceEventKind {
        match self {
            Self::Provisioning(_) => WorkspaceEventKind::Provisioning,
            Self::Online { .. } => WorkspaceEventKind::Online,
            Self::Offline => WorkspaceEventKind::Offline,
            Self::ProvisionFailed { .. } => WorkspaceEventKind::ProvisionFailed,
            Self::Degraded { .. } => WorkspaceEventKind::Degraded,
            Self::Removed { .. } => WorkspaceEventKind::Removed,
            Self::AgentAssigned { .. } => WorkspaceEventKind::AgentAssigned,
            Self::AgentReplaced { .. } => WorkspaceEventKind::AgentReplaced,
            Self::AgentRemoved { .. } => WorkspaceEventKind::AgentRemoved,
            Self::AgentMoved { .. } => WorkspaceEventKind::AgentMoved,
            Self::AgentCardUpdated { .. } => WorkspaceEventKind::AgentCardUpdated,
            Self::Expanded { .. } => WorkspaceEventKind::Expanded,
            Self::Collapsed { .. } => WorkspaceEventKind::Collapsed,
            Self::Moved { .. } => WorkspaceEventKind::Moved,
            Self::TaskUpdated { .. } => WorkspaceEventKind::TaskUpdated,
            Self::ActivityLogged(_) => WorkspaceEventKind::ActivityLogged,
            Self::Updated(_) => WorkspaceEventKind::Updated,
        }
    }

    /// Reads the JSON text of a `payload`. `subject` is the workspace of the event, which some spellings of `AGENT_MOVED` leave out
    /// of the payload.
    ///
    /// Returns an error that names the field.
    pub fn read(kind: WorkspaceEventKind, payload: &str, subject: &WorkspaceId) -> Result<Self, JsonError> {
        payload::read(kind, payload, subject)
    }

    /// Returns the JSON of the `payload`.
    pub fn payload(&self) -> Value {
        payload::write(self)
    }
}
