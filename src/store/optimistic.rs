//! Changes shown before the server has confirmed them: the overlay over the records, the layout and the positions.

use std::borrow::Cow;
use std::collections::HashMap;

use orrery_client::{Diff, OptimisticOverlay, PendingId};
use orrery_layout::Point;
use orrery_model::Slot;
use orrery_protocol::{Workspace, WorkspaceId};

use super::{CanvasStore, FrameDiff};

#[derive(Default)]
pub(super) struct Optimistic {
    overlay: OptimisticOverlay,
    /// The workspaces whose pending changes are other ones than in the last frame.
    changed: Vec<WorkspaceId>,
    /// How far from its place in the layout a workspace is shown, because a move is pending.
    pub(super) offsets: HashMap<Slot, Point>,
}

/// A workspace that the camera follows while the layout changes, with the place where it was shown.
pub(super) struct Anchor {
    slot: Slot,
    at: Point,
}

impl CanvasStore {
    /// Shows a change from the next frame on, until the server's events confirm it or it is removed.
    pub fn apply_optimistic(&mut self, diff: Diff) -> PendingId {
        self.optimistic.changed.extend(diff.iter().map(|(id, _)| id.clone()));
        self.optimistic.overlay.push(diff)
    }

    /// Shows the server's state again from the next frame on. Returns whether the change was still pending.
    pub fn remove_optimistic(&mut self, id: PendingId) -> bool {
        let Some(diff) = self.optimistic.overlay.remove(id) else { return false };
        self.optimistic.changed.extend(diff.iter().map(|(id, _)| id.clone()));
        true
    }

    /// Returns the record as the page shows it: with the pending changes.
    pub fn displayed(&self, slot: Slot) -> Option<Cow<'_, Workspace>> {
        let record = self.canvas.get(slot)?;
        if self.optimistic.overlay.is_empty() {
            return Some(Cow::Borrowed(record));
        }
        let Some(changes) = self.optimistic.overlay.changes_of(&record.id) else { return Some(Cow::Borrowed(record)) };
        let mut record = record.clone();
        changes.apply_to(&mut record);
        Some(Cow::Owned(record))
    }

    /// Returns how far from its place in the layout a workspace is shown, because a move is pending.
    pub fn pending_offset(&self, slot: Slot) -> Point {
        self.optimistic.offsets.get(&slot).copied().unwrap_or_default()
    }

    /// Ends what the events confirm, and has the layout take up what changed in the overlay.
    pub(super) fn follow_overlay(&mut self, diff: &mut FrameDiff) -> Option<Anchor> {
        let Optimistic { overlay, changed, .. } = &mut self.optimistic;
        if overlay.is_empty() && changed.is_empty() {
            return None;
        }
        changed.extend(overlay.remove_confirmed(&self.canvas));
        if diff.replaced {
            changed.extend(overlay.workspace_ids().cloned());
        }
        // Another workspace may get the slot.
        for (slot, _) in &diff.changes.removed {
            self.arrangement.set_optimistic_collapsed(*slot, None);
        }
        let mut anchor = None;
        for id in std::mem::take(changed) {
            let Some(slot) = self.canvas.find(&id) else { continue };
            let collapsed = self.optimistic.overlay.changes_of(&id).and_then(|changes| changes.collapsed);
            // Where the server arranges workspaces, collapsing moves nothing, and so not the camera.
            let is_arranged = self.canvas.get(slot).is_some_and(|record| record.pinned.is_some());
            let before = self.rect(slot).filter(|_| !is_arranged);
            if self.arrangement.set_optimistic_collapsed(slot, collapsed.map(|collapsed| collapsed.to)) {
                anchor = anchor.or(before.map(|rect| Anchor { slot, at: rect.at }));
            }
            diff.changes.updated.push(slot);
            diff.changes.arrangement = true;
        }
        anchor
    }

    /// Works out where the workspaces with a pending move are shown, from where the layout has them now.
    pub(super) fn place_pending(&mut self, diff: &mut FrameDiff, anchor: Option<Anchor>) {
        if !(self.optimistic.overlay.is_empty() && self.optimistic.offsets.is_empty()) {
            let offsets = self.pending_offsets();
            let before = std::mem::take(&mut self.optimistic.offsets);
            let differs = |slot: &&Slot| before.get(slot) != offsets.get(slot);
            let moved: Vec<Slot> = before.keys().chain(offsets.keys()).filter(differs).copied().collect();
            self.layout_revision += u64::from(!moved.is_empty());
            diff.changes.arrangement |= !moved.is_empty();
            diff.moved.extend(moved);
            self.optimistic.offsets = offsets;
        }
        diff.camera_shift = anchor.and_then(|Anchor { slot, at }| Some(self.rect(slot)?.at.minus(at)));
    }

    fn pending_offsets(&self) -> HashMap<Slot, Point> {
        let overlay = &self.optimistic.overlay;
        let mut moves: Vec<(usize, Slot, Point)> = Vec::new();
        for id in overlay.workspace_ids() {
            let Some(slot) = self.canvas.find(id) else { continue };
            let position = overlay.changes_of(id).and_then(|changes| changes.position);
            let offset = position.zip(self.origin(slot)).map(|(it, corner)| Point::new(it.to.x, it.to.y).minus(corner));
            moves.extend(offset.map(|offset| (self.depth(slot), slot, offset)));
        }
        // The move of an inner workspace overrides that of its team.
        moves.sort_unstable_by_key(|(depth, slot, _)| (*depth, *slot));
        let mut offsets = HashMap::new();
        for (_, slot, offset) in moves {
            offsets.extend(self.subtree(slot).into_iter().map(|slot| (slot, offset)));
        }
        offsets.retain(|_, offset| *offset != Point::default());
        offsets
    }
}

