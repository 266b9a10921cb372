//! Reads the layout.

use orrery_model::Slot;

use super::{Arrangement, Shape};
use crate::{Point, Rect};

impl Arrangement {
    /// Returns where a workspace is placed, or `None` if it is unknown or inside a collapsed team.
    pub fn rect(&self, slot: Slot) -> Option<Rect> {
        self.node(slot).filter(|node| !node.hidden).map(|node| node.rect)
    }

    /// Returns whether a workspace is shown as a card or as a team.
    pub fn shape(&self, slot: Slot) -> Shape {
        self.node(slot).map_or(Shape::Card, |node| node.shape)
    }

    /// Returns the top left corner that children are relative to: the `x` and `y` that a record would have.
    pub fn origin(&self, slot: Slot) -> Option<Point> {
        self.node(slot).map(|node| node.at)
    }

    /// Returns whether the position comes from the record.
    pub fn is_pinned(&self, slot: Slot) -> bool {
        self.node(slot).is_some_and(|node| node.pin.is_some())
    }
}
