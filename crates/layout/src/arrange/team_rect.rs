//! The rectangle of a team.

use super::{CARD, TEAM_HEAD, TEAM_PADDING};
use crate::{Point, Rect, Size};

/// Returns the rectangle of a team at `origin` around what is inside, large enough for one member.
pub(crate) fn team_rect(origin: Point, inside: Rect) -> Rect {
    let least = Size { width: CARD.width + 2.0 * TEAM_PADDING, height: TEAM_HEAD + CARD.height + TEAM_PADDING };
    let corner = Point::new(inside.at.x - TEAM_PADDING, inside.at.y - TEAM_HEAD);
    let end = Point::new(inside.right() + TEAM_PADDING, inside.bottom() + TEAM_PADDING);
    Rect::new(origin, least).union(&Rect::from_corners(corner, end))
}
