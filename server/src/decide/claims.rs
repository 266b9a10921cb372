//! What a run event from outside may name: an agent only itself, its workspace, and what it named first.

use std::collections::HashMap;

use orrery_protocol::{RunEvent, WorkspaceId};
use serde_json::{Map, Value};

use crate::log::{CLAIM_NOTED_EVERY, Claim, ClaimId, ClaimKind, ClaimOwner, Write};
use crate::publish::State;

/// The claims of the events of one request.
pub struct Claims<'a> {
    state: &'a State,
    /// `None`: an operator, who may name everything.
    sender: Option<&'a WorkspaceId>,
    new: HashMap<ClaimId, Claim>,
}

/// Returns what an event names that can belong to somebody.
pub fn named_by(event: &RunEvent) -> Vec<ClaimId> {
    let text = |kind, id: Option<&str>| id.map(|id| ClaimId::new(kind, id));
    let ids = [
        text(ClaimKind::Run, event.run_id.as_ref().map(|id| id.as_str())),
        text(ClaimKind::Execution, event.workflow_execution_id.as_ref().map(|id| id.as_str())),
        text(ClaimKind::Task, event.task_id.as_ref().map(|id| id.as_str())),
        text(ClaimKind::Workflow, event.workflow_id.as_ref().map(|id| id.as_str())),
        text(ClaimKind::Step, event.workflow_step_id.as_ref().map(|id| id.as_str())),
    ];
    let planned = steps(&event.data).filter_map(|step| text_of(step, "workflow_step_id"));
    let planned = planned.map(|id| ClaimId::new(ClaimKind::Step, id));
    ids.into_iter().flatten().chain(planned).collect()
}

impl<'a> Claims<'a> {
    pub fn new(state: &'a State, sender: Option<&'a WorkspaceId>) -> Self {
        Self { state, sender, new: HashMap::new() }
    }

    /// Claims what the event names and nobody owns. Returns why not when any of it belongs to somebody else; then none
    /// of it is claimed.
    pub fn claim(&mut self, event: &RunEvent) -> Result<(), String> {
        let named = named_by(event);
        if let Some(sender) = self.sender {
            self.check_workspace(event, sender)?;
            let own = ClaimOwner::Workspace(sender.clone());
            if let Some(other) = named.iter().find(|id| self.owner(id).is_some_and(|owner| owner != own)) {
                let (kind, id) = (other.kind.as_str(), &other.id);
                return Err(format!("{kind} {id} belongs to somebody else: an agent names only what it began"));
            }
        }
        let now = self.state.now.millis();
        for id in named {
            let known = self.new.get(&id).or_else(|| self.state.claims.get(&id));
            if known.is_none_or(|claim| claim.used_at.is_some_and(|used| used + CLAIM_NOTED_EVERY <= now)) {
                let owner = self.owner(&id).unwrap_or_else(|| self.sender.cloned().into());
                self.new.insert(id, Claim { owner, used_at: Some(now) });
            }
        }
        Ok(())
    }

    /// Returns the claims to be written with the events.
    pub fn into_write(self) -> Option<Write> {
        (!self.new.is_empty()).then(|| Write::Claims(self.new.into_iter().collect()))
    }

    fn check_workspace(&self, event: &RunEvent, sender: &WorkspaceId) -> Result<(), String> {
        let planned = steps(&event.data).filter_map(|step| text_of(step, "workspace_id"));
        let workspaces = event.workspace_id.iter().map(|id| id.as_str());
        let mut workspaces = workspaces.chain(text_of(&event.data, "workspace_id")).chain(planned);
        if let Some(other) = workspaces.find(|id| *id != sender.as_str()) {
            return Err(format!("workspace {other} is not the sender's: an agent speaks of its own workspace only"));
        }
        let agent = self.state.canvas.workspace(sender).and_then(|row| row.agent.as_ref()?.id.as_ref());
        let is_own = |id: &str| id == sender.as_str() || agent.is_some_and(|agent| agent.as_str() == id);
        match event.agent_id.as_ref().map(|id| id.as_str()).filter(|id| !is_own(id)) {
            Some(other) => Err(format!("agent {other} is not in workspace {sender}: an agent speaks of itself only")),
            None => Ok(()),
        }
    }

    /// What runs here without a claim was begun by somebody who is no longer known.
    fn owner(&self, id: &ClaimId) -> Option<ClaimOwner> {
        let claim = self.new.get(id).or_else(|| self.state.claims.get(id));
        let runs = self.state.canvas.runs();
        let is_there = || match id.kind {
            ClaimKind::Run => id.id.parse().is_ok_and(|id| runs.run(&id).is_some()),
            ClaimKind::Execution => id.id.parse().is_ok_and(|id| runs.execution(&id).is_some()),
            ClaimKind::Task | ClaimKind::Workflow | ClaimKind::Step => false,
        };
        claim.map(|claim| claim.owner.clone()).or_else(|| is_there().then_some(ClaimOwner::Operators))
    }
}

impl From<Option<WorkspaceId>> for ClaimOwner {
    fn from(sender: Option<WorkspaceId>) -> Self {
        sender.map_or(Self::Operators, Self::Workspace)
    }
}

/// The steps that an execution plans, as the fold reads them.
fn steps(data: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    data.get("steps").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn text_of<'a>(data: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    data.get(key)?.as_str()
}
