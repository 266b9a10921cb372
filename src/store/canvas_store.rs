//! The page's state as plain data: the records, their layout, and the indexes over both. Signals follow it (`StoreSignals`).

use std::collections::{HashMap, HashSet};

use orrery_model::{Canvas, Changes, Slot, reduce::Applied};
use orrery_protocol::{Epoch, Event, EventEnvelope, Timestamp, WorkspaceChange, WorkspaceId};

use super::activity_feed::ActivityFeed;
use super::optimistic::Optimistic;
use super::{FilterIndex, NameIndex, StatusIndex};
use orrery_client::{Arrival, InitialState, LoadedState};
use orrery_layout::{Arrangement, Bands, Grid, Point, Rect, Shape};

/// The workspaces of the canvas and where they are shown. Changed once a frame, by [`apply_frame`](Self::apply_frame).
#[derive(Default)]
pub struct CanvasStore {
    pub(super) canvas: Canvas,
    /// Whether a complete initial state was ever applied. Only before that, a partial one may be shown.
    pub(super) is_complete: bool,
    pub(super) epoch: Option<Epoch>,
    pub(super) arrangement: Arrangement,
    pub(super) grid: Grid,
    pub(super) statuses: StatusIndex,
    pub(super) names: NameIndex,
    /// Where members of teams are shown at the zoom of the last frame.
    pub(super) bands: Bands,
    /// The zoom and the revision of the layout that `bands` were worked out for.
    pub(super) bands_key: Option<(f64, u64)>,
    /// Counts the frames that changed the layout.
    pub(super) layout_revision: u64,
    /// How far from their layout position nodes are shown while they are dragged.
    pub(super) drag_offsets: HashMap<Slot, Point>,
    /// Changes that are shown before the server has confirmed them.
    pub(super) optimistic: Optimistic,
    /// Which workspaces the filter excludes.
    pub filter_index: FilterIndex,
}

/// What a frame has changed.
#[derive(Default)]
pub struct FrameDiff {
    /// The records that were added, updated or removed.
    pub changes: Changes,
    /// The nodes whose position or shape changed, or that are no longer shown.
    pub moved: Vec<Slot>,
    /// Everything was replaced by an initial state: slots have a new meaning.
    pub replaced: bool,
    /// An event did not fit the state, which has to be loaded again.
    pub needs_resync: bool,
    /// How many events could not be read.
    pub malformed: u64,
    /// How many events are of a kind that this version does not know.
    pub unknown: u64,
    /// The workspaces whose activity log has a new entry.
    pub activity: HashSet<WorkspaceId>,
    /// Whether there was any event, or a row that could not be read.
    pub has_input: bool,
    /// How far an optimistic change of the layout moved the workspace that was changed: the camera follows it.
    pub camera_shift: Option<Point>,
    /// The shown part of names may have changed, of other workspaces than the changed ones.
    pub names_changed: bool,
}

impl CanvasStore {
    /// Applies what has arrived since the last frame. Every event is also added to `feed`.
    pub fn apply_frame(
        &mut self,
        state: Option<LoadedState>,
        arrivals: Vec<Arrival>,
        feed: &mut ActivityFeed,
        now: Timestamp,
    ) -> FrameDiff {
        let mut diff = FrameDiff { has_input: !arrivals.is_empty(), ..FrameDiff::default() };
        match state {
            Some(LoadedState::Complete(state)) => self.replace(*state, feed, now, &mut diff),
            Some(LoadedState::Partial(rows)) if !self.is_complete => self.set_canvas(*rows, None, &mut diff),
            _ => {}
        }
        for arrival in arrivals {
            let applied = match arrival {
                Arrival::Event(logged) => self.apply_event(logged, feed, now, &mut diff),
                Arrival::Malformed(error) => {
                    let applied = error.seq.map_or(Applied::Applied, |seq| self.canvas.advance_seq(seq));
                    if applied == Applied::Applied {
                        diff.malformed += 1;
                        feed.push_malformed(error, now);
                    }
                    applied
                }
            };
            if applied == Applied::Gap {
                diff.needs_resync = true;
                break;
            }
        }
        let anchor = self.follow_overlay(&mut diff);
        self.update_layout(&mut diff);
        self.place_pending(&mut diff, anchor);
        self.filter_index.update(&self.canvas, &diff.changes, diff.replaced);
        self.statuses.update(&self.canvas, &diff.changes, diff.replaced);
        diff.names_changed = self.names.update(&self.canvas, &diff.changes, diff.replaced);
        diff
    }

