//! Who steps aside when one takes other room than before. Never the first place of a new one.

use std::collections::HashSet;

use orrery_model::{Canvas, Slot};

use super::Arrangement;
use crate::shelf::{self, GAP};
use crate::{Point, Rect, Shape, sort};

impl Arrangement {
    /// It, or something inside it, says its place: it cannot be sent elsewhere.
    pub(super) fn is_fixed(&self, canvas: &Canvas, slot: Slot) -> bool {
        self.is_pinned(slot) || canvas.children(slot).iter().any(|child| self.is_fixed(canvas, *child))
    }

    /// Whoever grew into a neighbour steps aside. What says its place stays, and the neighbours step aside. Where both say
    /// theirs, a card steps aside for a team: what is inside one must not lie on what is not.
    pub(super) fn part_the_crowded(&mut self, canvas: &Canvas, children: &[Slot], corner: Option<Point>) {
        let grown: Vec<Slot> = children.iter().copied().filter(|child| self.take_resized(*child)).collect();
        if grown.is_empty() {
            return;
        }
        let placed = children.iter().copied().filter(|child| self.placed_rect(*child).is_some());
        let (fixed, free): (Vec<Slot>, Vec<Slot>) = placed.partition(|child| self.is_fixed(canvas, *child));
        let mut rows = Rows::of(free.iter().chain(&fixed).map(|slot| (*slot, self.known_rect(*slot))));
        let fixed: HashSet<Slot> = fixed.into_iter().collect();
        for child in grown {
            let is_free = !fixed.contains(&child);
            let rect = self.known_rect(child);
            let room = rect.inflated(GAP - 0.01);
            let mut leaving: Vec<Slot> = Vec::new();
            for other in rows.near(&room) {
                let stands = self.known_rect(other);
                if other == child || !stands.meets(&room) {
                    continue;
                }
                let is_card = self.shape(child) == Shape::Card;
                let leaves = match (is_free, fixed.contains(&other)) {
                    (true, _) => child,
                    (false, false) => other,
                    // They may stand as close as they say, and two cards on each other.
                    (false, true) if !stands.meets(&rect) || is_card == (self.shape(other) == Shape::Card) => continue,
                    (false, true) if is_card => child,
                    (false, true) => other,
                };
                if !leaving.contains(&leaves) {
                    leaving.push(leaves);
                }
            }
            for slot in leaving {
                self.step_aside(canvas, slot, children, corner);
                rows.moved.push(slot);
            }
        }
    }

    fn step_aside(&mut self, canvas: &Canvas, slot: Slot, children: &[Slot], corner: Option<Point>) {
        let others = children.iter().filter(|other| **other != slot);
        let standing: Vec<Rect> = others.filter_map(|other| self.placed_rect(*other)).collect();
        let rect = self.known_rect(slot);
        match shelf::nearest(&standing, rect, corner) {
            Some(found) => self.shift(canvas, slot, found.minus(rect.at)),
            None => self.known(slot).placed = false,
        }
    }

    /// Did it take more or other room since this was last asked?
    fn take_resized(&mut self, slot: Slot) -> bool {
        let node = self.known(slot);
        std::mem::take(&mut node.resized) && node.placed
    }
}

/// Those that stand beside each other, by how high they stand: who looks for neighbours does not look at all of them.
struct Rows {
    by_top: Vec<(u32, Slot)>,
    highest: i32,
    /// They stand elsewhere now.
    moved: Vec<Slot>,
}

impl Rows {
    fn of(standing: impl Iterator<Item = (Slot, Rect)>) -> Self {
        let mut rows = Self { by_top: Vec::new(), highest: 0, moved: Vec::new() };
        for (slot, rect) in standing {
            rows.by_top.push((ordered(rect.at.y as i32), slot));
            rows.highest = rows.highest.max(rect.size.height as i32);
        }
        sort::keyed(&mut rows.by_top);
        rows
    }

    /// All that may reach into that room, and some more.
    fn near(&self, room: &Rect) -> impl Iterator<Item = Slot> {
        // A pixel more on each side: the fractions were cut off.
        let (above, bottom) = (ordered(room.at.y as i32 - self.highest - 2), ordered(room.bottom() as i32 + 1));
        let from = self.by_top.partition_point(|(top, _)| *top < above);
        let below = self.by_top[from..].iter().take_while(move |(top, _)| *top <= bottom);
        below.map(|(_, slot)| *slot).chain(self.moved.iter().copied())
    }
}

/// In the order of whole numbers without a sign, which the page's one sort knows.
fn ordered(pixels: i32) -> u32 {
    pixels as u32 ^ 1 << 31
}
