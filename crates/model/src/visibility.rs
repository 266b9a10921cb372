//! Which workspaces can communicate with each other (see section 8.5 of docs/protocol.md).

use crate::canvas::Canvas;
use crate::slot::Slot;

/// Returns whether two workspaces can communicate: with itself, a sibling (all roots are siblings), a child or the parent.
pub fn can_communicate(canvas: &Canvas, one: Slot, other: Slot) -> bool {
    let (parent, other_parent) = (canvas.parent(one), canvas.parent(other));
    one == other || parent == other_parent || parent == Some(other) || other_parent == Some(one)
}

/// Returns the workspaces that `slot` can communicate with, without itself.
pub fn peers(canvas: &Canvas, slot: Slot) -> Vec<Slot> {
    let parent = canvas.parent(slot);
    let siblings = parent.map_or(canvas.roots(), |parent| canvas.children(parent));
    let others = siblings.iter().copied().filter(|sibling| *sibling != slot);
    parent.into_iter().chain(others).chain(canvas.children(slot).iter().copied()).collect()
}
