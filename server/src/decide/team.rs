//! A workspace becomes a team, and one agent again. Never a single workspace's life.

use orrery_protocol::workspace_event::{Child, Provisioning};
use orrery_protocol::{WorkspaceChange, WorkspaceId};
use serde::Deserialize;
use serde_json::Value;

use super::workspace::{Identity, with_descendants};
use super::{checks, event};
use crate::error::Refusal;
use crate::lenient;
use crate::log::Write;
use crate::publish::{Decision, State};

#[derive(Debug, Clone, Deserialize)]
pub struct Expand {
    pub sub_workspaces: Vec<SubWorkspace>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SubWorkspace {
    pub name: String,
    pub role: Option<String>,
    #[serde(default, deserialize_with = "lenient::whole")]
    pub tier: Option<u8>,
    pub config: Option<Value>,
}

/// `identities`: one a sub-workspace.
pub fn expand(
    state: &State,
    id: &WorkspaceId,
    said: &Expand,
    identities: &[Identity],
) -> Result<Decision<()>, Refusal> {
    state.known(id)?;
    if said.sub_workspaces.is_empty() {
        return Err(Refusal::BadRequest("sub_workspaces must name at least one".into()));
    }
    let (mut events, mut writes, mut children) = (Vec::new(), Vec::new(), Vec::new());
    for (said, identity) in said.sub_workspaces.iter().zip(identities) {
        let provisioning = Provisioning {
            name: checks::named("name", &said.name)?,
            tier: checks::tier(said.tier.unwrap_or(1))?,
            config: said.config.clone().filter(|config| !config.is_null()),
            role: checks::maybe_named("role", said.role.as_deref())?,
            parent_id: Some(id.clone()),
            ..Provisioning::default()
        };
        children.push(Child {
            id: identity.id.clone(),
            name: Some(provisioning.name.clone()),
            role: provisioning.role.clone(),
        });
        events.push(event(state, &identity.id, WorkspaceChange::Provisioning(provisioning)));
        writes.push(Write::Token { workspace_id: identity.id.clone(), hash: identity.token });
    }
    events.push(event(state, id, WorkspaceChange::Expanded { children }));
    Ok(Decision { events, writes, answer: () })
}

/// Answers with everyone below it, in the order in which they go.
pub fn collapse(state: &State, id: &WorkspaceId) -> Result<Decision<Vec<WorkspaceId>>, Refusal> {
    let (slot, _) = state.known(id)?;
    let mut going = with_descendants(&state.canvas, slot);
    going.retain(|gone| gone != id);
    if going.is_empty() {
        return Err(Refusal::Conflict(format!("{id} has no sub-workspaces to collapse")));
    }
    let removed = WorkspaceChange::Removed { forwarded_to: None, cascade_deleted: Vec::new() };
    let mut events: Vec<_> = going.iter().map(|gone| event(state, gone, removed.clone())).collect();
    let removed = going.clone();
    events.push(event(state, id, WorkspaceChange::Collapsed { removed, removed_names: Vec::new() }));
    Ok(Decision::events(events, going))
}
