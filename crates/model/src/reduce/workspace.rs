//! What each workspace event does to the state (see section 6.2 of docs/protocol.md). Never the order of the log, never waiting by itself.

use orrery_protocol::workspace_event::{Provisioning, Update};
use orrery_protocol::{Agent, AgentId, Status, Timestamp, Workspace, WorkspaceChange, WorkspaceEvent, WorkspaceId};

use crate::canvas::{Canvas, Slot};
use crate::changes::Changes;

pub(super) fn fold(canvas: &mut Canvas, event: &WorkspaceEvent, changes: &mut Changes) {
    let WorkspaceEvent { workspace_id: id, timestamp, change } = event;
    match (change, canvas.find(id)) {
        (WorkspaceChange::Removed { cascade_deleted, .. }, _) => {
            cascade_deleted.iter().for_each(|child| remove(canvas, child, changes));
            remove(canvas, id, changes);
        }
        // A hint for the activity feed: nothing of the state.
        (WorkspaceChange::ActivityLogged(_), _) => {}
        (WorkspaceChange::AgentMoved { agent_id, from, to }, _) => {
            let model = leave(canvas, agent_id, from, *timestamp, changes);
            arrive(canvas, agent_id, model, to, *timestamp, changes);
        }
        _ if canvas.is_removed(id) => {}
        (WorkspaceChange::Provisioning(said), None) => appear(canvas, id, said, *timestamp, changes),
        (_, Some(slot)) => happen(canvas, slot, event, changes),
        (_, None) => canvas.orphaned_events.insert(event.clone()),
    }
}

fn appear(canvas: &mut Canvas, id: &WorkspaceId, said: &Provisioning, now: Timestamp, changes: &mut Changes) {
    let mut record = Workspace::new(id.clone());
    provision(&mut record, said, now);
    changes.added.push(canvas.insert(record));
    changes.arrangement = true;
    for waited in canvas.orphaned_events.take(id) {
        fold(canvas, &waited, changes);
    }
}

fn remove(canvas: &mut Canvas, id: &WorkspaceId, changes: &mut Changes) {
    let children = canvas.find(id).map(|slot| canvas.children(slot).to_vec()).unwrap_or_default();
    if let Some(record) = canvas.workspace(id).cloned() {
        changes.agents.extend(canvas.runs.forget_agent(&record));
    }
    if let Some(slot) = canvas.remove(id) {
        changes.removed.push((slot, id.clone()));
        changes.updated.extend(children);
        changes.arrangement = true;
    }
}

/// An event about a workspace that is on the canvas.
fn happen(canvas: &mut Canvas, slot: Slot, event: &WorkspaceEvent, changes: &mut Changes) {
    let WorkspaceEvent { workspace_id: id, timestamp: now, change } = event;
    changes.updated.push(slot);
    match change {
        WorkspaceChange::Provisioning(said) => {
            canvas.edit(slot, |it| provision(it, said, *now));
            changes.arrangement = true;
        }
        WorkspaceChange::Moved { new_parent_id, .. } => {
            canvas.edit(slot, |it| {
                touch(it, *now);
                it.parent_id = new_parent_id.clone();
            });
            changes.arrangement = true;
        }
        WorkspaceChange::Updated(said) => {
            canvas.edit(slot, |it| update(it, said, *now));
            changes.arrangement |= said.x.is_some() || said.y.is_some() || said.collapsed.is_some();
        }
        WorkspaceChange::Expanded { children } => {
            canvas.edit(slot, |it| {
                touch(it, *now);
                it.collapsed = false;
            });
            changes.arrangement = true;
            for child in children {
                adopt(canvas, id, &child.id, *now, changes);
            }
        }
        WorkspaceChange::Collapsed { removed, removed_names } => {
            canvas.edit(slot, |it| touch(it, *now));
            let named = canvas.children(slot).iter().filter_map(|child| canvas.get(*child));
            let named = named.filter(|child| removed_names.contains(&child.name)).map(|child| child.id.clone());
            let named: Vec<WorkspaceId> = named.collect();
            removed.iter().chain(&named).for_each(|child| remove(canvas, child, changes));
        }
        change => canvas.edit(slot, |it| set(it, change, *now)),
    }
}

