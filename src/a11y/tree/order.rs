//! Reading order of the workspaces: siblings row by row as they are laid out, a team before those inside it.

use orrery_model::Slot;

use crate::store::CanvasStore;
use orrery_layout::Shape;

/// Returns the shown siblings of a workspace, itself included.
pub fn siblings(store: &CanvasStore, slot: Slot) -> Vec<Slot> {
    in_rows(
        store,
        match store.canvas().parent(slot) {
            Some(parent) => store.canvas().children(parent),
            None => store.canvas().roots(),
        },
    )
}

/// Returns the workspaces directly inside an expanded team.
pub fn inside(store: &CanvasStore, slot: Slot) -> Vec<Slot> {
    match store.shape(slot) {
        Shape::Card => Vec::new(),
        Shape::Team => in_rows(store, store.canvas().children(slot)),
    }
}

pub fn first(store: &CanvasStore) -> Option<Slot> {
    in_rows(store, store.canvas().roots()).first().copied()
}

pub fn last(store: &CanvasStore) -> Option<Slot> {
    in_rows(store, store.canvas().roots()).last().map(|last| deepest(store, *last))
}

pub fn after(store: &CanvasStore, slot: Slot) -> Option<Slot> {
    let inside = inside(store, slot).first().copied();
    let mut up = std::iter::successors(Some(slot), |slot| store.canvas().parent(*slot));
    inside.or_else(|| up.find_map(|slot| beside(store, slot, 1)))
}

pub fn before(store: &CanvasStore, slot: Slot) -> Option<Slot> {
    let beside = beside(store, slot, -1).map(|before| deepest(store, before));
    beside.or_else(|| store.canvas().parent(slot))
}

fn beside(store: &CanvasStore, slot: Slot, by: isize) -> Option<Slot> {
    let siblings = siblings(store, slot);
    let at = siblings.iter().position(|one| *one == slot)?;
    siblings.get(at.checked_add_signed(by)?).copied()
}

fn deepest(store: &CanvasStore, slot: Slot) -> Slot {
    let last = |slot: &Slot| inside(store, *slot).last().copied();
    std::iter::successors(Some(slot), last).last().unwrap_or(slot)
}

fn in_rows(store: &CanvasStore, slots: &[Slot]) -> Vec<Slot> {
    let mut shown: Vec<(f64, f64, Slot)> = Vec::with_capacity(slots.len());
    for slot in slots {
        if let Some(rect) = store.layout_rect(*slot) {
            shown.push((rect.at.y, rect.at.x, *slot));
        }
    }
    shown.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    shown.into_iter().map(|(_, _, slot)| slot).collect()
}
