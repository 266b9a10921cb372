//! What the card of one rendered workspace reads: a handle with one signal for each group of fields that change together.

use leptos::prelude::*;
use orrery_layout::{Rect, Shape};
use orrery_protocol::{AgentCard, Status, Timestamp, Workspace, WorkspaceId};

use super::{NodeActivity, TeamSummary};

/// A workspace that is rendered as an element of the page.
///
/// Each signal notifies only when its own group has changed, so that a new task reruns what shows the task, and a drag
/// only what shows the position. Cloning is cheap; the clones share their signals.
#[derive(Debug, Clone)]
pub struct NodeHandle {
    pub id: WorkspaceId,
    /// A card, or a team with its children inside. Constant: a card that becomes a team gets another handle.
    pub shape: Shape,
    /// Where and how the node is drawn. Published in the frame of the change.
    pub position: ArcReadSignal<NodePosition>,
    /// The current task. Published at most each [`PUBLISH_INTERVAL`](super::PUBLISH_INTERVAL), as all that follow.
    pub task: ArcReadSignal<Option<String>>,
    /// How many tasks are active.
    pub active_tasks: ArcReadSignal<u32>,
    /// The status, and why it is not a good one.
    pub health: ArcReadSignal<NodeHealth>,
    /// What seldom changes.
    pub details: ArcReadSignal<NodeDetails>,
    /// The children, counted.
    pub team: ArcReadSignal<TeamSummary>,
    /// The executions and the state of the agent.
    pub activity: ArcReadSignal<NodeActivity>,
}

/// The identity of a rendered element, as the key of a `<For>`.
pub type NodeKey = (WorkspaceId, Shape);

/// Where and how a node is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NodePosition {
    /// In world coordinates, a drag in progress included.
    pub rect: Rect,
    /// How many teams enclose it.
    pub depth: usize,
    /// Whether it is being dragged, or was dropped and is not confirmed by the server yet.
    pub is_dragged: bool,
    /// Whether the filter excludes it.
    pub is_dimmed: bool,
}

/// The fields of a workspace that change with its status.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeHealth {
    pub status: Status,
    /// Since when the status holds; 0 when it is unknown.
    pub status_since: Timestamp,
    /// From 0 to 1.
    pub error_rate: f64,
    /// One of the latest errors, in the agent's words.
    pub sample_error: Option<String>,
    /// Why a failed workspace failed.
    pub failure: Option<String>,
}

/// The fields of a workspace that seldom change.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeDetails {
    /// May be empty: then the id is shown.
    pub name: String,
    pub role: Option<String>,
    /// From 1 to 4.
    pub tier: u8,
    /// The model of the agent; `None` without an agent, or with one whose model is unknown.
    pub model: Option<String>,
    /// The skills that the agent card names, in its order.
    pub skills: Vec<String>,
    /// What `skills` was read from: a card is parsed only when it has changed.
    agent_card: Option<AgentCard>,
}

impl NodeHandle {
    /// Returns the identity of the element that renders this node.
    pub fn key(&self) -> NodeKey {
        (self.id.clone(), self.shape)
    }
}

impl From<&Workspace> for NodeHealth {
    fn from(workspace: &Workspace) -> Self {
        Self {
            status: workspace.status.clone(),
            status_since: workspace.status_since,
            error_rate: workspace.last_error_rate,
            sample_error: workspace.last_sample_error.clone(),
            failure: workspace.failure.clone(),
        }
    }
}

impl From<&Workspace> for NodeDetails {
    fn from(workspace: &Workspace) -> Self {
        Self {
            name: workspace.name.clone(),
            role: workspace.role.clone(),
            tier: workspace.tier,
            model: model(workspace).map(str::to_owned),
            skills: workspace.agent_card.as_ref().map(AgentCard::skills).unwrap_or_default(),
            agent_card: workspace.agent_card.clone(),
        }
    }
}

impl PartialEq<Workspace> for NodeHealth {
    fn eq(&self, workspace: &Workspace) -> bool {
        self.status == workspace.status
            && self.status_since == workspace.status_since
            && self.error_rate == workspace.last_error_rate
            && self.sample_error == workspace.last_sample_error
            && self.failure == workspace.failure
    }
}

impl PartialEq<Workspace> for NodeDetails {
    fn eq(&self, workspace: &Workspace) -> bool {
        self.name == workspace.name
            && self.role == workspace.role
            && self.tier == workspace.tier
            && self.model.as_deref() == model(workspace)
            && self.agent_card == workspace.agent_card
    }
}

fn model(workspace: &Workspace) -> Option<&str> {
    workspace.agent.as_ref().map(|agent| agent.model.as_str()).filter(|model| !model.is_empty())
}
