//! What one subscriber wants to hear, as questions to an event. Never how many subscribers there are, never the tree.

use orrery_protocol::message::Subscription as Wish;
use orrery_protocol::{AgentId, Channel, Event, RunEvent, WorkspaceId};

#[derive(Debug, Clone, PartialEq)]
pub enum Interest {
    /// A canvas hears of every workspace.
    Canvas(Kinds),
    /// An agent hears of those that it can communicate with, and never run events.
    Agent(WorkspaceId, Kinds),
    /// One of the `/ws/*` streams.
    Stream(Selection),
}

/// The kinds that are only for those who ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// `WORKSPACE_UPDATED`, for clients that resume.
    pub updates: bool,
    pub runs: bool,
}

/// Run events that go to one of the channels and pass all of the filters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    pub channels: Vec<Channel>,
    pub workspace: Option<WorkspaceId>,
    /// Any of them; none named is everyone.
    pub agents: Vec<AgentId>,
}

impl Kinds {
    pub fn want(self, event: &Event) -> bool {
        match event {
            Event::Workspace(event) => self.updates || event.change.kind().is_sent_to_plain_sockets(),
            Event::Unknown(_) => true,
            Event::Run(_) => self.runs,
        }
    }
}

impl Selection {
    pub fn of(channel: Channel) -> Self {
        Self { channels: vec![channel], ..Self::default() }
    }

    /// What a client of `/ws/stream` asked for: each id names a channel, a workspace narrows them all.
    pub fn asked(wish: Wish) -> Self {
        let Wish { task_id, run_id, agent_id, workflow_id, execution_id, workspace_id } = wish;
        let mut channels: Vec<Channel> = Vec::new();
        channels.extend(task_id.map(Channel::Task));
        channels.extend(run_id.map(Channel::Run));
        channels.extend(agent_id.map(Channel::Agent));
        channels.extend(workflow_id.map(Channel::Workflow));
        channels.extend(execution_id.map(Channel::Execution));
        if channels.is_empty() {
            channels.push(Channel::All);
        }
        Self { channels, workspace: workspace_id, agents: Vec::new() }
    }

    /// Whether an event of one of the channels is wanted.
    pub fn passes(&self, event: &RunEvent) -> bool {
        let from_the_workspace = self.workspace.is_none() || self.workspace == event.workspace_id;
        let of_the_agents = || event.agent_id.as_ref().is_some_and(|agent| self.agents.contains(agent));
        from_the_workspace && (self.agents.is_empty() || of_the_agents())
    }

    pub fn wants(&self, event: &RunEvent) -> bool {
        self.passes(event) && Channel::of(event).iter().any(|channel| self.channels.contains(channel))
    }
}
