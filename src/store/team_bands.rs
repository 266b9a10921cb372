//! Where members of teams are shown from far away, and how much of their names.

use orrery_layout::{Bands, Point, Rect};
use orrery_model::Slot;

use super::{CanvasStore, StatusCounts};

impl CanvasStore {
    /// Makes room for the labels of teams at a zoom. Called before each frame that is rendered in full. Returns whether
    /// workspaces may be shown elsewhere than before.
    pub fn set_zoom(&mut self, zoom: f64) -> bool {
        let key = (zoom, self.layout_revision);
        if self.bands_key == Some(key) {
            return false;
        }
        self.bands_key = Some(key);
        let before = std::mem::replace(&mut self.bands, Bands::new(&self.canvas, &self.arrangement, zoom));
        before.max_shift() != 0.0 || self.bands.max_shift() != 0.0
    }

    /// Returns how high the band with the label of a team is in world coordinates, or `None` if it is too small for one.
    pub fn band_height(&self, team: Slot) -> Option<f64> {
        self.bands.height(team)
    }

    /// Returns whether a team is shown as one block in place of its members.
    pub fn is_block(&self, team: Option<Slot>) -> bool {
        self.bands.is_block(team)
    }

    /// Returns how far from its place in the layout a workspace is shown because of the bands above it.
    pub fn band_shift(&self, slot: Slot) -> Point {
        let Some(rect) = self.arrangement.rect(slot) else { return Point::default() };
        self.bands.shown(self.canvas.parent(slot), rect).at.minus(rect.at)
    }

    /// Returns how many workspaces inside a team, at any depth, have which status.
    pub fn status_counts(&self, team: Slot) -> StatusCounts {
        self.statuses.inside(team)
    }

    /// Returns at which byte the part of a name begins that differs from the names of the siblings.
    pub fn differing_part(&self, slot: Slot, name: &str) -> usize {
        self.names.differing_part(&self.canvas, slot, name)
    }

    pub(super) fn nodes_shown_in(&self, area: &Rect) -> Vec<Slot> {
        let shift = self.bands.max_shift();
        if shift == 0.0 {
            return self.grid.query(area);
        }
        // What is shown in the area is in the layout above or below it.
        let from = Point::new(area.at.x, area.at.y - shift);
        let mut found = self.grid.query(&Rect::from_corners(from, Point::new(area.right(), area.bottom() + shift)));
        found.retain(|slot| self.rect(*slot).is_some_and(|rect| rect.meets(area)));
        found
    }
}
