//! What is asked of an arrangement. Never how it came to be.

use orrery_model::Slot;

use super::{Arrangement, Shape};
use crate::{Point, Rect};

impl Arrangement {
    /// None when it is not known, or inside something collapsed.
    pub fn rect(&self, slot: Slot) -> Option<Rect> {
        self.node(slot).filter(|node| !node.hidden).map(|node| node.rect)
    }

    pub fn shape(&self, slot: Slot) -> Shape {
        self.node(slot).map_or(Shape::Card, |node| node.shape)
    }

    /// The corner that those inside stand relative to: what its record would say.
    pub fn corner(&self, slot: Slot) -> Option<Point> {
        self.node(slot).map(|node| node.at)
    }

    /// Does its place come from its record?
    pub fn is_pinned(&self, slot: Slot) -> bool {
        self.node(slot).is_some_and(|node| node.pin.is_some())
    }
}
