//! Hit testing of the fleet as it stands: what is carried is left out, so that something can be dropped on what lies below.

use orrery_model::Slot;

use super::CanvasStore;
use orrery_layout::hit::{self, Layer, Layout};
use orrery_layout::{Point, Rect, Shape};

struct Standing<'a>(&'a CanvasStore);

impl Layout for Standing<'_> {
    fn near(&self, part: &Rect) -> Vec<Slot> {
        self.0.grid.within(part)
    }

    fn rect(&self, slot: Slot) -> Option<Rect> {
        self.0.standing(slot).filter(|_| !self.0.is_carried(slot))
    }

    fn layer(&self, slot: Slot) -> Layer {
        let is_card = self.0.shape(slot) == Shape::Card;
        Layer { is_carried: false, is_card, is_mounted: false, rank: self.0.depth(slot) as u32 }
    }
}

impl CanvasStore {
    /// Returns the card or the innermost team under a point of the world, whatever is carried over it.
    pub fn under(&self, point: Point) -> Option<Slot> {
        hit::at_world(&Standing(self), point).map(|hit| hit.slot)
    }

    /// Returns where a workspace is shown; one inside a collapsed team, where that team is.
    pub fn rect_or_team(&self, slot: Slot) -> Option<Rect> {
        std::iter::successors(Some(slot), |slot| self.canvas.parent(*slot)).find_map(|slot| self.rect(slot))
    }
}
