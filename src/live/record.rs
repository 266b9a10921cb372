//! One mounted workspace: the signals that its card reads, and their writing ends. Never written outside this room.

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Workspace, WorkspaceId};

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

/// The writing ends of what is mounted.
pub(super) struct Record {
    pub(super) slot: Slot,
    pub(super) mounted: Mounted,
    pub(super) workspace: ArcWriteSignal<Workspace>,
    place: ArcWriteSignal<Place>,
    pub(super) family: ArcWriteSignal<Family>,
    pub(super) work: ArcWriteSignal<Work>,
}

impl Record {
    pub(super) fn replace(&self, fleet: &Fleet) {
        let place = place_of(fleet, self.slot);
        if self.mounted.place.with_untracked(|before| *before != place) {
            self.place.set(place);
        }
    }
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
        Record { slot, mounted, workspace: write_workspace, place: write_place, family: write_family, work: write_work }
    });
    record.mounted.shape = shape;
    record.mounted.clone()
}

fn place_of(fleet: &Fleet, slot: Slot) -> Place {
    let rect = fleet.rect(slot).unwrap_or_default();
    Place { rect, depth: fleet.depth(slot), carried: fleet.is_carried(slot), dimmed: fleet.sieve.holds_back(slot) }
}