/// The changes that touch nothing but the record.
fn set(it: &mut Workspace, change: &WorkspaceChange, now: Timestamp) {
    touch(it, now);
    match change {
        WorkspaceChange::Online { url, agent_card } => {
            stand(it, Status::Online, now);
            it.url = url.clone().or_else(|| it.url.take());
            it.agent_card = agent_card.clone().or_else(|| it.agent_card.take());
            (it.last_error_rate, it.last_sample_error) = (0.0, None);
        }
        WorkspaceChange::Offline => stand(it, Status::Offline, now),
        WorkspaceChange::ProvisionFailed { reason } => {
            stand(it, Status::Failed, now);
            it.failure = Some(reason.clone()).filter(|reason| !reason.is_empty());
        }
        WorkspaceChange::Degraded { error_rate, sample_error } => {
            stand(it, Status::Degraded, now);
            it.last_error_rate = error_rate.unwrap_or(it.last_error_rate);
            it.last_sample_error = sample_error.clone().or_else(|| it.last_sample_error.take());
        }
        WorkspaceChange::AgentAssigned { agent_id, model } => {
            it.agent = Some(Agent { id: Some(agent_id.clone()), model: model.clone() });
        }
        WorkspaceChange::AgentReplaced { agent_id, new_model, .. } => {
            let known = it.agent.take().and_then(|agent| agent.id);
            it.agent = Some(Agent { id: agent_id.clone().or(known), model: new_model.clone() });
        }
        WorkspaceChange::AgentRemoved { agent_id, .. } => {
            it.agent.take_if(|agent| agent_id.as_ref().is_none_or(|id| is_or_may_be(agent, id)));
        }
        WorkspaceChange::AgentCardUpdated { agent_card } => it.agent_card = Some(agent_card.clone()),
        WorkspaceChange::TaskUpdated { current_task, active_tasks } => {
            it.current_task = current_task.clone();
            it.active_tasks = *active_tasks;
        }
        // Those that touch more than the record are dealt with before.
        WorkspaceChange::Provisioning(_)
        | WorkspaceChange::Removed { .. }
        | WorkspaceChange::AgentMoved { .. }
        | WorkspaceChange::Expanded { .. }
        | WorkspaceChange::Collapsed { .. }
        | WorkspaceChange::Moved { .. }
        | WorkspaceChange::ActivityLogged(_)
        | WorkspaceChange::Updated(_) => {}
    }
}

/// Starting, or starting again: nothing runs yet, and what the event leaves open still holds.
fn provision(it: &mut Workspace, said: &Provisioning, now: Timestamp) {
    touch(it, now);
    stand(it, Status::Provisioning, now);
    it.status_since = now;
    if !said.name.is_empty() {
        it.name = said.name.clone();
    }
    it.tier = said.tier;
    it.role = said.role.clone().or_else(|| it.role.take());
    it.parent_id = said.parent_id.clone().or_else(|| it.parent_id.take());
    it.runtime = said.runtime.clone().or_else(|| it.runtime.take());
    (it.x, it.y) = (said.x.or(it.x), said.y.or(it.y));
    (it.current_task, it.active_tasks) = (None, 0);
}

fn update(it: &mut Workspace, said: &Update, now: Timestamp) {
    touch(it, now);
    it.name = said.name.clone().unwrap_or_else(|| std::mem::take(&mut it.name));
    if let Some(role) = &said.role {
        it.role = Some(role.clone()).filter(|role| !role.is_empty());
    }
    it.tier = said.tier.unwrap_or(it.tier);
    (it.x, it.y) = (said.x.or(it.x), said.y.or(it.y));
    it.collapsed = said.collapsed.unwrap_or(it.collapsed);
}

fn stand(it: &mut Workspace, status: Status, now: Timestamp) {
    if it.status != status {
        it.status_since = now;
    }
    it.status = status;
    it.failure = None;
}

fn touch(it: &mut Workspace, now: Timestamp) {
    it.updated_at = it.updated_at.max(now);
}

/// The team names a child: one that is not here yet will be told when it arrives.
fn adopt(canvas: &mut Canvas, team: &WorkspaceId, child: &WorkspaceId, now: Timestamp, changes: &mut Changes) {
    let change = WorkspaceChange::Moved { old_parent_id: None, new_parent_id: Some(team.clone()) };
    tell(canvas, child, change, now, changes);
}

/// The agent's old place: answers with the model that left it, if it was there.
fn leave(
    canvas: &mut Canvas,
    agent: &AgentId,
    from: &WorkspaceId,
    now: Timestamp,
    changes: &mut Changes,
) -> Option<String> {
    let here = canvas.workspace(from).and_then(|it| it.agent.as_ref()).filter(|it| is_or_may_be(it, agent));
    let model = here.map(|it| it.model.clone());
    let change = WorkspaceChange::AgentRemoved { agent_id: Some(agent.clone()), reason: None };
    tell(canvas, from, change, now, changes);
    model
}

/// The agent's new place. Without a model it may be the second event of a pair (section 3.2 of docs/protocol.md): what is known holds.
fn arrive(
    canvas: &mut Canvas,
    agent: &AgentId,
    model: Option<String>,
    to: &WorkspaceId,
    now: Timestamp,
    changes: &mut Changes,
) {
    let there = canvas.workspace(to).and_then(|it| it.agent.as_ref()).filter(|it| it.id.as_ref() == Some(agent));
    let model = model.or_else(|| there.map(|it| it.model.clone())).unwrap_or_default();
    tell(canvas, to, WorkspaceChange::AgentAssigned { agent_id: agent.clone(), model }, now, changes);
}

/// Folds what an event about one workspace means for another.
fn tell(canvas: &mut Canvas, id: &WorkspaceId, change: WorkspaceChange, now: Timestamp, changes: &mut Changes) {
    fold(canvas, &WorkspaceEvent { workspace_id: id.clone(), timestamp: now, change }, changes);
}

fn is_or_may_be(agent: &Agent, id: &AgentId) -> bool {
    agent.id.as_ref().is_none_or(|known| known == id)
}
