//! Where a workspace goes when it is dropped, or moved into a team without a pointer.

use orrery_client::{Diff, FieldChange, Position, PositionSource, WorkspaceDiff};
use orrery_layout::arrange::{CARD, TEAM_HEAD, TEAM_PADDING};
use orrery_layout::{Point, Shape};
use orrery_model::Slot;
use orrery_protocol::{Workspace, WorkspaceId};

use super::Edit;
use crate::store::CanvasStore;

/// A dropped workspace comes to lie on this grid, in CSS pixels at zoom 1.
const GRID: f64 = 4.0;

/// Returns the team or card that a workspace dropped at a point of the world goes into, or None for outside of all teams.
pub fn drop_target(store: &CanvasStore, pointer: Point) -> Option<Slot> {
    store.node_at(pointer)
}

/// Returns the moves of workspaces that were dragged by an offset and dropped at a point of the world. What would not move is
/// left out.
pub fn drop_at(store: &CanvasStore, ids: &[WorkspaceId], offset: Point, pointer: Point) -> Vec<Edit> {
    join_arranged(ids.iter().filter_map(|id| drop_one(store, id, offset, pointer)).collect())
}

fn drop_one(store: &CanvasStore, id: &WorkspaceId, offset: Point, pointer: Point) -> Option<Edit> {
    let slot = store.canvas().find(id)?;
    let dragged = position(store, slot)?.plus(offset).plus(store.band_shift(slot));
    let target = drop_target(store, pointer);
    let to = match target {
        Some(target) => inside_team(store, target, dragged, parent(store, slot) == Some(target))?,
        None => dragged,
    };
    move_to(store, slot, target, on_grid(to), true)
}

/// Joins the moves that a server which arranges workspaces carries out at once.
pub(super) fn join_arranged(edits: Vec<Edit>) -> Vec<Edit> {
    let mut joined: Vec<Edit> = Vec::new();
    for edit in edits {
        match joined.last_mut() {
            Some(last) if last.diff.is_arranged() && edit.diff.is_arranged() => last.diff.squash(edit.diff),
            _ => joined.push(edit),
        }
    }
    joined
}

/// Returns the move of a workspace into a team, or out of all teams, below those that are there. `index` counts the
/// workspaces that move together: they come to lie side by side. It is None when the workspace is in that team already.
pub(super) fn move_into(
    store: &CanvasStore,
    id: &WorkspaceId,
    team: Option<&WorkspaceId>,
    index: usize,
) -> Option<Edit> {
    let slot = store.canvas().find(id)?;
    let target = match team {
        Some(team) => Some(store.canvas().find(team)?),
        None => None,
    };
    if parent(store, slot) == target {
        return None;
    }
    let along = Point::new(index as f64 * (CARD.width + TEAM_PADDING), 0.0);
    let to = match target.and_then(|target| Some((store.shape(target), store.layout_rect(target)?))) {
        Some((Shape::Team, team)) => Point::new(team.at.x + TEAM_PADDING, team.bottom()),
        Some((Shape::Card, card)) => card.at.plus(Point::new(TEAM_PADDING, TEAM_HEAD)),
        // Beside everything, where nothing has to make room.
        None => match store.bounds() {
            Some(bounds) => Point::new(bounds.right() + TEAM_HEAD, bounds.at.y),
            None => position(store, slot)?,
        },
    };
    if is_arranged(store, slot) {
        // Only shown there: the server finds the place, and answers where it is.
        let record = store.displayed(slot)?;
        let mut changes = change_of_position(
            (position(store, slot)?, source(&record)),
            (on_grid(to.plus(along)), PositionSource::Layout),
        );
        changes.parent = FieldChange::between(record.parent_id.clone(), team.cloned());
        let mut diff = Diff::arranged();
        diff.add(id.clone(), changes);
        return Some(Edit { id: id.clone(), diff });
    }
    let is_fixed = fixed_position(store, slot).is_some();
    move_to(store, slot, target, on_grid(to.plus(along)), is_fixed)
}

