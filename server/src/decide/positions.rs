//! Where workspaces are on the canvas: positions that a person sets, displaced neighbours, and tidying up
//! (see section 6.5 of docs/protocol.md).

use std::collections::HashSet;

use orrery_layout::positions::{self, Plan, PositionIndex, position};
use orrery_layout::{Arrangement, Point, natural_order};
use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::workspace_event::Update;
use orrery_protocol::{Event, MovedWorkspace, Position, Rearranged, Workspace, WorkspaceChange, WorkspaceId};
use serde::Deserialize;

use super::workspace::given;
use super::{checks, event};
use crate::error::Refusal;
use crate::publish::{Decision, State};

#[derive(Debug, Clone, Deserialize)]
pub struct SetPositions {
    pub positions: Vec<SetPosition>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SetPosition {
    pub id: WorkspaceId,
    /// Without them the workspace gets the first free place of its team.
    pub x: Option<f64>,
    pub y: Option<f64>,
    #[serde(default)]
    pub pinned: bool,
    /// `null` moves it out of all teams; left out, it stays in its team.
    #[serde(default, deserialize_with = "given")]
    pub parent_id: Option<Option<WorkspaceId>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct TidyUp {
    /// The team whose members are arranged; everything without one.
    pub team_id: Option<WorkspaceId>,
    /// Also workspaces that a person placed.
    #[serde(default)]
    pub pinned: bool,
    /// Only answers what would move.
    #[serde(default)]
    pub preview: bool,
}

/// Sets the positions of workspaces at once, and their teams, and then moves the neighbours that they overlap. Workspaces that
/// are gone are left out.
pub fn set(state: &State, request: &SetPositions) -> Result<Decision<Rearranged>, Refusal> {
    let mut rearrangement = Rearrangement::new(state);
    let (mut targets, mut without) = (Vec::new(), Vec::new());
    for SetPosition { id, x, y, pinned, parent_id } in &request.positions {
        let Some(slot) = state.canvas.find(id) else { continue };
        if let Some(parent) = parent_id {
            rearrangement.set_parent(slot, parent.as_ref())?;
        }
        match (x, y) {
            (Some(x), Some(y)) => {
                targets.push((slot, Point::new(checks::place("x", *x)?, checks::place("y", *y)?), *pinned));
            }
            _ => without.push(slot),
        }
    }
    // Teams before what is inside them, which moves along first.
    targets.sort_by_key(|(slot, ..)| rearrangement.depth(*slot));
    targets.iter().for_each(|(slot, to, pinned)| rearrangement.set(*slot, *to, Some(*pinned)));
    targets.iter().for_each(|(slot, ..)| rearrangement.make_room(*slot));
    let name = |slot: &Slot| state.canvas.get(*slot).map_or("", |record| record.display_name());
    without.sort_by(|a, b| natural_order(name(a), name(b)));
    without.into_iter().for_each(|slot| rearrangement.find_place(slot));
    Ok(rearrangement.into_decision())
}

/// Arranges everything, or the members of one team, anew.
pub fn tidy_up(state: &State, request: &TidyUp) -> Result<Decision<Rearranged>, Refusal> {
    let team = request.team_id.as_ref().map(|id| state.known(id)).transpose()?.map(|(slot, _)| slot);
    let mut rearrangement = Rearrangement::new(state);
    for (slot, to) in positions::tidy(&state.canvas, team, request.pinned) {
        rearrangement.set(slot, to, Some(false).filter(|_| request.pinned));
    }
    team.into_iter().for_each(|team| rearrangement.make_room(team));
    let decision = rearrangement.into_decision();
    Ok(if request.preview { Decision::nothing(decision.answer) } else { decision })
}

/// Gives a position to each workspace of a log that was written before servers assigned them: the one that pages showed.
pub fn adopt(state: &State) -> Decision<usize> {
    let canvas = &state.canvas;
    if canvas.iter().all(|(_, record)| record.pinned.is_some() && position(record).is_some()) {
        return Decision::nothing(0);
    }
    let mut arrangement = Arrangement::default();
    let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
    // Collapsed teams need the space of their members, too.
    for slot in &slots {
        arrangement.set_optimistic_collapsed(*slot, Some(false));
    }
    arrangement.update(canvas, &slots, &[]);
    let mut events = Vec::new();
    for slot in slots {
        let Some((record, to)) = canvas.get(slot).zip(arrangement.origin(slot)) else { continue };
        let pinned = record.pinned.unwrap_or(position(record).is_some());
        events.extend(update(state, canvas, slot, to, Some(pinned), false));
    }
    let count = events.len();
    Decision::events(events, count)
}

/// Returns the events that move displaced neighbours, and adds these to `moved`.
pub(super) fn displace(state: &State, plan: Plan<'_>, moved: &mut Vec<MovedWorkspace>) -> Vec<Event> {
    let canvas = &state.canvas;
    let mut events = Vec::new();
    for (slot, to) in plan.into_displaced() {
        let Some(record) = canvas.get(slot) else { continue };
        let pinned = record.pinned.unwrap_or_default();
        if let Some(from) = recorded(record) {
            moved.push(MovedWorkspace { id: record.id.clone(), from, to: Position { x: to.x, y: to.y, pinned } });
        }
        events.extend(update(state, canvas, slot, to, Some(pinned), true));
    }
    events
}

/// Returns the recorded position of a workspace.
pub(super) fn recorded(record: &Workspace) -> Option<Position> {
    let pinned = record.pinned.unwrap_or_default();
    position(record).map(|Point { x, y }| Position { x, y, pinned })
}

/// Returns the event that changes the position of a workspace, or `None` if it has that position.
fn update(
    state: &State,
    canvas: &Canvas,
    slot: Slot,
    to: Point,
    pinned: Option<bool>,
    moves_inside: bool,
) -> Option<Event> {
    let record = canvas.get(slot)?;
    let update = Update {
        x: Some(to.x).filter(|x| record.x != Some(*x)),
        y: Some(to.y).filter(|y| record.y != Some(*y)),
        pinned: pinned.filter(|pinned| record.pinned != Some(*pinned)),
        ..Update::default()
    };
    if update == Update::default() {
        return None;
    }
    let has_moved = update.x.is_some() || update.y.is_some();
    let with_descendants = moves_inside && has_moved && !canvas.children(slot).is_empty();
    Some(event(state, &record.id, WorkspaceChange::Updated(Update { with_descendants, ..update })))
}

/// Changes of many positions, each applied to a copy of the state before the next is decided.
struct Rearrangement<'a> {
    state: &'a State,
    canvas: Canvas,
    index: PositionIndex,
    events: Vec<Event>,
    /// Those that were moved themselves, in the order in which they were first.
    moved: Vec<Slot>,
}

impl<'a> Rearrangement<'a> {
    fn new(state: &'a State) -> Self {
        let (canvas, index) = (state.canvas.clone(), state.positions.clone());
        Self { state, canvas, index, events: Vec::new(), moved: Vec::new() }
    }

