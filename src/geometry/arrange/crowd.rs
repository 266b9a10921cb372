//! Who steps aside when one takes other room than before. Never the first place of a new one.

use orrery_model::{Canvas, Slot};

use super::Arrangement;
use crate::geometry::shelf::{self, GAP};
use crate::geometry::{Point, Rect};

impl Arrangement {
    /// Whoever grew into a neighbour steps aside. What says its place stays, and the neighbours step aside.
    pub(super) fn part_the_crowded(&mut self, canvas: &Canvas, children: &[Slot], corner: Option<Point>) {
        let grown: Vec<Slot> = children.iter().copied().filter(|child| self.take_resized(*child)).collect();
        if grown.is_empty() {
            return;
        }
        let placed = children.iter().copied().filter(|child| self.placed_rect(*child).is_some());
        let (fixed, free): (Vec<Slot>, Vec<Slot>) = placed.partition(|child| self.is_fixed(canvas, *child));
        for child in grown {
            let is_free = free.contains(&child);
            let room = self.known_rect(child).inflated(GAP - 0.01);
            let others = free.iter().chain(is_free.then_some(&fixed).into_iter().flatten());
            let meeting = |other: &&Slot| **other != child && self.known_rect(**other).meets(&room);
            let crowd: Vec<Slot> = others.filter(meeting).copied().collect();
            let leaving = if is_free && !crowd.is_empty() { vec![child] } else { crowd };
            for slot in leaving {
                self.step_aside(canvas, slot, children, corner);
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
