//! Handlers of the workspace events, one for each kind that changes more than a field (see section 6.2 of docs/protocol.md).

use orrery_protocol::workspace_event::{Child, Provisioning, Update};
use orrery_protocol::{Agent, AgentId, Status, Timestamp, Workspace, WorkspaceChange, WorkspaceEvent, WorkspaceId};

use crate::canvas::Canvas;
use crate::changes::Changes;
use crate::slot::Slot;

/// Applies an event. An event of a workspace that is not known yet is stored until the workspace is provisioned.
pub(super) fn apply_event(canvas: &mut Canvas, event: &WorkspaceEvent, changes: &mut Changes) {
    let WorkspaceEvent { workspace_id: id, timestamp, change } = event;
    match (change, canvas.find(id)) {
        (WorkspaceChange::Removed { cascade_deleted, .. }, _) => {
            cascade_deleted.iter().for_each(|child| remove_workspace(canvas, child, changes));
            remove_workspace(canvas, id, changes);
        }
        // A hint for the activity feed, no part of the state.
        (WorkspaceChange::ActivityLogged(_), _) => {}
        (WorkspaceChange::AgentMoved { agent_id, from, to }, _) => {
            on_agent_moved(canvas, agent_id, (from, to), *timestamp, changes);
        }
        _ if canvas.is_removed(id) => {}
        (WorkspaceChange::Provisioning(settings), None) => on_provisioned(canvas, id, settings, *timestamp, changes),
        (_, Some(slot)) => on_changed(canvas, slot, event, changes),
        (_, None) => canvas.orphaned_events.insert(event.clone()),
    }
}

/// Adds a workspace, and applies the events that were stored for it.
fn on_provisioned(
    canvas: &mut Canvas,
    id: &WorkspaceId,
    settings: &Provisioning,
    now: Timestamp,
    changes: &mut Changes,
) {
    let mut record = Workspace::new(id.clone());
    set_provisioning(&mut record, settings, now);
    changes.added.push(canvas.insert(record));
    changes.arrangement = true;
    for event in canvas.orphaned_events.remove(id) {
        apply_event(canvas, &event, changes);
    }
}

fn remove_workspace(canvas: &mut Canvas, id: &WorkspaceId, changes: &mut Changes) {
    let children = canvas.find(id).map(|slot| canvas.children(slot).to_vec()).unwrap_or_default();
    if let Some(record) = canvas.workspace(id).cloned() {
        changes.agents.extend(canvas.runs.remove_agent_of(&record));
    }
    if let Some(slot) = canvas.remove(id) {
        changes.removed.push((slot, id.clone()));
        changes.updated.extend(children);
        changes.arrangement = true;
    }
}

/// Moves an agent, with its model, out of one workspace and into another.
fn on_agent_moved(
    canvas: &mut Canvas,
    agent_id: &AgentId,
    (from, to): (&WorkspaceId, &WorkspaceId),
    now: Timestamp,
    changes: &mut Changes,
) {
    let agent_in = |canvas: &Canvas, id| canvas.workspace(id).and_then(|workspace| workspace.agent.clone());
    let moved = agent_in(canvas, from).filter(|agent| is_or_may_be(agent, agent_id));
    let change = WorkspaceChange::AgentRemoved { agent_id: Some(agent_id.clone()), reason: None };
    apply_change(canvas, from, change, now, changes);

    // Without a model this may be the second event of a pair (section 3.2 of docs/protocol.md): the known model stays.
    let known = agent_in(canvas, to).filter(|agent| agent.id.as_ref() == Some(agent_id));
    let model = moved.or(known).map(|agent| agent.model).unwrap_or_default();
    apply_change(canvas, to, WorkspaceChange::AgentAssigned { agent_id: agent_id.clone(), model }, now, changes);
}

/// Applies an event to a workspace that exists.
fn on_changed(canvas: &mut Canvas, slot: Slot, event: &WorkspaceEvent, changes: &mut Changes) {
    let WorkspaceEvent { workspace_id: id, timestamp, change } = event;
    let now = *timestamp;
    changes.updated.push(slot);
    match change {
        WorkspaceChange::Provisioning(settings) => {
            canvas.edit(slot, |record| set_provisioning(record, settings, now));
            changes.arrangement = true;
        }
        WorkspaceChange::Moved { new_parent_id, .. } => {
            canvas.edit(slot, |record| {
                set_updated_at(record, now);
                record.parent_id = new_parent_id.clone();
            });
            changes.arrangement = true;
        }
        WorkspaceChange::Updated(update) => {
            let before = canvas.get(slot).and_then(position);
            canvas.edit(slot, |record| set_fields(record, update, now));
            let after = canvas.get(slot).and_then(position);
            if let (true, Some(before), Some(after)) = (update.with_descendants, before, after) {
                move_descendants(canvas, slot, (after.0 - before.0, after.1 - before.1), changes);
            }
            changes.arrangement |= update.x.is_some() || update.y.is_some() || update.collapsed.is_some();
        }
        WorkspaceChange::Expanded { children } => on_expanded(canvas, slot, (id, children), now, changes),
        WorkspaceChange::Collapsed { removed, removed_names } => {
            canvas.edit(slot, |record| set_updated_at(record, now));
            let children = canvas.children(slot).iter().filter_map(|child| canvas.get(*child));
            let named = children.filter(|child| removed_names.contains(&child.name)).map(|child| child.id.clone());
            let named: Vec<WorkspaceId> = named.collect();
            removed.iter().chain(&named).for_each(|child| remove_workspace(canvas, child, changes));
        }
        change => canvas.edit(slot, |record| on_record_changed(record, change, now)),
    }
}