    fn set(&mut self, slot: Slot, to: Point, pinned: Option<bool>) {
        let Some(event) = update(self.state, &self.canvas, slot, to, pinned, true) else { return };
        self.apply(event);
        self.moved.push(slot);
    }

    /// Moves a workspace to the first free place of its team.
    fn find_place(&mut self, slot: Slot) {
        let mut plan = Plan::new(&self.canvas, &self.index);
        let to = plan.relocate(slot, self.canvas.parent(slot), None);
        let displaced = plan.into_displaced();
        self.set(slot, to, Some(false));
        displaced.into_iter().for_each(|(slot, to)| self.set(slot, to, None));
    }

    fn set_parent(&mut self, slot: Slot, parent: Option<&WorkspaceId>) -> Result<(), Refusal> {
        let Some(record) = self.canvas.get(slot).filter(|record| record.parent_id.as_ref() != parent) else {
            return Ok(());
        };
        if let Some(parent) = parent {
            let (team, _) = self.state.known(parent)?;
            if self.canvas.would_cycle(slot, team) {
                return Err(Refusal::Conflict(format!("{} cannot be inside {parent}, which is inside it", record.id)));
            }
        }
        let change = WorkspaceChange::Moved { old_parent_id: record.parent_id.clone(), new_parent_id: parent.cloned() };
        let event = event(self.state, &record.id, change);
        self.apply(event);
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        let mut changes = Changes::default();
        self.canvas.fold(&event, &mut changes);
        self.index.update(&self.canvas, &changes.updated, &[]);
        self.events.push(event);
    }

    fn depth(&self, slot: Slot) -> usize {
        std::iter::successors(Some(slot), |slot| self.canvas.parent(*slot)).count()
    }

    fn make_room(&mut self, slot: Slot) {
        let mut plan = Plan::new(&self.canvas, &self.index);
        plan.make_room(slot);
        plan.into_displaced().into_iter().for_each(|(slot, to)| self.set(slot, to, None));
    }

    fn into_decision(self) -> Decision<Rearranged> {
        let Self { state, canvas, events, moved, .. } = self;
        let mut seen = HashSet::new();
        let moved = moved.into_iter().filter(|slot| seen.insert(*slot));
        let moved = moved.filter_map(|slot| {
            let (before, after) = (state.canvas.get(slot)?, canvas.get(slot)?);
            let (from, to) = (recorded(before)?, recorded(after)?);
            (from != to).then(|| MovedWorkspace { id: after.id.clone(), from, to })
        });
        let is_elsewhere =
            |slot: Slot, record: &Workspace| state.canvas.get(slot).map(position) != Some(position(record));
        let count = canvas.iter().filter(|(slot, record)| is_elsewhere(*slot, record)).count();
        let moved = moved.collect();
        Decision::events(events, Rearranged { count, moved })
    }
}
