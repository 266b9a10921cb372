//! The AI agent inside a workspace: assigned, replaced, removed, moved. Never the workspace itself.

use orrery_protocol::{Agent, AgentId, Workspace, WorkspaceChange, WorkspaceId};
use serde::Deserialize;

use super::{checks, event};
use crate::error::Refusal;
use crate::limits::text;
use crate::publish::{Decision, State};

#[derive(Debug, Clone, Deserialize)]
pub struct Model {
    pub model: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Reason {
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    pub target_workspace_id: WorkspaceId,
}

pub fn assign(state: &State, id: &WorkspaceId, said: &Model, agent_id: &AgentId) -> Result<Decision<Agent>, Refusal> {
    let (_, row) = state.known(id)?;
    if let Some(agent) = &row.agent {
        return Err(Refusal::Conflict(format!("{id} already has an agent ({}): replace it with PATCH", agent.model)));
    }
    let (agent_id, model) = (agent_id.clone(), checks::named("model", &said.model)?);
    let agent = Agent { id: Some(agent_id.clone()), model: model.clone() };
    Ok(Decision::events(vec![event(state, id, WorkspaceChange::AgentAssigned { agent_id, model })], agent))
}

/// Another model; the agent stays who it is.
pub fn replace(state: &State, id: &WorkspaceId, said: &Model) -> Result<Decision<Agent>, Refusal> {
    let (_, row) = state.known(id)?;
    let agent = agent_of(row)?;
    let new_model = checks::named("model", &said.model)?;
    let answer = Agent { id: agent.id.clone(), model: new_model.clone() };
    if new_model == agent.model {
        return Ok(Decision::nothing(answer));
    }
    let (agent_id, old_model) = (agent.id.clone(), Some(agent.model.clone()));
    let change = WorkspaceChange::AgentReplaced { agent_id, old_model, new_model };
    Ok(Decision::events(vec![event(state, id, change)], answer))
}

pub fn remove(state: &State, id: &WorkspaceId, said: &Reason) -> Result<Decision<Agent>, Refusal> {
    let (_, row) = state.known(id)?;
    let agent = agent_of(row)?.clone();
    let reason = said.reason.clone().unwrap_or_else(|| "user removed".into());
    let reason = Some(text::cut(reason, text::REASON));
    let change = WorkspaceChange::AgentRemoved { agent_id: agent.id.clone(), reason };
    Ok(Decision::events(vec![event(state, id, change)], agent))
}

/// `minted`: the id of an agent of which only the model was ever said.
pub fn relocate(state: &State, id: &WorkspaceId, said: &Target, minted: &AgentId) -> Result<Decision<Agent>, Refusal> {
    let (_, row) = state.known(id)?;
    let agent = agent_of(row)?.clone();
    let to = &said.target_workspace_id;
    let (_, target) = state.known(to)?;
    if to == id {
        return Err(Refusal::Conflict(format!("the agent is already in {id}")));
    }
    if let Some(there) = &target.agent {
        return Err(Refusal::Conflict(format!("{to} already has an agent ({})", there.model)));
    }
    let agent_id = agent.id.clone().unwrap_or_else(|| minted.clone());
    let change = WorkspaceChange::AgentMoved { agent_id, from: id.clone(), to: to.clone() };
    Ok(Decision::events(vec![event(state, id, change)], agent))
}

fn agent_of(row: &Workspace) -> Result<&Agent, Refusal> {
    row.agent.as_ref().ok_or_else(|| Refusal::NotFound(format!("{} has no agent", row.id)))
}
