//! One mounted workspace: the signals that its card reads, and their writing ends. Never written outside this room.

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Timestamp, Workspace, WorkspaceId};

use crate::store::{CanvasStore, Family, Work};
use orrery_layout::{Rect, Shape};

/// One workspace as an element of the page: a card or a team takes this, and nothing of the world.
#[derive(Debug, Clone)]
pub struct NodeHandle {
    pub id: WorkspaceId,
    pub shape: Shape,
    pub workspace: ArcReadSignal<Workspace>,
    pub place: ArcReadSignal<Place>,
    pub family: ArcReadSignal<Family>,
    pub work: ArcReadSignal<Work>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    pub rect: Rect,
    pub depth: usize,
    pub carried: bool,
    /// Not what is being looked for.
    pub dimmed: bool,
}

/// In milliseconds. Nobody reads what is written more often, and a storm must not shimmer.
pub const PUBLISH_INTERVAL: i64 = 100;

/// The writing ends of what is mounted.
pub(super) struct Record {
    pub(super) slot: Slot,
    pub(super) rendered: NodeHandle,
    pub(super) workspace: ArcWriteSignal<Workspace>,
    place: ArcWriteSignal<Place>,
    family: ArcWriteSignal<Family>,
    work: ArcWriteSignal<Work>,
    published_at: Timestamp,
    /// Something of it changed and is not published yet.
    pub(super) waits: bool,
}

impl Record {
    pub(super) fn is_calm(&self, now: Timestamp) -> bool {
        is_calm(self.published_at, now)
    }

    pub(super) fn publish(&mut self, store: &CanvasStore, now: Timestamp) {
        (self.waits, self.published_at) = (false, now);
        // Its place may be another's already.
        let Some(workspace) = store.displayed(self.slot).filter(|it| it.id == self.rendered.id) else { return };
        if self.rendered.workspace.with_untracked(|before| *before != *workspace) {
            self.workspace.set(workspace.into_owned());
        }
        let work = store.work(self.slot);
        if self.rendered.work.with_untracked(|before| *before != work) {
            self.work.set(work);
        }
        let family = store.family(self.slot);
        if self.rendered.family.with_untracked(|before| *before != family) {
            self.family.set(family);
        }
        self.replace(store);
    }

    pub(super) fn replace(&self, store: &CanvasStore) {
        let place = place_of(store, self.slot);
        if self.rendered.place.with_untracked(|before| *before != place) {
            self.place.set(place);
        }
    }
}

pub fn is_calm(published_at: Timestamp, now: Timestamp) -> bool {
    // Clocks may be put back.
    !(0..PUBLISH_INTERVAL).contains(&(now.millis() - published_at.millis()))
}

pub(super) fn mount(
    records: &mut HashMap<WorkspaceId, Record>,
    store: &CanvasStore,
    slot: Slot,
    workspace: &Workspace,
) -> NodeHandle {
    let shape = store.shape(slot);
    let record = records.entry(workspace.id.clone()).or_insert_with(|| {
        let (read_workspace, write_workspace) = arc_signal(workspace.clone());
        let (place, write_place) = arc_signal(place_of(store, slot));
        let (family, write_family) = arc_signal(store.family(slot));
        let (work, write_work) = arc_signal(store.work(slot));
        let id = workspace.id.clone();
        let rendered = NodeHandle { id, shape, workspace: read_workspace, place, family, work };
        Record {
            slot,
            rendered,
            workspace: write_workspace,
            place: write_place,
            family: write_family,
            work: write_work,
            published_at: Timestamp::default(),
            waits: false,
        }
    });
    record.rendered.shape = shape;
    record.rendered.clone()
}

fn place_of(store: &CanvasStore, slot: Slot) -> Place {
    let rect = store.rect(slot).unwrap_or_default();
    Place {
        rect,
        depth: store.depth(slot),
        carried: store.is_carried(slot),
        dimmed: store.filter_index.is_dimmed(slot),
    }
}

#[cfg(test)]
mod tests {
    use orrery_model::Canvas;
    use orrery_protocol::{Cursor, Logged};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::store::StoreSignals;
    use crate::store::activity_feed::Feed;
    use orrery_client::InitialState;
    use orrery_client::{Arrival, LoadedState};

    #[wasm_bindgen_test]
    fn who_was_written_a_moment_ago_is_written_again_when_it_is_calm() {
        let owner = Owner::new();
        owner.set();
        let at = Timestamp::from_millis;
        let (signals, mut store, mut feed) = (StoreSignals::new(at(0)), CanvasStore::default(), Feed::default());
        let rows = Canvas::from_rows([Workspace::new(WorkspaceId::parse("w").unwrap())], 0);
        let cursor: Option<Cursor> = "e:0".parse().ok();
        let state = LoadedState::Complete(Box::new(InitialState { cursor, rows, ..InitialState::default() }));
        let diff = store.take(Some(state), Vec::new(), &mut feed, at(0));
        signals.publish(&store, &diff, None, at(0));
        let slots: Vec<Slot> = store.canvas().iter().map(|(slot, _)| slot).collect();
        signals.mount(&store, &slots);
        for (seq, now, shown, waits) in
            [(1, 1000, 1, false), (2, 1010, 1, true), (3, 1099, 1, true), (4, 1100, 4, false)]
        {
            let text = format!(
                r#"{{"seq":{seq},"event":"TASK_UPDATED","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","payload":{{"current_task":"{seq}","active_tasks":1}}}}"#
            );
            let arrivals = vec![Arrival::Event(Logged::read(&text).unwrap())];
            let diff = store.take(None, arrivals, &mut feed, at(now));
            assert_eq!(signals.publish(&store, &diff, None, at(now)), waits, "at {now}");
            let task =
                signals.rendered.with_untracked(|all| all[0].workspace.with_untracked(|it| it.current_task.clone()));
            assert_eq!(task, Some(shown.to_string()), "at {now}");
        }
    }
}
