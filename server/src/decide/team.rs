//! A workspace becomes a team, and one agent again. Never a single workspace's life.

use orrery_layout::positions::Plan;
use orrery_layout::{Point, natural_order};
use orrery_protocol::workspace_event::{Child, Provisioning};
use orrery_protocol::{WorkspaceChange, WorkspaceId};
use serde::Deserialize;
use serde_json::Value;

use super::workspace::{Identity, with_descendants};
use super::{checks, event, positions};
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
    let (team, _) = state.known(id)?;
    if said.sub_workspaces.is_empty() {
        return Err(Refusal::BadRequest("sub_workspaces must name at least one".into()));
    }
    let (mut events, mut writes, mut children) = (Vec::new(), Vec::new(), Vec::new());
    let mut plan = Plan::new(&state.canvas, &state.positions);
    let cells = plan.add(Some(team), said.sub_workspaces.len());
    let cells = in_natural_order(&said.sub_workspaces, cells);
    for ((said, identity), cell) in said.sub_workspaces.iter().zip(identities).zip(cells) {
        let provisioning = Provisioning {
            name: checks::named("name", &said.name)?,
            tier: checks::tier(said.tier.unwrap_or(1))?,
            config: said.config.clone().filter(|config| !config.is_null()),
            role: checks::maybe_named("role", said.role.as_deref())?,
            parent_id: Some(id.clone()),
            x: Some(cell.x),
            y: Some(cell.y),
            pinned: Some(false),
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
    events.extend(positions::displace(state, plan, &mut Vec::new()));
    Ok(Decision { events, writes, answer: () })
}

/// Returns the cell of each sub-workspace: the first cell goes to the first name in natural order.
fn in_natural_order(sub_workspaces: &[SubWorkspace], cells: Vec<Point>) -> Vec<Point> {
    let mut order: Vec<usize> = (0..sub_workspaces.len()).collect();
    order.sort_by(|a, b| natural_order(sub_workspaces[*a].name.trim(), sub_workspaces[*b].name.trim()));
    let mut assigned = vec![Point::default(); cells.len()];
    order.into_iter().zip(cells).for_each(|(index, cell)| assigned[index] = cell);
    assigned
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
