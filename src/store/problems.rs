//! The way from one problem to the next: the failed before the degraded, each in the order in which one reads. Never the keys.

use orrery_model::Slot;
use orrery_protocol::{Status, WorkspaceId};

use crate::store::CanvasStore;
use orrery_layout::Rect;

/// The problem after `from`, or before it; the first after the last. Answers with it, and with what is seen of it.
pub fn next(store: &CanvasStore, from: Option<&WorkspaceId>, forward: bool) -> Option<(WorkspaceId, WorkspaceId)> {
    let canvas = store.canvas();
    let rank = |status: &Status| match status {
        Status::Failed => Some(0u8),
        Status::Degraded => Some(1),
        _ => None,
    };
    let mut all: Vec<(u8, Rect, Slot, Slot)> = Vec::new();
    for (slot, it) in canvas.iter() {
        let Some(rank) = rank(&it.status) else { continue };
        if let Some((seen, rect)) = seen(store, slot) {
            all.push((rank, rect, slot, seen));
        }
    }
    let key = |one: &(u8, Rect, Slot, Slot)| (one.0, one.1.at.y, one.1.at.x, one.2);
    all.sort_unstable_by(|one, other| key(one).partial_cmp(&key(other)).unwrap_or(std::cmp::Ordering::Equal));
    let here = from.and_then(|id| canvas.find(id)).and_then(|here| all.iter().position(|one| one.2 == here));
    let count = all.len();
    let index = match (here, forward) {
        (Some(here), true) => (here + 1) % count,
        (Some(here), false) => (here + count - 1) % count,
        (None, true) => 0,
        (None, false) => count.checked_sub(1)?,
    };
    let (_, _, slot, seen) = all.get(index)?;
    Some((canvas.get(*slot)?.id.clone(), canvas.get(*seen)?.id.clone()))
}

/// It, or the collapsed team that hides it.
pub fn seen(store: &CanvasStore, slot: Slot) -> Option<(Slot, Rect)> {
    let mut ups = std::iter::successors(Some(slot), |slot| store.canvas().parent(*slot));
    ups.find_map(|up| Some((up, store.rect(up)?)))
}
