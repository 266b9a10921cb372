//! Cells of a team: the grid that new members are placed on, and which cells are free.

use crate::arrange::CARD;
use crate::packing::GAP;
use crate::{Point, Rect, Size};

/// The distance from one cell to the next.
const STEP: Size = Size { width: CARD.width + GAP, height: CARD.height + GAP };
/// Cells are filled in blocks that are about this much wider than high.
const ASPECT_RATIO: f64 = 2.0;

/// Iterates over all cells, as column and row: a block grows by a column to the right or a row at the bottom.
fn cells() -> impl Iterator<Item = (usize, usize)> {
    let mut block = (0, 0);
    std::iter::from_fn(move || {
        let (columns, rows) = block;
        if columns == 0 {
            block = (1, 1);
            return Some(vec![(0, 0)]);
        }
        Some(if columns as f64 * STEP.width <= ASPECT_RATIO * rows as f64 * STEP.height {
            block.0 += 1;
            (0..rows).map(|row| (columns, row)).collect()
        } else {
            block.1 += 1;
            (0..columns).map(|column| (column, rows)).collect()
        })
    })
    .flatten()
}

/// Returns the first `count` free cells from `corner` on, row by row.
pub(super) fn free_cells(corner: Point, occupied: &[Rect], count: usize) -> Vec<Point> {
    let spans: Vec<Span> = occupied.iter().map(|rect| Span::of(rect, corner)).collect();
    let taken = spans.iter().map(Span::area).fold(0, usize::saturating_add);
    // As many cells as are taken or wanted always hold the wanted ones. The block of a far outlier is not looked at.
    let block: Vec<(usize, usize)> = cells().take(taken.saturating_add(count)).collect();
    let (columns, rows) = block.iter().fold((0, 0), |most, cell| (most.0.max(cell.0 + 1), most.1.max(cell.1 + 1)));
    let mut is_taken = vec![false; columns * rows];
    for Span { left, top, right, bottom } in spans {
        for row in top..bottom.min(rows) {
            is_taken[row * columns..][left.min(columns)..right.min(columns)].fill(true);
        }
    }
    let free = block.into_iter().filter(|(column, row)| !is_taken[row * columns + column]);
    let mut free: Vec<(usize, usize)> = free.take(count).collect();
    free.sort_unstable_by_key(|(column, row)| (*row, *column));
    free.into_iter().map(|cell| at_cell(corner, cell)).collect()
}

/// Returns the first cell from `corner` on where a box of this size has room.
pub(super) fn free_place(corner: Point, occupied: &[Rect], size: Size) -> Point {
    if size == CARD {
        return free_cells(corner, occupied, 1).first().copied().unwrap_or(corner);
    }
    let is_free = |at: &Point| {
        let padded = Rect::new(*at, size).inflated(GAP - 0.01);
        !occupied.iter().any(|other| other.meets(&padded))
    };
    cells().map(|cell| at_cell(corner, cell)).find(is_free).unwrap_or(corner)
}

fn at_cell(corner: Point, (column, row): (usize, usize)) -> Point {
    corner.plus(Point::new(column as f64 * STEP.width, row as f64 * STEP.height))
}

/// The cells that a rectangle with its gap covers; `right` and `bottom` are the first ones beyond.
struct Span {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Span {
    fn of(rect: &Rect, corner: Point) -> Self {
        let room = rect.inflated(GAP - 0.01).shifted(Point::default().minus(corner));
        // Negative numbers become 0: those cells do not exist.
        let first = |edge: f64, card: f64, step: f64| ((edge - card) / step).floor() + 1.0;
        let beyond = |edge: f64, step: f64| (edge / step).ceil();
        Self {
            left: first(room.at.x, CARD.width, STEP.width) as usize,
            top: first(room.at.y, CARD.height, STEP.height) as usize,
            right: beyond(room.right(), STEP.width) as usize,
            bottom: beyond(room.bottom(), STEP.height) as usize,
        }
    }

    fn area(&self) -> usize {
        self.right.saturating_sub(self.left) * self.bottom.saturating_sub(self.top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(column: usize, row: usize) -> Point {
        at_cell(Point::new(10.0, 20.0), (column, row))
    }

    #[test]
    fn cells_fill_a_block_and_are_returned_row_by_row() {
        let corner = Point::new(10.0, 20.0);
        let wanted = [at(0, 0), at(1, 0), at(2, 0), at(0, 1), at(1, 1), at(2, 1), at(0, 2)];
        assert_eq!(free_cells(corner, &[], 7), wanted);
        let occupied: Vec<Rect> = free_cells(corner, &[], 7).into_iter().map(|at| Rect::new(at, CARD)).collect();
        assert_eq!(free_cells(corner, &occupied, 1), [at(1, 2)]);
        let without_second: Vec<Rect> = occupied.iter().filter(|rect| rect.at != at(1, 0)).copied().collect();
        assert_eq!(free_cells(corner, &without_second, 2), [at(1, 0), at(1, 2)]);
    }

    #[test]
    fn a_place_off_the_grid_or_far_away_costs_only_the_cells_it_covers() {
        let corner = Point::default();
        let off_grid = Rect::new(Point::new(100.0, 0.0), CARD);
        let far = Rect::new(Point::new(900_000.0, 900_000.0), CARD);
        let outside = Rect::new(Point::new(-5000.0, -5000.0), CARD);
        let free = free_cells(corner, &[off_grid, far, outside], 1);
        assert_eq!(free, [at_cell(corner, (0, 1))]);
    }

    #[test]
    fn a_team_gets_room_for_its_whole_rectangle() {
        let corner = Point::default();
        let size = Size { width: 600.0, height: 300.0 };
        let occupied = [Rect::new(corner, CARD), Rect::new(Point::new(256.0, 176.0), CARD)];
        let place = free_place(corner, &occupied, size);
        assert!(!occupied.iter().any(|other| other.meets(&Rect::new(place, size).inflated(GAP - 0.01))));
        assert_eq!(place, Point::new(512.0, 0.0));
    }
}
