//! Who can communicate with whom (see section 8.5 of docs/protocol.md): a pure question to the tree. Never who is connected.

use crate::canvas::{Canvas, Slot};

/// A workspace talks to itself, its siblings (all roots are siblings), its children and its parent.
pub fn can_communicate(canvas: &Canvas, one: Slot, other: Slot) -> bool {
    let (parent, other_parent) = (canvas.parent(one), canvas.parent(other));
    one == other || parent == other_parent || parent == Some(other) || other_parent == Some(one)
}

/// Everyone that `slot` can talk to, without itself.
pub fn peers(canvas: &Canvas, slot: Slot) -> Vec<Slot> {
    let parent = canvas.parent(slot);
    let siblings = parent.map_or(canvas.roots(), |parent| canvas.children(parent));
    let others = siblings.iter().copied().filter(|sibling| *sibling != slot);
    parent.into_iter().chain(others).chain(canvas.children(slot).iter().copied()).collect()
}
