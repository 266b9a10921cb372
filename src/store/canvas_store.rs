//! The truth of the page as plain state: the canvas, where everything stands, and how to find it. Never a signal, never the DOM.

use std::collections::{HashMap, HashSet};

use orrery_model::{Canvas, Changes, Slot, reduce::Applied};
use orrery_protocol::{Epoch, Event, EventEnvelope, Status, Timestamp, WorkspaceChange, WorkspaceId};

use super::activity_feed::Feed;
use super::optimistic::Optimistic;
use super::{FilterIndex, NodePosition, StatusIndex, TeamSummary};
use orrery_client::InitialState;
use orrery_client::{Arrival, LoadedState};
use orrery_layout::{Arrangement, Grid, Point, Rect, Shape, sort};

#[derive(Default)]
pub struct CanvasStore {
    pub(super) canvas: Canvas,
    /// Was the whole of a first state ever here? Before that there is nothing that a part of one would take away.
    pub(super) is_whole: bool,
    pub(super) epoch: Option<Epoch>,
    pub(super) arrangement: Arrangement,
    pub(super) grid: Grid,
    pub(super) tones: StatusIndex,
    /// Counts the folds after which something stood elsewhere.
    pub(super) moves: u64,
    /// How far a workspace that is being dragged is from where it was.
    pub(super) carried: HashMap<Slot, Point>,
    pub(super) optimistic: Optimistic,
    pub filter_index: FilterIndex,
}

/// What one fold of a frame's post did.
#[derive(Default)]
pub struct FrameDiff {
    pub changes: Changes,
    /// Those that stand elsewhere, look different or are shown no longer.
    pub moved: Vec<Slot>,
    /// Everything is new: slots mean something else than before.
    pub replaced: bool,
    /// An event did not fit: the state must be asked for again.
    pub needs_resync: bool,
    pub malformed: u64,
    pub unknown: u64,
    /// Whose activity log grew.
    pub activity: HashSet<WorkspaceId>,
    pub has_input: bool,
    /// How far an optimistic change of the layout moved what the person acts on: the camera goes along.
    pub camera_shift: Option<Point>,
}

