//! One mounted workspace: the signals that its card reads, and their writing ends. Never written outside this room.

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Timestamp, Workspace, WorkspaceId};

use crate::fleet::{Family, Fleet, Work};
use crate::geometry::{Rect, Shape};

/// One workspace as an element of the page: a card or a team takes this, and nothing of the world.
#[derive(Debug, Clone)]
pub struct Mounted {
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
pub const CALM: i64 = 100;

/// The writing ends of what is mounted.
pub(super) struct Record {
    pub(super) slot: Slot,
    pub(super) mounted: Mounted,
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

    pub(super) fn publish(&mut self, fleet: &Fleet, now: Timestamp) {
        (self.waits, self.published_at) = (false, now);
        // Its place may be another's already.
        let Some(workspace) = fleet.canvas().get(self.slot).filter(|it| it.id == self.mounted.id) else { return };
        if self.mounted.workspace.with_untracked(|before| before != workspace) {
            self.workspace.set(workspace.clone());
        }
        let work = fleet.work(self.slot);
        if self.mounted.work.with_untracked(|before| *before != work) {
            self.work.set(work);
        }
        let family = fleet.family(self.slot);
        if self.mounted.family.with_untracked(|before| *before != family) {
            self.family.set(family);
        }
        self.replace(fleet);
    }

    pub(super) fn replace(&self, fleet: &Fleet) {
        let place = place_of(fleet, self.slot);
        if self.mounted.place.with_untracked(|before| *before != place) {
            self.place.set(place);
        }
    }
}

pub fn is_calm(published_at: Timestamp, now: Timestamp) -> bool {
    // Clocks may be put back.
    !(0..CALM).contains(&(now.millis() - published_at.millis()))
}

pub(super) fn mount(
    records: &mut HashMap<WorkspaceId, Record>,
    fleet: &Fleet,
    slot: Slot,
    workspace: &Workspace,
) -> Mounted {
    let shape = fleet.shape(slot);
    let record = records.entry(workspace.id.clone()).or_insert_with(|| {
        let (read_workspace, write_workspace) = arc_signal(workspace.clone());
        let (place, write_place) = arc_signal(place_of(fleet, slot));
        let (family, write_family) = arc_signal(fleet.family(slot));
        let (work, write_work) = arc_signal(fleet.work(slot));
        let id = workspace.id.clone();
        let mounted = Mounted { id, shape, workspace: read_workspace, place, family, work };
        Record {
            slot,
            mounted,
            workspace: write_workspace,
            place: write_place,
            family: write_family,
            work: write_work,
            published_at: Timestamp::default(),
            waits: false,
        }
    });
    record.mounted.shape = shape;
    record.mounted.clone()
}

fn place_of(fleet: &Fleet, slot: Slot) -> Place {
    let rect = fleet.rect(slot).unwrap_or_default();
    Place { rect, depth: fleet.depth(slot), carried: fleet.is_carried(slot), dimmed: fleet.sieve.holds_back(slot) }
}

#[cfg(test)]
mod tests {
    use orrery_model::Canvas;
    use orrery_protocol::{Cursor, Logged};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::Live;
    use super::*;
    use crate::api::FirstState;
    use crate::feed::Feed;
    use crate::inbox::{Arrival, Known};

    #[wasm_bindgen_test]
    fn who_was_written_a_moment_ago_is_written_again_when_it_is_calm() {
        let owner = Owner::new();
        owner.set();
        let at = Timestamp::from_millis;
        let (live, mut fleet, mut feed) = (Live::new(at(0)), Fleet::default(), Feed::default());
        let rows = Canvas::from_rows([Workspace::new(WorkspaceId::parse("w").unwrap())], 0);
        let cursor: Option<Cursor> = "e:0".parse().ok();
        let state = Known::Wholly(Box::new(FirstState { cursor, rows, ..FirstState::default() }));
        let folded = fleet.take(Some(state), Vec::new(), &mut feed, at(0));
        live.publish(&fleet, &folded, None, at(0));
        let slots: Vec<Slot> = fleet.canvas().iter().map(|(slot, _)| slot).collect();
        live.mount(&fleet, &slots);
        for (seq, now, shown, waits) in
            [(1, 1000, 1, false), (2, 1010, 1, true), (3, 1099, 1, true), (4, 1100, 4, false)]
        {
            let text = format!(
                r#"{{"seq":{seq},"event":"TASK_UPDATED","workspace_id":"w","timestamp":"2026-03-30T12:00:00Z","payload":{{"current_task":"{seq}","active_tasks":1}}}}"#
            );
            let arrivals = vec![Arrival::Event(Logged::read(&text).unwrap())];
            let folded = fleet.take(None, arrivals, &mut feed, at(now));
            assert_eq!(live.publish(&fleet, &folded, None, at(now)), waits, "at {now}");
            let task = live.mounted.with_untracked(|all| all[0].workspace.with_untracked(|it| it.current_task.clone()));
            assert_eq!(task, Some(shown.to_string()), "at {now}");
        }
    }
}
