//! Finds what is in a part of the world without looking at everything: a grid of large cells. Never what is drawn.

use std::cell::Cell;
use std::collections::HashMap;

use orrery_model::Slot;

use super::sort;
use super::{Point, Rect};

const CELL: f64 = 1024.0;
/// Who covers more cells is in none of them, and asked each time.
const MOST_CELLS: i64 = 4096;

#[derive(Default)]
pub struct Grid {
    cells: HashMap<(i32, i32), Vec<Slot>>,
    vast: Vec<Slot>,
    /// Where each slot was put, so that it is taken out of the same cells.
    put: Vec<Option<(Slot, Rect)>>,
    bounds: Cell<Bounds>,
}

/// Asked for in every frame.
#[derive(Clone, Copy, Default)]
enum Bounds {
    #[default]
    Stale,
    Known(Option<Rect>),
}

impl Grid {
    pub fn put(&mut self, slot: Slot, rect: Option<Rect>) {
        if self.put.len() <= slot.index() {
            self.put.resize(slot.index() + 1, None);
        }
        let before = std::mem::replace(&mut self.put[slot.index()], rect.map(|rect| (slot, rect)));
        let before = before.map(|(_, rect)| rect);
        match (self.bounds.get(), before, rect) {
            (Bounds::Known(all), None, Some(rect)) => {
                self.bounds.set(Bounds::Known(Some(all.map_or(rect, |all| all.union(&rect)))));
            }
            (_, None, None) => {}
            _ => self.bounds.set(Bounds::Stale),
        }
        if before.map(span) == rect.map(span) {
            return;
        }
        if before.is_some_and(is_vast) {
            self.vast.retain(|other| *other != slot);
        }
        for cell in before.into_iter().filter(|rect| !is_vast(*rect)).flat_map(cells) {
            if let Some(slots) = self.cells.get_mut(&cell) {
                slots.retain(|other| *other != slot);
                if slots.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
        if rect.is_some_and(is_vast) {
            self.vast.push(slot);
        }
        for cell in rect.into_iter().filter(|rect| !is_vast(*rect)).flat_map(cells) {
            self.cells.entry(cell).or_default().push(slot);
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Those that lie at least partly in `part`, each once, in the order of their slots.
    pub fn within(&self, part: &Rect) -> Vec<Slot> {
        let meeting = |put: &Option<(Slot, Rect)>| put.filter(|(_, rect)| rect.meets(part)).map(|(slot, _)| slot);
        if covered(*part) > self.cells.len() as i64 {
            // Most of the world is asked for: one walk over all is less than sorting what the cells name.
            return self.put.iter().filter_map(meeting).collect();
        }
        let in_cells = cells(*part).filter_map(|cell| self.cells.get(&cell)).flatten();
        let mut found: Vec<Slot> = in_cells.chain(&self.vast).copied().collect();
        sort::once(&mut found);
        found.retain(|slot| meeting(&self.put[slot.index()]).is_some());
        found
    }

    /// Around everything.
    pub fn bounds(&self) -> Option<Rect> {
        if let Bounds::Known(bounds) = self.bounds.get() {
            return bounds;
        }
        let bounds = self.put.iter().flatten().map(|(_, rect)| *rect).reduce(|all, rect| all.union(&rect));
        self.bounds.set(Bounds::Known(bounds));
        bounds
    }
}

fn cell_of(point: Point) -> (i32, i32) {
    ((point.x / CELL).floor() as i32, (point.y / CELL).floor() as i32)
}

fn span(rect: Rect) -> ((i32, i32), (i32, i32)) {
    (cell_of(rect.at), cell_of(Point::new(rect.right(), rect.bottom())))
}

fn covered(rect: Rect) -> i64 {
    let ((left, top), (right, bottom)) = span(rect);
    (i64::from(right) - i64::from(left) + 1).saturating_mul(i64::from(bottom) - i64::from(top) + 1)
}

fn is_vast(rect: Rect) -> bool {
    covered(rect) > MOST_CELLS
}

fn cells(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let ((left, top), (right, bottom)) = span(rect);
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

#[cfg(test)]
mod tests {
    use orrery_model::{Canvas, Changes};
    use orrery_protocol::EventEnvelope;

    use super::*;
    use crate::Size;

    #[test]
    fn who_covers_half_the_world_costs_no_more_than_a_card() {
        let mut canvas = Canvas::new();
        for id in ["a", "b"] {
            let text = format!(
                r#"{{"event":"WORKSPACE_PROVISIONING","workspace_id":"{id}","timestamp":"2026-03-30T12:00:00Z"}}"#
            );
            canvas.fold(&EventEnvelope::read(&text).unwrap().event, &mut Changes::default());
        }
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let rect = |x: f64, width: f64| Rect { at: Point::new(x, 0.0), size: Size { width, height: width } };
        let mut grid = Grid::default();
        grid.put(slots[0], Some(rect(0.0, 2_000_000.0)));
        grid.put(slots[1], Some(rect(10.0, 100.0)));
        assert_eq!(grid.cells.len(), 1);
        assert_eq!(grid.within(&rect(0.0, 50.0)), slots);
        assert_eq!(grid.within(&rect(1_500_000.0, 50.0)), [slots[0]]);
        assert_eq!(grid.bounds(), Some(rect(0.0, 2_000_000.0)));
        grid.put(slots[0], None);
        assert_eq!(grid.bounds(), Some(rect(10.0, 100.0)));
        grid.put(slots[0], Some(rect(-5.0, 100.0)));
        assert_eq!(grid.bounds().map(|all| (all.at.x, all.right())), Some((-5.0, 110.0)));
        grid.put(slots[0], None);
        assert_eq!(grid.within(&rect(0.0, 50.0)), [slots[1]]);
    }
}
