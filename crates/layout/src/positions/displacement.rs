//! Displacement: which neighbours move when a workspace grows or moves into them, and how far.

use orrery_model::Slot;

use crate::packing::GAP;
use crate::{Point, Rect};

/// Returns the neighbours that have to move so that none overlaps one of the `settled` rectangles or another neighbour, each
/// with the offset that it moves by.
///
/// Each moves at most once, by the least amount along one axis that brings it clear of everything that is settled, with a gap.
/// Neighbours that nothing is moved into stay, also when they are closer than the gap. With a `corner`, nothing is moved left of
/// it or above it.
pub(super) fn displaced(
    mut settled: Vec<Rect>,
    mut neighbours: Vec<(Slot, Rect)>,
    corner: Option<Point>,
) -> Vec<(Slot, Point)> {
    let mut moved = Vec::new();
    let mut next = 0;
    while let Some(pusher) = settled.get(next).copied() {
        next += 1;
        let mut met: Vec<(Slot, Rect)> = neighbours.extract_if(.., |(_, rect)| rect.meets(&pusher)).collect();
        // The nearest to the corner settle first, so that those beyond move on, and do not move back.
        let distance = |rect: &Rect| rect.at.x + rect.at.y;
        met.sort_unstable_by(|(a, one), (b, other)| distance(one).total_cmp(&distance(other)).then(a.cmp(b)));
        for (slot, rect) in met {
            let offset = least_offset(rect, &settled, corner);
            settled.push(rect.shifted(offset));
            moved.push((slot, offset));
        }
    }
    moved
}

fn least_offset(rect: Rect, settled: &[Rect], corner: Option<Point>) -> Point {
    let right = |rect: &Rect, other: &Rect| Point::new(other.right() + GAP - rect.at.x, 0.0);
    let down = |rect: &Rect, other: &Rect| Point::new(0.0, other.bottom() + GAP - rect.at.y);
    let left = |rect: &Rect, other: &Rect| Point::new(other.at.x - GAP - rect.right(), 0.0);
    let up = |rect: &Rect, other: &Rect| Point::new(0.0, other.at.y - GAP - rect.bottom());
    let directions: [&dyn Fn(&Rect, &Rect) -> Point; 4] = [&right, &down, &left, &up];
    let clear = directions.into_iter().map(|direction| {
        let mut at = rect;
        // Each step passes a settled rectangle for good, because it leads in one direction.
        while let Some(other) = settled.iter().find(|other| other.meets(&at)) {
            at = at.shifted(direction(&at, other));
        }
        at.at
    });
    // There is always room to the right and below.
    let is_inside = |at: &Point| corner.is_none_or(|corner| at.x >= corner.x && at.y >= corner.y);
    let allowed = clear.enumerate().filter(|(index, at)| *index < 2 || is_inside(at)).map(|(_, at)| at);
    let nearest = allowed.min_by(|a, b| a.distance(rect.at).total_cmp(&b.distance(rect.at)));
    nearest.map_or(Point::default(), |at| at.minus(rect.at))
}