    /// Returns the records.
    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// Returns whether a complete initial state was applied, and not only a part of one.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns the epoch of the log that the state belongs to.
    pub fn epoch(&self) -> Option<&Epoch> {
        self.epoch.as_ref()
    }

    /// Returns whether a workspace is shown as a card or as a team.
    pub fn shape(&self, slot: Slot) -> Shape {
        self.arrangement.shape(slot)
    }

    /// Returns whether the record of a workspace has a position.
    pub fn is_pinned(&self, slot: Slot) -> bool {
        self.arrangement.is_pinned(slot)
    }

    /// Returns where a workspace is shown, in world coordinates: where the layout has it, moved by what is pending and by a
    /// drag, and below the bands of the teams around it. `None` inside a collapsed team.
    pub fn rect(&self, slot: Slot) -> Option<Rect> {
        let rect = self.arrangement.rect(slot)?;
        let dragged = self.drag_offsets.get(&slot).copied().unwrap_or_default();
        let shown = match self.optimistic.offsets.get(&slot) {
            Some(offset) => rect.shifted(*offset),
            None => self.bands.shown(self.canvas.parent(slot), rect),
        };
        Some(shown.shifted(dragged))
    }

    /// Returns the top left corner that children are relative to: the `x` and `y` that a record would have.
    pub fn origin(&self, slot: Slot) -> Option<Point> {
        self.arrangement.origin(slot)
    }

    /// Returns where the layout places a workspace, without a drag.
    pub fn layout_rect(&self, slot: Slot) -> Option<Rect> {
        self.arrangement.rect(slot)
    }

    /// Returns how many teams enclose a workspace.
    pub fn depth(&self, slot: Slot) -> usize {
        std::iter::successors(self.canvas.parent(slot), |slot| self.canvas.parent(*slot)).count()
    }

