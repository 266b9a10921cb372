//! The selection of one or many workspaces: by clicks, by a box, by team.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use crate::session::Session;
use crate::store::CanvasStore;
use orrery_layout::{Rect, Shape};

/// Returns all selected workspaces, the one in the panel first. Reactive.
pub fn selected_ids(session: Session) -> Vec<WorkspaceId> {
    let first = session.selection.get();
    let mut others: Vec<_> = session
        .selected_ids
        .with(|selected_ids| selected_ids.iter().filter(|id| Some(*id) != first.as_ref()).cloned().collect());
    others.sort_unstable();
    first.into_iter().chain(others).collect()
}

/// Adds a workspace to the selection or takes it out. When the one in the panel is taken out, another takes its place there.
pub fn toggle(session: Session, id: WorkspaceId) {
    let first = session.selection.get_untracked();
    let mut selected_ids = session.selected_ids.get_untracked();
    if first.is_none() {
        session.selection.set(Some(id));
    } else if first.as_ref() == Some(&id) {
        let next = selected_ids.iter().min().cloned();
        if let Some(next) = &next {
            selected_ids.remove(next);
        }
        session.selected_ids.set(selected_ids);
        session.selection.set(next);
    } else {
        if !selected_ids.remove(&id) {
            selected_ids.insert(id);
        }
        session.selected_ids.set(selected_ids);
    }
}

/// Adds workspaces to the selection.
pub fn add(session: Session, ids: Vec<WorkspaceId>) {
    let first = session.selection.get_untracked();
    let mut selected_ids: HashSet<WorkspaceId> = session.selected_ids.get_untracked();
    selected_ids.extend(ids);
    let first = first.or_else(|| selected_ids.iter().min().cloned());
    if let Some(first) = &first {
        selected_ids.remove(first);
    }
    session.selected_ids.set(selected_ids);
    session.selection.set(first);
}

/// Returns the cards that a box touches and the teams that lie wholly inside it, without those that the filter dims.
pub fn inside_box(store: &CanvasStore, area: &Rect) -> Vec<WorkspaceId> {
    let is_selected = |slot: &Slot| match store.shape(*slot) {
        Shape::Card => true,
        Shape::Team => store.rect(*slot).is_some_and(|rect| area.union(&rect) == *area),
    };
    let slots = store.nodes_in(area).into_iter().filter(is_selected);
    let slots = slots.filter(|slot| !store.filter_index.is_dimmed(*slot));
    slots.filter_map(|slot| Some(store.canvas().get(slot)?.id.clone())).collect()
}

/// Returns the workspaces inside the selected team, or else those beside the selected workspace; when these are selected
/// already, all workspaces. Those that the filter dims are left out.
pub fn whole_team(store: &CanvasStore, session: Session) -> Vec<WorkspaceId> {
    let canvas = store.canvas();
    let first = session.selection.get_untracked().and_then(|id| canvas.find(&id));
    let slots: &[Slot] = match first {
        Some(slot) if !canvas.children(slot).is_empty() => canvas.children(slot),
        Some(slot) => canvas.parent(slot).map_or(canvas.roots(), |parent| canvas.children(parent)),
        None => canvas.roots(),
    };
    let id_of = |slot: &Slot| {
        (!store.filter_index.is_dimmed(*slot)).then(|| canvas.get(*slot).map(|it| it.id.clone())).flatten()
    };
    let team: Vec<WorkspaceId> = slots.iter().filter_map(id_of).collect();
    let selected: HashSet<WorkspaceId> = untrack(|| selected_ids(session)).into_iter().collect();
    match team.iter().all(|id| selected.contains(id)) {
        true => canvas.iter().filter_map(|(slot, _)| id_of(&slot)).collect(),
        false => team,
    }
}

/// Leaves out the workspaces that are inside others of them: what happens to a team happens to them, too.
pub fn outermost(store: &CanvasStore, ids: Vec<WorkspaceId>) -> Vec<WorkspaceId> {
    let canvas = store.canvas();
    let all: HashSet<Slot> = ids.iter().filter_map(|id| canvas.find(id)).collect();
    let is_outermost = |id: &WorkspaceId| {
        let above = canvas.find(id).and_then(|slot| canvas.parent(slot));
        !std::iter::successors(above, |slot| canvas.parent(*slot)).any(|up| all.contains(&up))
    };
    ids.into_iter().filter(is_outermost).collect()
}
