//! A workspace comes, changes, starts again and goes. Never its agent or its team.

use orrery_layout::Point;
use orrery_layout::positions::{Plan, position};
use orrery_model::{Canvas, Slot};
use orrery_protocol::id::optional_id;
use orrery_protocol::workspace_event::{Provisioning, Update};
use orrery_protocol::{AgentId, MovedWorkspace, Position, WorkspaceChange, WorkspaceId};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{checks, event, positions};
use crate::auth::TokenHash;
use crate::error::Refusal;
use crate::lenient;
use crate::log::Write;
use crate::publish::{Decision, State};

#[derive(Debug, Clone, Deserialize)]
pub struct Create {
    pub name: String,
    pub role: Option<String>,
    #[serde(default, deserialize_with = "lenient::whole")]
    pub tier: Option<u8>,
    pub config: Option<Value>,
    #[serde(default, deserialize_with = "optional_id")]
    pub parent_id: Option<WorkspaceId>,
    pub runtime: Option<String>,
    pub model: Option<String>,
    pub canvas: Option<Place>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Place {
    #[serde(default, deserialize_with = "lenient::number")]
    pub x: Option<f64>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub y: Option<f64>,
}

/// What a new workspace is known by; made by the caller, for a decision is not random.
#[derive(Debug, Clone)]
pub struct Identity {
    pub id: WorkspaceId,
    pub agent: AgentId,
    pub token: TokenHash,
}

pub fn create(state: &State, said: &Create, identity: &Identity) -> Result<Decision<()>, Refusal> {
    let parent = said.parent_id.as_ref().map(|parent| state.known(parent)).transpose()?.map(|(slot, _)| slot);
    let mut plan = Plan::new(&state.canvas, &state.positions);
    let chosen = match said.canvas.map(|place| (place.x, place.y)) {
        Some((Some(x), Some(y))) => Some(Point::new(checks::place("x", x)?, checks::place("y", y)?)),
        None | Some((None, None)) => None,
        Some(_) => return Err(Refusal::BadRequest("canvas needs both x and y".into())),
    };
    let position = match chosen {
        Some(at) => {
            plan.add_at(parent, at);
            Some(at)
        }
        None => plan.add(parent, 1).first().copied(),
    };
    let provisioning = Provisioning {
        name: checks::named("name", &said.name)?,
        tier: checks::tier(said.tier.unwrap_or(1))?,
        config: said.config.clone().filter(|config| !config.is_null()),
        role: checks::maybe_named("role", said.role.as_deref())?,
        parent_id: said.parent_id.clone(),
        x: position.map(|at| at.x),
        y: position.map(|at| at.y),
        pinned: Some(chosen.is_some()),
        runtime: checks::maybe_named("runtime", said.runtime.as_deref())?,
    };
    let id = &identity.id;
    let mut events = vec![event(state, id, WorkspaceChange::Provisioning(provisioning))];
    if let Some(model) = checks::maybe_named("model", said.model.as_deref())? {
        let agent_id = identity.agent.clone();
        events.push(event(state, id, WorkspaceChange::AgentAssigned { agent_id, model }));
    }
    events.extend(positions::displace(state, plan, &mut Vec::new()));
    let writes = vec![Write::Token { workspace_id: id.clone(), hash: identity.token }];
    Ok(Decision { events, writes, answer: () })
}

/// Only what is said changes; `role: null` and `parent_id: null` say something, `name: null` does not.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Patch {
    pub name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub role: Option<Option<String>>,
    #[serde(default, deserialize_with = "lenient::whole")]
    pub tier: Option<u8>,
    #[serde(default, deserialize_with = "named_parent")]
    pub parent_id: Option<Option<WorkspaceId>>,
    #[serde(default, deserialize_with = "lenient::optional")]
    pub collapsed: Option<bool>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub x: Option<f64>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub y: Option<f64>,
    /// With a position and without this, the person who sets it is taken to have chosen it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub pinned: Option<bool>,
}

