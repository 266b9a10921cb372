//! Finds room for boxes: row after row, around what already stands there. Never moves what stands.

use super::{Point, Rect, Size};

pub const GAP: f64 = 16.0;
/// Rows are so much wider than all of them are high: about the shape of a screen.
const SHAPE: f64 = 2.0;

pub struct Shelf<'a> {
    standing: &'a [Rect],
    origin: Point,
    width: f64,
    at: Point,
    row_height: f64,
    /// Those that stand in the way of this row, and how high the row was thought to be.
    in_the_way: Vec<Rect>,
    looked: f64,
}

/// How wide rows should be, so that boxes of these sizes fill a tidy block.
pub fn width(sizes: impl Iterator<Item = Size>) -> f64 {
    let (mut area, mut widest, mut count): (f64, f64, f64) = (0.0, 0.0, 0.0);
    for size in sizes {
        area += (size.width + GAP) * (size.height + GAP);
        widest = widest.max(size.width);
        count += 1.0;
    }
    let column = widest + GAP;
    let columns = ((area * SHAPE).sqrt() / column).round().clamp(1.0, count.max(1.0));
    (columns * column - GAP).max((area * SHAPE).sqrt() - column)
}

/// The free place nearest to where a box stands now: just beside one of those around it. `corner` is the least place.
pub fn nearest(standing: &[Rect], rect: Rect, corner: Option<Point>) -> Option<Point> {
    let Size { width, height } = rect.size;
    let reach = rect.inflated(2.0 * width.max(height) + GAP);
    let around: Vec<Rect> = standing.iter().filter(|other| other.meets(&reach)).copied().collect();
    let is_free = |at: &Point| {
        let wanted = Rect::new(*at, rect.size).inflated(GAP - 0.01);
        let is_inside = corner.is_none_or(|corner| at.x >= corner.x && at.y >= corner.y);
        is_inside && !around.iter().any(|other| other.meets(&wanted))
    };
    let beside = |other: &Rect| {
        let (left, right) = (other.at.x - width - GAP, other.right() + GAP);
        let (above, below) = (other.at.y - height - GAP, other.bottom() + GAP);
        let Point { x, y } = rect.at;
        // Beside it, at the own height or at the other's edge: beyond `reach` nothing is looked at.
        [
            (left, y),
            (right, y),
            (x, above),
            (x, below),
            (left, other.at.y),
            (right, other.at.y),
            (other.at.x, above),
            (other.at.x, below),
        ]
        .map(|(x, y)| Point::new(x, y))
    };
    let near = |at: &Point| Rect::new(*at, rect.size).inflated(GAP).union(&reach) == reach;
    let found = around.iter().flat_map(beside).filter(|at| near(at) && is_free(at));
    found.min_by(|a, b| a.distance(rect.at).total_cmp(&b.distance(rect.at)))
}

impl<'a> Shelf<'a> {
    pub fn new(standing: &'a [Rect], origin: Point, width: f64) -> Self {
        let (at, in_the_way) = (origin, Vec::new());
        Self { standing, origin, width, at, row_height: 0.0, in_the_way, looked: 0.0 }
    }

    pub fn place(&mut self, size: Size) -> Point {
        loop {
            self.look(size.height);
            let wanted = Rect::new(self.at, size).inflated(GAP - 0.01);
            if self.at.x > self.origin.x && self.at.x + size.width > self.origin.x + self.width + 0.01 {
                self.next_row();
            } else if let Some(blocker) = self.in_the_way.iter().find(|standing| standing.meets(&wanted)) {
                self.at.x = blocker.right() + GAP;
            } else {
                let found = self.at;
                self.at.x += size.width + GAP;
                self.row_height = self.row_height.max(size.height);
                return found;
            }
        }
    }

    fn look(&mut self, height: f64) {
        if self.looked >= height {
            return;
        }
        let (top, bottom) = (self.at.y - GAP, self.at.y + height + GAP);
        let crosses = |standing: &&Rect| standing.at.y < bottom && standing.bottom() > top;
        self.in_the_way = self.standing.iter().filter(crosses).copied().collect();
        self.looked = height;
    }

    fn next_row(&mut self) {
        let below = if self.row_height > 0.0 {
            self.at.y + self.row_height + GAP
        } else {
            // Nothing found room: go below the first that ends.
            let ends = self.in_the_way.iter().map(Rect::bottom).fold(f64::INFINITY, f64::min) + GAP;
            if ends.is_finite() && ends > self.at.y { ends } else { self.at.y + GAP }
        };
        self.at = Point::new(self.origin.x, below);
        (self.row_height, self.looked) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    const CARD: Size = Size { width: 240.0, height: 152.0 };

    #[test]
    fn cards_fill_a_tidy_block() {
        for (cards, columns) in [(1, 1.0), (2, 2.0), (4, 2.0), (5, 3.0), (6, 3.0), (12, 4.0)] {
            let width = width(std::iter::repeat_n(CARD, cards));
            assert_eq!(width, columns * 256.0 - GAP, "{cards}");
        }
    }

    #[test]
    fn a_hole_is_filled_and_nothing_overlaps() {
        let standing: Vec<Rect> = [(0.0, 0.0), (512.0, 0.0), (0.0, 168.0), (256.0, 168.0), (512.0, 168.0)]
            .map(|(x, y)| Rect::new(Point::new(x, y), CARD))
            .to_vec();
        let mut shelf = Shelf::new(&standing, Point::default(), 752.0);
        assert_eq!(shelf.place(CARD), Point::new(256.0, 0.0));
        assert_eq!(shelf.place(CARD), Point::new(0.0, 336.0));
    }

    #[test]
    fn the_nearest_free_place_is_beside_what_is_in_the_way() {
        let at = |x, y| Rect::new(Point::new(x, y), CARD);
        let standing = [at(0.0, 0.0), at(256.0, 0.0)];
        assert_eq!(nearest(&standing, at(20.0, 0.0), None), Some(Point::new(20.0, -CARD.height - GAP)));
        let corner = Some(Point::default());
        assert_eq!(nearest(&standing, at(20.0, 0.0), corner), Some(Point::new(20.0, CARD.height + GAP)));
    }

    #[test]
    fn a_wide_box_goes_below_what_is_in_its_way() {
        let standing = [Rect::new(Point::new(100.0, 0.0), CARD)];
        let mut shelf = Shelf::new(&standing, Point::default(), 752.0);
        assert_eq!(shelf.place(Size { width: 752.0, height: 100.0 }), Point::new(0.0, 168.0));
    }
}