/// Moves everything inside a team that has a position by an offset.
fn move_descendants(canvas: &mut Canvas, team: Slot, (x, y): (f64, f64), changes: &mut Changes) {
    if (x, y) == (0.0, 0.0) {
        return;
    }
    let mut inside = canvas.children(team).to_vec();
    let mut next = 0;
    while let Some(slot) = inside.get(next).copied() {
        inside.extend_from_slice(canvas.children(slot));
        canvas.edit(slot, |record| {
            (record.x, record.y) = (record.x.map(|at| at + x), record.y.map(|at| at + y));
        });
        next += 1;
    }
    changes.updated.extend(inside);
}

/// Expands a team, and makes it the parent of the children that the event names, also of those that are provisioned later.
fn on_expanded(
    canvas: &mut Canvas,
    slot: Slot,
    (team, children): (&WorkspaceId, &[Child]),
    now: Timestamp,
    changes: &mut Changes,
) {
    canvas.edit(slot, |record| {
        set_updated_at(record, now);
        record.collapsed = false;
    });
    changes.arrangement = true;
    for child in children {
        let change = WorkspaceChange::Moved { old_parent_id: None, new_parent_id: Some(team.clone()) };
        apply_change(canvas, &child.id, change, now, changes);
    }
}

/// Applies the changes that touch nothing but the record.
fn on_record_changed(record: &mut Workspace, change: &WorkspaceChange, now: Timestamp) {
    set_updated_at(record, now);
    match change {
        WorkspaceChange::Online { url, agent_card } => {
            set_status(record, Status::Online, now);
            record.url = url.clone().or_else(|| record.url.take());
            record.agent_card = agent_card.clone().or_else(|| record.agent_card.take());
            (record.last_error_rate, record.last_sample_error) = (0.0, None);
        }
        WorkspaceChange::Offline => set_status(record, Status::Offline, now),
        WorkspaceChange::ProvisionFailed { reason } => {
            set_status(record, Status::Failed, now);
            record.failure = Some(reason.clone()).filter(|reason| !reason.is_empty());
        }
        WorkspaceChange::Degraded { error_rate, sample_error } => {
            set_status(record, Status::Degraded, now);
            record.last_error_rate = error_rate.unwrap_or(record.last_error_rate);
            record.last_sample_error = sample_error.clone().or_else(|| record.last_sample_error.take());
        }
        WorkspaceChange::AgentAssigned { agent_id, model } => {
            record.agent = Some(Agent { id: Some(agent_id.clone()), model: model.clone() });
        }
        WorkspaceChange::AgentReplaced { agent_id, new_model, .. } => {
            let known = record.agent.take().and_then(|agent| agent.id);
            record.agent = Some(Agent { id: agent_id.clone().or(known), model: new_model.clone() });
        }
        WorkspaceChange::AgentRemoved { agent_id, .. } => {
            record.agent.take_if(|agent| agent_id.as_ref().is_none_or(|id| is_or_may_be(agent, id)));
        }
        WorkspaceChange::AgentCardUpdated { agent_card } => record.agent_card = Some(agent_card.clone()),
        WorkspaceChange::TaskUpdated { current_task, active_tasks } => {
            record.current_task = current_task.clone();
            record.active_tasks = *active_tasks;
        }
        // These have handlers of their own.
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

/// Sets what a first or a repeated start gives. Fields that the event leaves open stay, except the tier and the task.
fn set_provisioning(record: &mut Workspace, settings: &Provisioning, now: Timestamp) {
    set_updated_at(record, now);
    set_status(record, Status::Provisioning, now);
    record.status_since = now;
    if !settings.name.is_empty() {
        record.name = settings.name.clone();
    }
    record.tier = settings.tier;
    record.role = settings.role.clone().or_else(|| record.role.take());
    record.parent_id = settings.parent_id.clone().or_else(|| record.parent_id.take());
    record.runtime = settings.runtime.clone().or_else(|| record.runtime.take());
    (record.x, record.y) = (settings.x.or(record.x), settings.y.or(record.y));
    record.pinned = settings.pinned.or(record.pinned);
    (record.current_task, record.active_tasks) = (None, 0);
}

fn set_fields(record: &mut Workspace, update: &Update, now: Timestamp) {
    set_updated_at(record, now);
    record.name = update.name.clone().unwrap_or_else(|| std::mem::take(&mut record.name));
    if let Some(role) = &update.role {
        record.role = Some(role.clone()).filter(|role| !role.is_empty());
    }
    record.tier = update.tier.unwrap_or(record.tier);
    (record.x, record.y) = (update.x.or(record.x), update.y.or(record.y));
    record.pinned = update.pinned.or(record.pinned);
    record.collapsed = update.collapsed.unwrap_or(record.collapsed);
}

fn position(record: &Workspace) -> Option<(f64, f64)> {
    record.x.zip(record.y)
}

fn set_status(record: &mut Workspace, status: Status, now: Timestamp) {
    if record.status != status {
        record.status_since = now;
    }
    record.status = status;
    record.failure = None;
}

fn set_updated_at(record: &mut Workspace, now: Timestamp) {
    record.updated_at = record.updated_at.max(now);
}

/// Applies what an event about one workspace means for another.
fn apply_change(canvas: &mut Canvas, id: &WorkspaceId, change: WorkspaceChange, now: Timestamp, changes: &mut Changes) {
    apply_event(canvas, &WorkspaceEvent { workspace_id: id.clone(), timestamp: now, change }, changes);
}

/// Returns whether an agent has this id, or none that is known.
fn is_or_may_be(agent: &Agent, id: &AgentId) -> bool {
    agent.id.as_ref().is_none_or(|known| known == id)
}
