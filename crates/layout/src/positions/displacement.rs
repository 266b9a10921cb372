//! Displacement: which neighbours move when a workspace grows or moves into them, and how far.

use orrery_model::Slot;

use crate::packing::GAP;
use crate::{Point, Rect};

/// Returns the neighbours that `grown` overlaps, each with the offset that it moves by, so that no two overlap. The rectangles
/// of `fixed` stay, too.
///
/// Each moves along one axis, by the least amount that brings it to a place that nothing else covers, with a gap: so as few
/// move as possible, and none pushes another. Nothing is moved left of `corner` or above it.
pub(super) fn displaced(
    grown: Rect,
    fixed: impl Iterator<Item = Rect>,
    neighbours: Vec<(Slot, Rect)>,
    corner: Point,
) -> Vec<(Slot, Point)> {
    let (mut met, others): (Vec<_>, Vec<_>) = neighbours.into_iter().partition(|(_, rect)| rect.meets(&grown));
    if met.is_empty() {
        return Vec::new();
    }
    let others = others.into_iter().map(|(_, rect)| rect);
    let mut settled: Vec<Rect> = std::iter::once(grown).chain(fixed).chain(others).collect();
    // The nearest to the corner take the nearest places.
    let distance = |rect: &Rect| rect.at.x + rect.at.y;
    met.sort_unstable_by(|(a, one), (b, other)| distance(one).total_cmp(&distance(other)).then(a.cmp(b)));
    let mut moved = Vec::with_capacity(met.len());
    for (slot, rect) in met {
        let offset = least_offset(rect, &settled, corner);
        settled.push(rect.shifted(offset));
        moved.push((slot, offset));
    }
    moved
}

/// Returns the step by which a rectangle passes another.
type Direction = fn(&Rect, &Rect) -> Point;

fn least_offset(rect: Rect, settled: &[Rect], corner: Point) -> Point {
    let right = |rect: &Rect, other: &Rect| Point::new(other.right() + GAP - rect.at.x, 0.0);
    let down = |rect: &Rect, other: &Rect| Point::new(0.0, other.bottom() + GAP - rect.at.y);
    let left = |rect: &Rect, other: &Rect| Point::new(other.at.x - GAP - rect.right(), 0.0);
    let up = |rect: &Rect, other: &Rect| Point::new(0.0, other.at.y - GAP - rect.bottom());
    let directions: [Direction; 4] = [right, down, left, up];
    let is_inside = |at: &Point| at.x >= corner.x && at.y >= corner.y;
    let clear = directions.into_iter().enumerate().filter_map(|(index, direction)| {
        let mut at = rect;
        // Each step passes a settled rectangle for good, because it leads in one direction.
        while let Some(other) = settled.iter().find(|other| other.meets(&at)) {
            at = at.shifted(direction(&at, other));
        }
        // There is always room to the right and below.
        (index < 2 || is_inside(&at.at)).then_some(at.at)
    });
    let nearest = clear.min_by(|a, b| a.distance(rect.at).total_cmp(&b.distance(rect.at)));
    nearest.map_or(Point::default(), |at| at.minus(rect.at))
}