/// Answers with the workspaces that are moved: this one, and neighbours that were in its way.
pub fn patch(state: &State, id: &WorkspaceId, said: &Patch) -> Result<Decision<Vec<MovedWorkspace>>, Refusal> {
    let (slot, row) = state.known(id)?;
    let name = said.name.as_deref().map(|name| checks::named("name", name)).transpose()?;
    let role = said.role.as_ref().map(|role| checks::maybe_named("role", role.as_deref())).transpose()?;
    let update = Update {
        name: name.filter(|name| *name != row.name),
        role: role.filter(|role| *role != row.role).map(Option::unwrap_or_default),
        tier: said.tier.map(checks::tier).transpose()?.filter(|tier| *tier != row.tier),
        collapsed: said.collapsed.filter(|collapsed| *collapsed != row.collapsed),
        ..Update::default()
    };
    let mut events = Vec::new();
    let mut container = state.canvas.parent(slot);
    if let Some(parent) = said.parent_id.as_ref().filter(|parent| **parent != row.parent_id) {
        if let Some(parent) = parent {
            let (to, _) = state.known(parent)?;
            if state.canvas.would_cycle(slot, to) {
                return Err(Refusal::Conflict(format!("{id} cannot be inside {parent}, which is inside it")));
            }
        }
        container = parent.as_ref().and_then(|parent| state.canvas.find(parent));
        let (old_parent_id, new_parent_id) = (row.parent_id.clone(), parent.clone());
        events.push(event(state, id, WorkspaceChange::Moved { old_parent_id, new_parent_id }));
    }
    let x = said.x.map(|x| checks::place("x", x)).transpose()?;
    let y = said.y.map(|y| checks::place("y", y)).transpose()?;
    let chosen = match (x, y) {
        (None, None) => None,
        (x, y) => Some(Point::new(x.or(row.x).unwrap_or_default(), y.or(row.y).unwrap_or_default())),
    };
    let pinned = said.pinned.or(chosen.map(|_| true));
    let mut plan = Plan::new(&state.canvas, &state.positions);
    let moved_to = match (chosen, events.is_empty()) {
        (Some(to), true) if position(row) == Some(to) => None,
        (None, true) => None,
        (chosen, _) => Some(plan.relocate(slot, container, chosen)),
    };
    // In another team it has a cell of that team, unless a person chose where.
    let pinned = pinned.or(moved_to.map(|_| false)).filter(|pinned| row.pinned != Some(*pinned));
    let (x, y) =
        (moved_to.map(|to| to.x).filter(|x| row.x != Some(*x)), moved_to.map(|to| to.y).filter(|y| row.y != Some(*y)));
    let with_descendants = (x.is_some() || y.is_some()) && !state.canvas.children(slot).is_empty();
    let update = Update { x, y, pinned, with_descendants, ..update };
    if update != Update::default() {
        events.push(event(state, id, WorkspaceChange::Updated(update)));
    }
    let mut moved = Vec::new();
    if let Some((from, to)) = positions::recorded(row).zip(moved_to) {
        let pinned = pinned.unwrap_or(from.pinned);
        moved.push(MovedWorkspace { id: id.clone(), from, to: Position { x: to.x, y: to.y, pinned } });
    }
    events.extend(positions::displace(state, plan, &mut moved));
    Ok(Decision::events(events, moved))
}

/// The retry button: everything that is known of it still holds. With a token, the old one ends.
pub fn restart(state: &State, id: &WorkspaceId, token: Option<TokenHash>) -> Result<Decision<()>, Refusal> {
    let (_, row) = state.known(id)?;
    let provisioning = Provisioning {
        name: row.name.clone(),
        tier: row.tier,
        config: state.configs.get(id).cloned(),
        role: row.role.clone(),
        parent_id: row.parent_id.clone(),
        x: row.x,
        y: row.y,
        pinned: row.pinned,
        runtime: row.runtime.clone(),
    };
    let events = vec![event(state, id, WorkspaceChange::Provisioning(provisioning))];
    let writes = token.map(|hash| Write::Token { workspace_id: id.clone(), hash }).into_iter().collect();
    Ok(Decision { events, writes, answer: () })
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Remove {
    #[serde(default)]
    pub confirm: bool,
    /// Who does its work from now on.
    #[serde(default, deserialize_with = "optional_id")]
    pub forwarded_to: Option<WorkspaceId>,
}

/// Answers with everyone that goes, in the order in which they go: children first, itself last.
pub fn remove(state: &State, id: &WorkspaceId, said: &Remove) -> Result<Decision<Vec<WorkspaceId>>, Refusal> {
    let (slot, _) = state.known(id)?;
    let children = state.canvas.children(slot);
    if !children.is_empty() && !said.confirm {
        let rows = children.iter().filter_map(|child| state.canvas.get(*child));
        return Err(Refusal::ConfirmationRequired(rows.map(|row| (row.id.clone(), row.name.clone())).collect()));
    }
    let going = with_descendants(&state.canvas, slot);
    if let Some(heir) = &said.forwarded_to {
        state.known(heir)?;
        if going.contains(heir) {
            return Err(Refusal::Conflict(format!("{heir} is removed too, so nothing can be forwarded to it")));
        }
    }
    let removed = |gone: &WorkspaceId| {
        let forwarded_to = said.forwarded_to.clone().filter(|_| gone == id);
        event(state, gone, WorkspaceChange::Removed { forwarded_to, cascade_deleted: Vec::new() })
    };
    Ok(Decision::events(going.iter().map(removed).collect(), going))
}

/// Everyone below, the deepest first, then itself.
pub(super) fn with_descendants(canvas: &Canvas, slot: Slot) -> Vec<WorkspaceId> {
    // Parents before children, then turned round: a deep tree must not be a deep stack.
    let mut order = vec![slot];
    let mut next = 0;
    while let Some(slot) = order.get(next).copied() {
        order.extend_from_slice(canvas.children(slot));
        next += 1;
    }
    order.iter().rev().filter_map(|slot| canvas.get(*slot)).map(|row| row.id.clone()).collect()
}

/// Reads a parent: `null` and `""` are the root.
fn named_parent<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<WorkspaceId>>, D::Error> {
    optional_id(from).map(Some)
}

/// Tells `null` from a field that is not there.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
