//! Hit testing: which workspace lies under a point, by geometry alone.

use orrery_model::Slot;
use orrery_protocol::record::Viewport;

use super::arrange::TEAM_HEAD;
use super::{Point, Rect, camera};

/// The part of a workspace that a point lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A card, or a collapsed team.
    Card,
    /// The header band of a team.
    Head,
    /// The ground of a team, between its members.
    Ground,
}

/// What lies under a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub slot: Slot,
    pub part: Part,
}

/// The stacking order, in which nodes are painted: compared field by field, the greater lies above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layer {
    /// A dragged node lies above everything.
    pub is_dragged: bool,
    pub is_card: bool,
    /// A card that is an element lies above those that are only drawn.
    pub is_rendered: bool,
    /// The depth of a team; of cards, whichever is painted later.
    pub rank: u32,
}

/// The nodes that can be hit, and where they are shown.
pub trait HitLayout {
    /// Returns every workspace that may meet an area, and perhaps others.
    fn candidates(&self, area: &Rect) -> Vec<Slot>;
    /// Returns where a workspace is shown in the world, or `None` if it is not shown or cannot be hit.
    fn rect(&self, slot: Slot) -> Option<Rect>;
    /// Returns the place of a workspace in the stacking order.
    fn layer(&self, slot: Slot) -> Layer;
}

/// Returns the topmost workspace under a point of the screen. A member always lies above its team.
pub fn at_screen(layout: &impl HitLayout, camera: &Viewport, point: Point) -> Option<Hit> {
    at_world(layout, camera::to_world(camera, point))
}

/// Returns the topmost workspace under a point of the world.
pub fn at_world(layout: &impl HitLayout, point: Point) -> Option<Hit> {
    let around = Rect::from_corners(point, point.plus(Point::new(1.0, 1.0)));
    let rects = layout.candidates(&around).into_iter().filter_map(|slot| Some((slot, layout.rect(slot)?)));
    let hit = rects.filter(|(_, rect)| rect.contains(point)).map(|(slot, rect)| (layout.layer(slot), slot, rect));
    // Of equal layers the later slot is painted later.
    let (layer, slot, rect) = hit.max_by_key(|(layer, slot, _)| (*layer, *slot))?;
    let part = match layer.is_card {
        true => Part::Card,
        false if point.y < rect.at.y + TEAM_HEAD => Part::Head,
        false => Part::Ground,
    };
    Some(Hit { slot, part })
}

#[cfg(test)]
mod tests;
