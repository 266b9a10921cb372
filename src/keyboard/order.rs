//! The fleet as one reads it: siblings by rows as they are seen, a team before those inside it. Never a signal, never the DOM.

use orrery_model::Slot;

use crate::fleet::Fleet;
use crate::geometry::Shape;

/// Those beside it that are shown, itself included.
pub fn siblings(fleet: &Fleet, slot: Slot) -> Vec<Slot> {
    in_rows(
        fleet,
        match fleet.canvas().parent(slot) {
            Some(parent) => fleet.canvas().children(parent),
            None => fleet.canvas().roots(),
        },
    )
}

/// Those inside an open team.
pub fn inside(fleet: &Fleet, slot: Slot) -> Vec<Slot> {
    match fleet.shape(slot) {
        Shape::Card => Vec::new(),
        Shape::Team => in_rows(fleet, fleet.canvas().children(slot)),
    }
}

pub fn first(fleet: &Fleet) -> Option<Slot> {
    in_rows(fleet, fleet.canvas().roots()).first().copied()
}

pub fn last(fleet: &Fleet) -> Option<Slot> {
    in_rows(fleet, fleet.canvas().roots()).last().map(|last| deepest(fleet, *last))
}

pub fn after(fleet: &Fleet, slot: Slot) -> Option<Slot> {
    let inside = inside(fleet, slot).first().copied();
    let mut up = std::iter::successors(Some(slot), |slot| fleet.canvas().parent(*slot));
    inside.or_else(|| up.find_map(|slot| beside(fleet, slot, 1)))
}

pub fn before(fleet: &Fleet, slot: Slot) -> Option<Slot> {
    let beside = beside(fleet, slot, -1).map(|before| deepest(fleet, before));
    beside.or_else(|| fleet.canvas().parent(slot))
}

fn beside(fleet: &Fleet, slot: Slot, by: isize) -> Option<Slot> {
    let siblings = siblings(fleet, slot);
    let at = siblings.iter().position(|one| *one == slot)?;
    siblings.get(at.checked_add_signed(by)?).copied()
}

fn deepest(fleet: &Fleet, slot: Slot) -> Slot {
    let last = |slot: &Slot| inside(fleet, *slot).last().copied();
    std::iter::successors(Some(slot), last).last().unwrap_or(slot)
}

fn in_rows(fleet: &Fleet, slots: &[Slot]) -> Vec<Slot> {
    let mut shown: Vec<(f64, f64, Slot)> = Vec::with_capacity(slots.len());
    for slot in slots {
        if let Some(rect) = fleet.standing(*slot) {
            shown.push((rect.at.y, rect.at.x, *slot));
        }
    }
    shown.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    shown.into_iter().map(|(_, _, slot)| slot).collect()
}