#[cfg(test)]
mod tests {
    use orrery_client::{Arrival, FieldChange, InitialState, LoadedState, Position, PositionSource, WorkspaceDiff};
    use orrery_layout::Shape;
    use orrery_model::Canvas;
    use orrery_protocol::{Cursor, EventEnvelope, Timestamp};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::store::activity_feed::ActivityFeed;

    struct Page {
        store: CanvasStore,
        feed: ActivityFeed,
        seq: u64,
    }

    fn id(text: &str) -> WorkspaceId {
        WorkspaceId::parse(text).unwrap()
    }

    impl Page {
        /// A team with one workspace inside, and one beside it.
        fn new() -> Self {
            let mut page = Self { store: CanvasStore::default(), feed: ActivityFeed::default(), seq: 0 };
            let row = |name: &str, parent: Option<&str>, position: Option<(f64, f64)>| {
                let mut row = Workspace::new(id(name));
                (row.name, row.parent_id) = (name.to_uppercase(), parent.map(id));
                (row.x, row.y) = position.unzip();
                row
            };
            let rows = [row("team", None, None), row("child", Some("team"), None), row("w", None, Some((900.0, 0.0)))];
            let cursor: Option<Cursor> = "e:0".parse().ok();
            let state = InitialState { cursor, rows: Canvas::from_rows(rows, 0), ..InitialState::default() };
            let (state, now) = (LoadedState::Complete(Box::new(state)), page.now());
            page.store.apply_frame(Some(state), Vec::new(), &mut page.feed, now);
            page
        }

        fn now(&self) -> Timestamp {
            Timestamp::from_millis(0)
        }

        fn slot(&self, name: &str) -> Slot {
            self.store.canvas().find(&id(name)).unwrap()
        }

        fn frame(&mut self) -> FrameDiff {
            let now = self.now();
            self.store.apply_frame(None, Vec::new(), &mut self.feed, now)
        }

        fn event(&mut self, name: &str, kind: &str, payload: &str) -> FrameDiff {
            self.seq += 1;
            let seq = self.seq;
            let text = format!(
                r#"{{"seq":{seq},"event":"{kind}","workspace_id":"{name}","timestamp":"2026-03-30T12:00:00Z","payload":{payload}}}"#
            );
            let (arrivals, now) = (vec![Arrival::Event(EventEnvelope::read(&text).unwrap())], self.now());
            self.store.apply_frame(None, arrivals, &mut self.feed, now)
        }

        fn displayed(&self, name: &str) -> Workspace {
            self.store.displayed(self.slot(name)).unwrap().into_owned()
        }
    }

    #[wasm_bindgen_test]
    fn a_pending_name_survives_other_events_until_it_is_confirmed() {
        let mut page = Page::new();
        let name = FieldChange::between("W".to_owned(), "Books".to_owned());
        page.store.apply_optimistic(Diff::of(id("w"), WorkspaceDiff { name, ..WorkspaceDiff::default() }));
        assert!(page.frame().changes.updated.contains(&page.slot("w")));
        page.event("w", "TASK_UPDATED", r#"{"current_task":"reads","active_tasks":1}"#);
        let shown = page.displayed("w");
        assert_eq!((shown.name.as_str(), shown.current_task.as_deref()), ("Books", Some("reads")));
        page.event("w", "WORKSPACE_UPDATED", r#"{"name":"Books"}"#);
        page.event("w", "WORKSPACE_UPDATED", r#"{"name":"Ledger"}"#);
        assert_eq!(page.displayed("w").name, "Ledger");
    }

    #[wasm_bindgen_test]
    fn a_pending_collapse_changes_the_layout_and_a_refusal_restores_it() {
        let mut page = Page::new();
        let collapsed = FieldChange::between(false, true);
        let changes = WorkspaceDiff { collapsed, ..WorkspaceDiff::default() };
        let pending = page.store.apply_optimistic(Diff::of(id("team"), changes));
        assert!(page.frame().camera_shift.is_some());
        assert_eq!(page.store.shape(page.slot("team")), Shape::Card);
        assert_eq!(page.store.rect(page.slot("child")), None);
        assert!(page.store.remove_optimistic(pending));
        assert!(!page.store.remove_optimistic(pending));
        page.frame();
        assert_eq!(page.store.shape(page.slot("team")), Shape::Team);
        assert!(page.store.rect(page.slot("child")).is_some());
    }

    #[wasm_bindgen_test]
    fn a_pending_move_takes_along_what_is_inside_and_ends_where_the_server_confirms_it() {
        let mut page = Page::new();
        let (team, child) = (page.slot("team"), page.slot("child"));
        let before = [team, child].map(|slot| page.store.rect(slot).unwrap().at);
        let from = Position { x: before[0].x, y: before[0].y, source: PositionSource::Layout };
        let to = Position { x: from.x + 40.0, y: from.y + 80.0, source: PositionSource::Record };
        let position = FieldChange::between(from, to);
        page.store.apply_optimistic(Diff::of(id("team"), WorkspaceDiff { position, ..WorkspaceDiff::default() }));
        let moved = page.frame().moved;
        assert!(moved.contains(&team) && moved.contains(&child));
        let shifted = before.map(|at| at.plus(Point::new(40.0, 80.0)));
        assert_eq!([team, child].map(|slot| page.store.rect(slot).unwrap().at), shifted);
        assert!(page.store.is_displaced(child));
        page.event("team", "WORKSPACE_UPDATED", &format!(r#"{{"x":{},"y":{}}}"#, to.x, to.y));
        assert_eq!([team, child].map(|slot| page.store.rect(slot).unwrap().at), shifted);
        assert!(!page.store.is_displaced(child));
    }
}
