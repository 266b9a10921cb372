//! Finds what is in a part of the world without looking at everything: a grid of large cells. Never what is drawn.

use std::collections::HashMap;

use orrery_model::Slot;

use super::{Point, Rect};

const CELL: f64 = 1024.0;

#[derive(Default)]
pub struct Grid {
    cells: HashMap<(i32, i32), Vec<Slot>>,
    /// Where each slot was put, so that it is taken out of the same cells.
    put: Vec<Option<(Slot, Rect)>>,
}

impl Grid {
    pub fn put(&mut self, slot: Slot, rect: Option<Rect>) {
        if self.put.len() <= slot.index() {
            self.put.resize(slot.index() + 1, None);
        }
        let before = std::mem::replace(&mut self.put[slot.index()], rect.map(|rect| (slot, rect)));
        let before = before.map(|(_, rect)| rect);
        if before.map(span) == rect.map(span) {
            return;
        }
        for cell in before.into_iter().flat_map(cells) {
            if let Some(slots) = self.cells.get_mut(&cell) {
                slots.retain(|other| *other != slot);
                if slots.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
        for cell in rect.into_iter().flat_map(cells) {
            self.cells.entry(cell).or_default().push(slot);
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Those that lie at least partly in `part`, each once, in the order of their slots.
    pub fn within(&self, part: &Rect) -> Vec<Slot> {
        let ((left, top), (right, bottom)) = span(*part);
        let asked = (right - left + 1) as i64 * (bottom - top + 1) as i64;
        let meeting = |put: &Option<(Slot, Rect)>| put.filter(|(_, rect)| rect.meets(part)).map(|(slot, _)| slot);
        if asked > self.cells.len() as i64 {
            // Most of the world is asked for: one walk over all is less than sorting what the cells name.
            return self.put.iter().filter_map(meeting).collect();
        }
        let mut found: Vec<Slot> = cells(*part).filter_map(|cell| self.cells.get(&cell)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|slot| meeting(&self.put[slot.index()]).is_some());
        found
    }

    /// Around everything.
    pub fn bounds(&self) -> Option<Rect> {
        self.put.iter().flatten().map(|(_, rect)| *rect).reduce(|all, rect| all.union(&rect))
    }
}

fn cell_of(point: Point) -> (i32, i32) {
    ((point.x / CELL).floor() as i32, (point.y / CELL).floor() as i32)
}

fn span(rect: Rect) -> ((i32, i32), (i32, i32)) {
    (cell_of(rect.at), cell_of(Point::new(rect.right(), rect.bottom())))
}

fn cells(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let ((left, top), (right, bottom)) = span(rect);
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}
