//! Which workspaces are chosen: one by one, by a box, a whole team. Never what is done to them.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use crate::fleet::Fleet;
use crate::geometry::{Rect, Shape};
use crate::session::Session;

/// All of them, the one that the panel is about first. Tracks.
pub fn chosen(session: Session) -> Vec<WorkspaceId> {
    let first = session.selection.get();
    let mut others: Vec<_> =
        session.also.with(|also| also.iter().filter(|id| Some(*id) != first.as_ref()).cloned().collect());
    others.sort_unstable();
    first.into_iter().chain(others).collect()
}

/// In or out. When the first one goes out, another becomes the first.
pub fn toggle(session: Session, id: WorkspaceId) {
    let first = session.selection.get_untracked();
    let mut also = session.also.get_untracked();
    if first.is_none() {
        session.selection.set(Some(id));
    } else if first.as_ref() == Some(&id) {
        let next = also.iter().min().cloned();
        if let Some(next) = &next {
            also.remove(next);
        }
        session.also.set(also);
        session.selection.set(next);
    } else {
        if !also.remove(&id) {
            also.insert(id);
        }
        session.also.set(also);
    }
}

/// These too.
pub fn add(session: Session, ids: Vec<WorkspaceId>) {
    let first = session.selection.get_untracked();
    let mut also: HashSet<WorkspaceId> = session.also.get_untracked();
    also.extend(ids);
    let first = first.or_else(|| also.iter().min().cloned());
    if let Some(first) = &first {
        also.remove(first);
    }
    session.also.set(also);
    session.selection.set(first);
}

/// The cards that a box touches, and the teams that lie wholly inside it.
pub fn met(fleet: &Fleet, area: &Rect) -> Vec<WorkspaceId> {
    let is_met = |slot: &Slot| match fleet.shape(*slot) {
        Shape::Card => true,
        Shape::Team => fleet.standing(*slot).is_some_and(|rect| area.union(&rect) == *area),
    };
    let met = fleet.within(area).into_iter().filter(is_met).filter(|slot| !fleet.sieve.holds_back(*slot));
    met.filter_map(|slot| Some(fleet.canvas().get(slot)?.id.clone())).collect()
}

/// All inside the chosen team; or all that stand beside the chosen one; or, when they are chosen already, everyone.
/// Who is dimmed is not meant.
pub fn whole_team(fleet: &Fleet, session: Session) -> Vec<WorkspaceId> {
    let canvas = fleet.canvas();
    let first = session.selection.get_untracked().and_then(|id| canvas.find(&id));
    let slots: &[Slot] = match first {
        Some(slot) if !canvas.children(slot).is_empty() => canvas.children(slot),
        Some(slot) => canvas.parent(slot).map_or(canvas.roots(), |parent| canvas.children(parent)),
        None => canvas.roots(),
    };
    let meant =
        |slot: &Slot| (!fleet.sieve.holds_back(*slot)).then(|| canvas.get(*slot).map(|it| it.id.clone())).flatten();
    let team: Vec<WorkspaceId> = slots.iter().filter_map(meant).collect();
    let already: HashSet<WorkspaceId> = untrack(|| chosen(session)).into_iter().collect();
    match team.iter().all(|id| already.contains(id)) {
        true => canvas.iter().filter_map(|(slot, _)| meant(&slot)).collect(),
        false => team,
    }
}

/// Without those that are inside others of them: what happens to a team happens to them.
pub fn outermost(fleet: &Fleet, ids: Vec<WorkspaceId>) -> Vec<WorkspaceId> {
    let canvas = fleet.canvas();
    let all: HashSet<Slot> = ids.iter().filter_map(|id| canvas.find(id)).collect();
    let is_outermost = |id: &WorkspaceId| {
        let above = canvas.find(id).and_then(|slot| canvas.parent(slot));
        !std::iter::successors(above, |slot| canvas.parent(*slot)).any(|up| all.contains(&up))
    };
    ids.into_iter().filter(is_outermost).collect()
}