    /// Returns the workspaces that are shown at least partly in an area of the world, in the order of their slots.
    pub fn nodes_in(&self, area: &Rect) -> Vec<Slot> {
        let mut found = self.nodes_shown_in(area);
        let shifted = self.drag_offsets.keys().chain(self.optimistic.offsets.keys());
        found.extend(shifted.filter(|slot| self.rect(**slot).is_some_and(|rect| rect.meets(area))));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Returns the smallest rectangle around everything.
    pub fn bounds(&self) -> Option<Rect> {
        self.grid.bounds()
    }

    /// Returns a workspace and everything inside it, parents before children.
    pub fn subtree(&self, slot: Slot) -> Vec<Slot> {
        let mut all = vec![slot];
        let mut next = 0;
        while let Some(slot) = all.get(next).copied() {
            all.extend(self.canvas.children(slot));
            next += 1;
        }
        all
    }

    /// Returns the records, and the filter results to be changed.
    pub fn filter_index_mut(&mut self) -> (&Canvas, &mut FilterIndex) {
        (&self.canvas, &mut self.filter_index)
    }

    /// Shows these nodes this far from their layout position.
    pub fn set_drag_offset(&mut self, slots: &[Slot], offset: Point) {
        self.drag_offsets.extend(slots.iter().map(|slot| (*slot, offset)));
    }

    /// Shows these nodes at their layout position.
    pub fn clear_drag_offset(&mut self, slots: &[Slot]) {
        slots.iter().for_each(|slot| {
            self.drag_offsets.remove(slot);
        });
    }

    /// Returns the nodes that are shown elsewhere than the layout has them: dragged, or with a pending move.
    pub fn displaced(&self) -> Vec<Slot> {
        self.drag_offsets.keys().chain(self.optimistic.offsets.keys()).copied().collect()
    }

    /// Returns whether a node is shown elsewhere than the layout has it.
    pub fn is_displaced(&self, slot: Slot) -> bool {
        self.drag_offsets.contains_key(&slot) || self.optimistic.offsets.contains_key(&slot)
    }

    fn replace(&mut self, state: InitialState, feed: &mut ActivityFeed, now: Timestamp, diff: &mut FrameDiff) {
        for row in &state.unreadable {
            let reason = row.reason.clone();
            feed.push_malformed(orrery_protocol::DecodeError { kind: "row".into(), seq: None, reason }, now);
        }
        diff.malformed += state.unreadable.len() as u64;
        diff.has_input |= !state.unreadable.is_empty();
        let seq = state.cursor.as_ref().map_or(0, |cursor| cursor.seq);
        self.set_canvas(state.rows.with_seq(seq).with_runs(state.runs), state.cursor.map(|cursor| cursor.epoch), diff);
        self.is_complete = true;
    }

    fn set_canvas(&mut self, canvas: Canvas, epoch: Option<Epoch>, diff: &mut FrameDiff) {
        self.arrangement = match self.is_complete {
            true => self.arrangement.carried_over_to(&self.canvas, &canvas),
            // The layout must not depend on how fast the rows were loaded.
            false => Arrangement::default(),
        };
        (self.canvas, self.epoch) = (canvas, epoch);
        (self.bands, self.bands_key) = (Bands::default(), None);
        self.grid.clear();
        self.drag_offsets.clear();
        self.optimistic.offsets.clear();
        diff.replaced = true;
    }

    fn apply_event(
        &mut self,
        logged: EventEnvelope,
        feed: &mut ActivityFeed,
        now: Timestamp,
        diff: &mut FrameDiff,
    ) -> Applied {
        let id = match &logged.event {
            Event::Workspace(event) => Some(&event.workspace_id),
            Event::Run(event) => event.workspace_id.as_ref(),
            Event::Unknown(event) => event.workspace_id.as_ref(),
        };
        // Read before the event is applied: afterwards a removed workspace has no name.
        let name_of = |id: &WorkspaceId| self.canvas.workspace(id).map(|record| record.name.clone());
        let before = id.and_then(name_of);
        let applied = self.canvas.apply(&logged, &mut diff.changes);
        if applied != Applied::Applied {
            return applied;
        }
        match &logged.event {
            Event::Unknown(_) => diff.unknown += 1,
            Event::Workspace(event) if matches!(event.change, WorkspaceChange::ActivityLogged(_)) => {
                diff.activity.insert(event.workspace_id.clone());
            }
            _ => {}
        }
        let name =
            before.or_else(|| id.and_then(|id| self.canvas.workspace(id)).map(|workspace| workspace.name.clone()));
        feed.push(logged, name.unwrap_or_default(), now);
        applied
    }

    fn update_layout(&mut self, diff: &mut FrameDiff) {
        let changes = &diff.changes;
        if !diff.replaced && !changes.arrangement {
            return;
        }
        let touched: Vec<Slot> = if diff.replaced {
            self.canvas.iter().map(|(slot, _)| slot).collect()
        } else {
            let changed = changes.added.iter().chain(&changes.updated);
            // A child that was added before its parent is nested when the parent is added.
            changed.flat_map(|slot| std::iter::once(slot).chain(self.canvas.children(*slot))).copied().collect()
        };
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        diff.moved = self.arrangement.update(&self.canvas, &touched, &removed);
        self.layout_revision += u64::from(!diff.moved.is_empty());
        for slot in &diff.moved {
            let rect = self.canvas.get(*slot).and_then(|_| self.arrangement.rect(*slot));
            self.grid.set(*slot, rect);
        }
    }
}
