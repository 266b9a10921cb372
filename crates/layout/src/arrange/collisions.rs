//! Collision resolution: which node moves when one has grown into another.

use std::collections::HashSet;

use orrery_model::{Canvas, Slot};

use super::Arrangement;
use crate::packing::{self, GAP};
use crate::{Point, Rect};

impl Arrangement {
    /// Returns whether the record of a workspace, or of anything inside it, has a position, so that it cannot be moved.
    pub(super) fn is_fixed(&self, canvas: &Canvas, slot: Slot) -> bool {
        self.is_pinned(slot) || canvas.children(slot).iter().any(|child| self.is_fixed(canvas, *child))
    }

    /// Moves the children that have grown into a neighbour. Of a fixed child, the neighbours move instead. Where both are fixed,
    /// they stay: their records say where they are.
    pub(super) fn resolve_collisions(&mut self, canvas: &Canvas, children: &[Slot], corner: Option<Point>) {
        let grown: Vec<Slot> = children.iter().copied().filter(|child| self.take_resized(*child)).collect();
        if grown.is_empty() {
            return;
        }
        let placed = children.iter().copied().filter(|child| self.placed_rect(*child).is_some());
        let (fixed, free): (Vec<Slot>, Vec<Slot>) = placed.partition(|child| self.is_fixed(canvas, *child));
        let mut rows = Rows::new(free.iter().chain(&fixed).map(|slot| (*slot, self.known_rect(*slot))));
        let fixed: HashSet<Slot> = fixed.into_iter().collect();
        for child in grown {
            let is_free = !fixed.contains(&child);
            let rect = self.known_rect(child);
            let room = rect.inflated(GAP - 0.01);
            let mut moving: Vec<Slot> = Vec::new();
            for other in rows.near(&room) {
                let other_rect = self.known_rect(other);
                if other == child || !other_rect.meets(&room) {
                    continue;
                }
                let mover = match (is_free, fixed.contains(&other)) {
                    (true, _) => child,
                    (false, false) => other,
                    (false, true) => continue,
                };
                if !moving.contains(&mover) {
                    moving.push(mover);
                }
            }
            for slot in moving {
                self.move_to_nearest_free(canvas, slot, children, corner);
                rows.moved.push(slot);
            }
        }
    }

    fn move_to_nearest_free(&mut self, canvas: &Canvas, slot: Slot, children: &[Slot], corner: Option<Point>) {
        let others = children.iter().filter(|other| **other != slot);
        let occupied: Vec<Rect> = others.filter_map(|other| self.placed_rect(*other)).collect();
        let rect = self.known_rect(slot);
        match packing::nearest_free(&occupied, rect, corner) {
            Some(place) => self.shift(canvas, slot, place.minus(rect.at)),
            None => self.known(slot).placed = false,
        }
    }

    /// Returns whether a node has been resized or moved since the last call.
    fn take_resized(&mut self, slot: Slot) -> bool {
        let node = self.known(slot);
        std::mem::take(&mut node.resized) && node.placed
    }
}

/// The nodes of one container by their top edge, so that a search for neighbours does not visit all of them.
struct Rows {
    /// Ascending. In whole pixels.
    by_top: Vec<(i32, Slot)>,
    max_height: i32,
    /// The nodes that have moved since.
    moved: Vec<Slot>,
}

impl Rows {
    fn new(nodes: impl Iterator<Item = (Slot, Rect)>) -> Self {
        let mut rows = Self { by_top: Vec::new(), max_height: 0, moved: Vec::new() };
        for (slot, rect) in nodes {
            rows.by_top.push((rect.at.y as i32, slot));
            rows.max_height = rows.max_height.max(rect.size.height as i32);
        }
        rows.by_top.sort_unstable();
        rows
    }

    /// Returns every node that may meet an area, and perhaps others.
    fn near(&self, room: &Rect) -> impl Iterator<Item = Slot> {
        // A pixel more on each side, because the fractions were cut off.
        let (above, bottom) = (room.at.y as i32 - self.max_height - 2, room.bottom() as i32 + 1);
        let from = self.by_top.partition_point(|(top, _)| *top < above);
        let below = self.by_top[from..].iter().take_while(move |(top, _)| *top <= bottom);
        below.map(|(_, slot)| *slot).chain(self.moved.iter().copied())
    }
}
