//! Spatial index: a grid of large cells that finds the rectangles in an area of the world.

use std::cell::Cell;
use std::collections::HashMap;

use orrery_model::Slot;

use super::{Point, Rect};

/// The width and height of a cell.
const CELL: f64 = 1024.0;
/// A rectangle that covers more cells is in none of them, and tested in each query.
const MAX_CELLS: i64 = 4096;

/// The rectangles of the shown workspaces.
#[derive(Default)]
pub struct Grid {
    cells: HashMap<(i32, i32), Vec<Slot>>,
    /// The slots that cover more than `MAX_CELLS`.
    large: Vec<Slot>,
    /// By slot.
    rects: Vec<Option<(Slot, Rect)>>,
    bounds: Cell<Bounds>,
}

/// The union of all rectangles: read in each frame, and computed when it is stale.
#[derive(Clone, Copy, Default)]
enum Bounds {
    #[default]
    Stale,
    Known(Option<Rect>),
}

impl Grid {
    /// Sets the rectangle of a workspace, or removes it.
    pub fn set(&mut self, slot: Slot, rect: Option<Rect>) {
        if self.rects.len() <= slot.index() {
            self.rects.resize(slot.index() + 1, None);
        }
        let before = std::mem::replace(&mut self.rects[slot.index()], rect.map(|rect| (slot, rect)));
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
        if before.is_some_and(is_large) {
            self.large.retain(|other| *other != slot);
        }
        for cell in before.into_iter().filter(|rect| !is_large(*rect)).flat_map(cells) {
            if let Some(slots) = self.cells.get_mut(&cell) {
                slots.retain(|other| *other != slot);
                if slots.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
        if rect.is_some_and(is_large) {
            self.large.push(slot);
        }
        for cell in rect.into_iter().filter(|rect| !is_large(*rect)).flat_map(cells) {
            self.cells.entry(cell).or_default().push(slot);
        }
    }

    /// Removes every rectangle.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns the workspaces whose rectangle meets an area, in the order of their slots.
    pub fn query(&self, area: &Rect) -> Vec<Slot> {
        let meeting = |entry: &Option<(Slot, Rect)>| entry.filter(|(_, rect)| rect.meets(area)).map(|(slot, _)| slot);
        if covered(*area) > self.cells.len() as i64 {
            // Most of the world: one pass over everything costs less than sorting what the cells hold.
            return self.rects.iter().filter_map(meeting).collect();
        }
        let in_cells = cells(*area).filter_map(|cell| self.cells.get(&cell)).flatten();
        let mut found: Vec<Slot> = in_cells.chain(&self.large).copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|slot| meeting(&self.rects[slot.index()]).is_some());
        found
    }

    /// Returns the smallest rectangle around everything.
    pub fn bounds(&self) -> Option<Rect> {
        if let Bounds::Known(bounds) = self.bounds.get() {
            return bounds;
        }
        let bounds = self.rects.iter().flatten().map(|(_, rect)| *rect).reduce(|all, rect| all.union(&rect));
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

fn is_large(rect: Rect) -> bool {
    covered(rect) > MAX_CELLS
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
    fn a_large_rectangle_is_in_no_cell() {
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
        grid.set(slots[0], Some(rect(0.0, 2_000_000.0)));
        grid.set(slots[1], Some(rect(10.0, 100.0)));
        assert_eq!(grid.cells.len(), 1);
        assert_eq!(grid.query(&rect(0.0, 50.0)), slots);
        assert_eq!(grid.query(&rect(1_500_000.0, 50.0)), [slots[0]]);
        assert_eq!(grid.bounds(), Some(rect(0.0, 2_000_000.0)));
        grid.set(slots[0], None);
        assert_eq!(grid.bounds(), Some(rect(10.0, 100.0)));
        grid.set(slots[0], Some(rect(-5.0, 100.0)));
        assert_eq!(grid.bounds().map(|all| (all.at.x, all.right())), Some((-5.0, 110.0)));
        grid.set(slots[0], None);
        assert_eq!(grid.query(&rect(0.0, 50.0)), [slots[1]]);
    }
}
