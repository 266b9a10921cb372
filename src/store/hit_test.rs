//! Hit testing in the layout, which leaves out what is being dragged, so that something can be dropped on what lies below.

use orrery_layout::hit::{self, HitLayout, Layer};
use orrery_layout::{Point, Rect, Shape};
use orrery_model::Slot;

use super::CanvasStore;

struct DropTargets<'a>(&'a CanvasStore);

impl HitLayout for DropTargets<'_> {
    fn candidates(&self, area: &Rect) -> Vec<Slot> {
        self.0.nodes_shown_in(area)
    }

    fn rect(&self, slot: Slot) -> Option<Rect> {
        self.0.rect(slot).filter(|_| !self.0.is_displaced(slot))
    }

    fn layer(&self, slot: Slot) -> Layer {
        let is_card = self.0.shape(slot) == Shape::Card;
        Layer { is_dragged: false, is_card, is_rendered: false, rank: self.0.depth(slot) as u32 }
    }
}

impl CanvasStore {
    /// Returns the card or the innermost team at a point of the world, without what is being dragged.
    pub fn node_at(&self, point: Point) -> Option<Slot> {
        hit::at_world(&DropTargets(self), point).map(|hit| hit.slot)
    }

    /// Returns where a workspace is shown; of one inside a collapsed team, where that team is shown.
    pub fn visible_rect(&self, slot: Slot) -> Option<Rect> {
        self.visible_node(slot).map(|(_, rect)| rect)
    }

    /// Returns a workspace, or the collapsed team that hides it, and where that is shown.
    pub fn visible_node(&self, slot: Slot) -> Option<(Slot, Rect)> {
        let mut ancestors = std::iter::successors(Some(slot), |slot| self.canvas.parent(*slot));
        ancestors.find_map(|ancestor| Some((ancestor, self.rect(ancestor)?)))
    }
}