fn move_to(store: &CanvasStore, slot: Slot, target: Option<Slot>, to: Point, is_fixed: bool) -> Option<Edit> {
    let record = store.displayed(slot)?;
    let from = position(store, slot)?;
    let offset = to.minus(from);
    let is_arranged = is_arranged(store, slot);
    let mut diff = if is_arranged { Diff::arranged() } else { Diff::default() };
    if is_fixed && !is_arranged {
        // Whoever reads the workspaces again must find the teams around where they are now.
        for team in std::iter::successors(target, |team| store.canvas().parent(*team)) {
            if fixed_position(store, team).is_none()
                && let (Some(team), Some(corner)) = (store.canvas().get(team), position(store, team))
            {
                let source = (PositionSource::Layout, PositionSource::Record);
                diff.add(team.id.clone(), change_of_position((corner, source.0), (corner, source.1)));
            }
        }
    }
    let source_after = match (is_arranged, is_fixed) {
        (true, _) => PositionSource::Server { pinned: true },
        (false, true) => PositionSource::Record,
        (false, false) => PositionSource::Layout,
    };
    let mut changes = change_of_position((from, source(&record)), (to, source_after));
    let parent = target.and_then(|target| store.canvas().get(target)).map(|team| team.id.clone());
    changes.parent = FieldChange::between(record.parent_id.clone(), parent);
    if changes.is_empty() || (changes.parent.is_none() && offset == Point::default()) {
        return None;
    }
    diff.add(record.id.clone(), changes);
    if is_fixed && !is_arranged {
        for inner in store.subtree(slot).into_iter().skip(1) {
            if let (Some(record), Some(from)) = (store.canvas().get(inner), fixed_position(store, inner)) {
                diff.add(
                    record.id.clone(),
                    change_of_position((from, source(record)), (from.plus(offset), source(record))),
                );
            }
        }
    }
    Some(Edit { id: record.id.clone(), diff })
}

fn change_of_position(from: (Point, PositionSource), to: (Point, PositionSource)) -> WorkspaceDiff {
    let position = |(at, source): (Point, PositionSource)| Position { x: at.x, y: at.y, source };
    WorkspaceDiff { position: FieldChange::between(position(from), position(to)), ..WorkspaceDiff::default() }
}

fn source(record: &Workspace) -> PositionSource {
    match (record.pinned, record.x.zip(record.y)) {
        (Some(pinned), _) => PositionSource::Server { pinned },
        (None, Some(_)) => PositionSource::Record,
        (None, None) => PositionSource::Layout,
    }
}

/// Returns whether the server arranges workspaces.
fn is_arranged(store: &CanvasStore, slot: Slot) -> bool {
    store.canvas().get(slot).is_some_and(|record| record.pinned.is_some())
}

/// Returns where a workspace is, a pending move included and a drag not.
fn position(store: &CanvasStore, slot: Slot) -> Option<Point> {
    Some(store.origin(slot)?.plus(store.pending_offset(slot)))
}

/// Returns the position that the record states.
fn fixed_position(store: &CanvasStore, slot: Slot) -> Option<Point> {
    let at = |record: &Workspace| record.x.zip(record.y).map(|(x, y)| Point::new(x, y));
    store.displayed(slot).and_then(|record| at(&record))
}

fn parent(store: &CanvasStore, slot: Slot) -> Option<Slot> {
    let parent = store.displayed(slot)?.parent_id.clone()?;
    store.canvas().find(&parent)
}

/// Returns the place below the head of the team. On a card, which has no room yet, it is the first place.
fn inside_team(store: &CanvasStore, target: Slot, at: Point, stays: bool) -> Option<Point> {
    let corner = store.layout_rect(target)?.at.plus(Point::new(TEAM_PADDING, TEAM_HEAD));
    Some(match store.shape(target) {
        Shape::Card => corner,
        // Within its own team it may make the team larger on any side.
        Shape::Team if stays => at,
        Shape::Team => Point::new(at.x.max(corner.x), at.y.max(corner.y)),
    })
}

fn on_grid(point: Point) -> Point {
    Point::new((point.x / GRID).round() * GRID, (point.y / GRID).round() * GRID)
}