impl CanvasStore {
    /// One fold a frame.
    pub fn take(
        &mut self,
        state: Option<LoadedState>,
        arrivals: Vec<Arrival>,
        feed: &mut Feed,
        now: Timestamp,
    ) -> FrameDiff {
        let mut diff = FrameDiff { has_input: !arrivals.is_empty(), ..FrameDiff::default() };
        match state {
            Some(LoadedState::Complete(state)) => self.replace(*state, feed, now, &mut diff),
            Some(LoadedState::Partial(rows)) if !self.is_whole => self.show(*rows, None, &mut diff),
            _ => {}
        }
        for arrival in arrivals {
            let applied = match arrival {
                Arrival::Event(logged) => self.fold(logged, feed, now, &mut diff),
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
        self.arrange(&mut diff);
        self.place_pending(&mut diff, anchor);
        self.filter_index.follow(&self.canvas, &diff.changes, diff.replaced);
        self.tones.follow(&self.canvas, &diff.changes, diff.replaced);
        diff
    }

    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// Is this the fleet as the server knows it, and not only what came of it so far?
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    pub fn epoch(&self) -> Option<&Epoch> {
        self.epoch.as_ref()
    }

    pub fn shape(&self, slot: Slot) -> Shape {
        self.arrangement.shape(slot)
    }

    pub fn is_pinned(&self, slot: Slot) -> bool {
        self.arrangement.is_pinned(slot)
    }

    /// Returns where a workspace is shown: where the layout has it, moved by what is pending and by a drag.
    pub fn rect(&self, slot: Slot) -> Option<Rect> {
        let rect = self.arrangement.rect(slot)?;
        let dragged = self.carried.get(&slot).copied().unwrap_or_default();
        Some(rect.shifted(self.pending_offset(slot)).shifted(dragged))
    }

    /// What its record would say of where it stands.
    pub fn corner(&self, slot: Slot) -> Option<Point> {
        self.arrangement.corner(slot)
    }

    /// Where it stands, carried or not.
    pub fn standing(&self, slot: Slot) -> Option<Rect> {
        self.arrangement.rect(slot)
    }

    pub fn depth(&self, slot: Slot) -> usize {
        std::iter::successors(self.canvas.parent(slot), |slot| self.canvas.parent(*slot)).count()
    }

    /// Those shown at least partly in that part of the world.
    pub fn within(&self, part: &Rect) -> Vec<Slot> {
        let mut found = self.grid.within(part);
        let shifted = self.carried.keys().chain(self.optimistic.offsets.keys());
        found.extend(shifted.filter(|slot| self.rect(**slot).is_some_and(|rect| rect.meets(part))));
        sort::once(&mut found);
        found
    }

    pub fn bounds(&self) -> Option<Rect> {
        self.grid.bounds()
    }

    /// Returns the counts of a workspace's children.
    pub fn team_summary(&self, slot: Slot) -> TeamSummary {
        let children = self.canvas.children(slot);
        let problems = children.iter().map(|child| self.problems(*child)).sum();
        TeamSummary { children: children.len(), problems }
    }

    /// Returns where a workspace is drawn, and how it stands out.
    pub fn node_position(&self, slot: Slot) -> NodePosition {
        NodePosition {
            rect: self.rect(slot).unwrap_or_default(),
            depth: self.depth(slot),
            is_dragged: self.is_carried(slot),
            is_dimmed: self.filter_index.is_dimmed(slot),
        }
    }

    fn problems(&self, slot: Slot) -> usize {
        let own = self.canvas.get(slot).is_some_and(|it| matches!(it.status, Status::Failed | Status::Degraded));
        usize::from(own) + self.canvas.children(slot).iter().map(|child| self.problems(*child)).sum::<usize>()
    }

    /// It and all that is inside it.
    pub fn subtree(&self, slot: Slot) -> Vec<Slot> {
        let mut all = vec![slot];
        let mut next = 0;
        while let Some(slot) = all.get(next).copied() {
            all.extend(self.canvas.children(slot));
            next += 1;
        }
        all
    }

    /// Who is there, and who of them is held back.
    pub fn sifting(&mut self) -> (&Canvas, &mut FilterIndex) {
        (&self.canvas, &mut self.filter_index)
    }

    /// So far from where they stand.
    pub fn carry(&mut self, slots: &[Slot], by: Point) {
        self.carried.extend(slots.iter().map(|slot| (*slot, by)));
    }

    pub fn put_down(&mut self, slots: &[Slot]) {
        slots.iter().for_each(|slot| {
            self.carried.remove(slot);
        });
    }

    /// Returns the workspaces that are shown elsewhere than the layout has them: dragged, or with a pending move.
    pub fn carried(&self) -> Vec<Slot> {
        self.carried.keys().chain(self.optimistic.offsets.keys()).copied().collect()
    }

    pub fn is_carried(&self, slot: Slot) -> bool {
        self.carried.contains_key(&slot) || self.optimistic.offsets.contains_key(&slot)
    }

    fn replace(&mut self, state: InitialState, feed: &mut Feed, now: Timestamp, diff: &mut FrameDiff) {
        for row in &state.unreadable {
            let reason = row.reason.clone();
            feed.push_malformed(orrery_protocol::DecodeError { kind: "row".into(), seq: None, reason }, now);
        }
        diff.malformed += state.unreadable.len() as u64;
        diff.has_input |= !state.unreadable.is_empty();
        let seq = state.cursor.as_ref().map_or(0, |cursor| cursor.seq);
        self.show(state.rows.with_seq(seq).with_runs(state.runs), state.cursor.map(|cursor| cursor.epoch), diff);
        self.is_whole = true;
    }

    fn show(&mut self, canvas: Canvas, epoch: Option<Epoch>, diff: &mut FrameDiff) {
        self.arrangement = match self.is_whole {
            true => self.arrangement.handed_over(&self.canvas, &canvas),
            // Where something stands does not depend on how fast it was loaded.
            false => Arrangement::default(),
        };
        (self.canvas, self.epoch) = (canvas, epoch);
        self.grid.clear();
        self.carried.clear();
        self.optimistic.offsets.clear();
        diff.replaced = true;
    }

    fn fold(&mut self, logged: EventEnvelope, feed: &mut Feed, now: Timestamp, diff: &mut FrameDiff) -> Applied {
        let id = match &logged.event {
            Event::Workspace(event) => Some(&event.workspace_id),
            Event::Run(event) => event.workspace_id.as_ref(),
            Event::Unknown(event) => event.workspace_id.as_ref(),
        };
        // Before the fold: afterwards a removed workspace has no name.
        let named = |id: &WorkspaceId| self.canvas.workspace(id).map(|record| record.name.clone());
        let before = id.and_then(named);
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
        let name = before.or_else(|| id.and_then(|id| self.canvas.workspace(id)).map(|it| it.name.clone()));
        feed.push(logged, name.unwrap_or_default(), now);
        applied
    }

    fn arrange(&mut self, diff: &mut FrameDiff) {
        let changes = &diff.changes;
        if !diff.replaced && !changes.arrangement {
            return;
        }
        let touched: Vec<Slot> = if diff.replaced {
            self.canvas.iter().map(|(slot, _)| slot).collect()
        } else {
            let named = changes.added.iter().chain(&changes.updated);
            // A child that came before its parent nests itself when the parent comes.
            named.flat_map(|slot| std::iter::once(slot).chain(self.canvas.children(*slot))).copied().collect()
        };
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        diff.moved = self.arrangement.follow(&self.canvas, &touched, &removed);
        self.moves += u64::from(!diff.moved.is_empty());
        for slot in &diff.moved {
            let rect = self.canvas.get(*slot).and_then(|_| self.arrangement.rect(*slot));
            self.grid.put(*slot, rect);
        }
    }
}
