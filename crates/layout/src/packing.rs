//! Packing: places boxes row after row around occupied rectangles.

use super::{Point, Rect, Size};

/// In pixels: the gap between two boxes.
pub const GAP: f64 = 16.0;
/// The aspect ratio of a block of boxes: about that of a screen.
const ASPECT_RATIO: f64 = 2.0;

/// Places boxes one after the other in rows.
pub struct Packing<'a> {
    occupied: &'a [Rect],
    origin: Point,
    width: f64,
    /// Where the next box is tried.
    at: Point,
    row_height: f64,
    /// The occupied rectangles that a row of `obstacles_height` meets.
    obstacles: Vec<Rect>,
    obstacles_height: f64,
}

/// Returns how wide rows should be for boxes of these sizes to fill a block of `ASPECT_RATIO`.
pub fn row_width(sizes: impl Iterator<Item = Size>) -> f64 {
    let (mut area, mut widest, mut count): (f64, f64, f64) = (0.0, 0.0, 0.0);
    for size in sizes {
        area += (size.width + GAP) * (size.height + GAP);
        widest = widest.max(size.width);
        count += 1.0;
    }
    let column = widest + GAP;
    let columns = ((area * ASPECT_RATIO).sqrt() / column).round().clamp(1.0, count.max(1.0));
    (columns * column - GAP).max((area * ASPECT_RATIO).sqrt() - column)
}

/// Returns the free place nearest to a box, beside one of the rectangles around it, and not left of or above `corner`.
pub fn nearest_free(occupied: &[Rect], rect: Rect, corner: Option<Point>) -> Option<Point> {
    let Size { width, height } = rect.size;
    let reach = rect.inflated(2.0 * width.max(height) + GAP);
    let around: Vec<Rect> = occupied.iter().filter(|other| other.meets(&reach)).copied().collect();
    let is_free = |at: &Point| {
        let padded = Rect::new(*at, rect.size).inflated(GAP - 0.01);
        let is_inside = corner.is_none_or(|corner| at.x >= corner.x && at.y >= corner.y);
        is_inside && !around.iter().any(|other| other.meets(&padded))
    };
    let beside = |other: &Rect| {
        let (left, right) = (other.at.x - width - GAP, other.right() + GAP);
        let (above, below) = (other.at.y - height - GAP, other.bottom() + GAP);
        let Point { x, y } = rect.at;
        // On each side, at the own coordinate or at the edge of the other. Places beyond `reach` are not considered.
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

impl<'a> Packing<'a> {
    /// Starts at `origin`, with rows of this width.
    pub fn new(occupied: &'a [Rect], origin: Point, width: f64) -> Self {
        let (at, obstacles) = (origin, Vec::new());
        Self { occupied, origin, width, at, row_height: 0.0, obstacles, obstacles_height: 0.0 }
    }

    /// Returns the place of the next box.
    pub fn place(&mut self, size: Size) -> Point {
        loop {
            self.find_obstacles(size.height);
            let padded = Rect::new(self.at, size).inflated(GAP - 0.01);
            if self.at.x > self.origin.x && self.at.x + size.width > self.origin.x + self.width + 0.01 {
                self.next_row();
            } else if let Some(blocker) = self.obstacles.iter().find(|obstacle| obstacle.meets(&padded)) {
                self.at.x = blocker.right() + GAP;
            } else {
                let place = self.at;
                self.at.x += size.width + GAP;
                self.row_height = self.row_height.max(size.height);
                return place;
            }
        }
    }

    fn find_obstacles(&mut self, height: f64) {
        if self.obstacles_height >= height {
            return;
        }
        let (top, bottom) = (self.at.y - GAP, self.at.y + height + GAP);
        let crosses = |rect: &&Rect| rect.at.y < bottom && rect.bottom() > top;
        self.obstacles = self.occupied.iter().filter(crosses).copied().collect();
        self.obstacles_height = height;
    }

    fn next_row(&mut self) {
        let below = if self.row_height > 0.0 {
            self.at.y + self.row_height + GAP
        } else {
            // Nothing fits into this row: the next one begins below the obstacle that ends first.
            let ends = self.obstacles.iter().map(Rect::bottom).fold(f64::INFINITY, f64::min) + GAP;
            if ends.is_finite() && ends > self.at.y { ends } else { self.at.y + GAP }
        };
        self.at = Point::new(self.origin.x, below);
        (self.row_height, self.obstacles_height) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Size = Size { width: 240.0, height: 152.0 };

    #[test]
    fn row_width_fits_whole_columns() {
        for (cards, columns) in [(1, 1.0), (2, 2.0), (4, 2.0), (5, 3.0), (6, 3.0), (12, 4.0)] {
            let width = row_width(std::iter::repeat_n(CARD, cards));
            assert_eq!(width, columns * 256.0 - GAP, "{cards}");
        }
    }

    #[test]
    fn fills_gaps_without_overlaps() {
        let occupied: Vec<Rect> = [(0.0, 0.0), (512.0, 0.0), (0.0, 168.0), (256.0, 168.0), (512.0, 168.0)]
            .map(|(x, y)| Rect::new(Point::new(x, y), CARD))
            .to_vec();
        let mut packing = Packing::new(&occupied, Point::default(), 752.0);
        assert_eq!(packing.place(CARD), Point::new(256.0, 0.0));
        assert_eq!(packing.place(CARD), Point::new(0.0, 336.0));
    }

    #[test]
    fn nearest_free_place_is_beside_an_obstacle() {
        let at = |x, y| Rect::new(Point::new(x, y), CARD);
        let occupied = [at(0.0, 0.0), at(256.0, 0.0)];
        assert_eq!(nearest_free(&occupied, at(20.0, 0.0), None), Some(Point::new(20.0, -CARD.height - GAP)));
        let corner = Some(Point::default());
        assert_eq!(nearest_free(&occupied, at(20.0, 0.0), corner), Some(Point::new(20.0, CARD.height + GAP)));
    }

    #[test]
    fn a_wide_box_goes_below_an_obstacle() {
        let occupied = [Rect::new(Point::new(100.0, 0.0), CARD)];
        let mut packing = Packing::new(&occupied, Point::default(), 752.0);
        assert_eq!(packing.place(Size { width: 752.0, height: 100.0 }), Point::new(0.0, 168.0));
    }
}
