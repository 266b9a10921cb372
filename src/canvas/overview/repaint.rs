//! Repaint schedule of the overview: collects what is out of date, and once a frame repaints as little as possible.

use orrery_model::Slot;
use orrery_protocol::Timestamp;
use web_sys::HtmlCanvasElement;

use super::appearance::{AppearanceCache, AppearanceChange};
use super::layer::OverviewLayer;
use super::placement::{Quality, RenderInput};
use crate::canvas::culling::LevelOfDetail;
use crate::store::is_publish_due;
use crate::store::{CanvasStore, FrameDiff};

/// How much of the canvas is out of date. A greater scope includes the lesser ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RepaintScope {
    /// At most the nodes whose appearance changed.
    #[default]
    Changed,
    /// The camera moved: nodes are culled again, and what is painted is placed elsewhere.
    Camera,
    Everything,
}

/// The overview layer and what of it is out of date.
#[derive(Default)]
pub struct Overview {
    scope: RepaintScope,
    appearances: AppearanceCache,
    /// Nodes that appear otherwise than they are painted.
    changed: Vec<Slot>,
    painted_at: Timestamp,
    /// `None` until an element is attached.
    layer: Option<OverviewLayer>,
}

/// While the camera zooms out, an area this many times as wide and as high as the viewport is painted.
const ROUGH_AREA: f64 = 3.0;

impl Overview {
    pub fn attach(&mut self, element: HtmlCanvasElement) {
        self.layer = OverviewLayer::new(element);
    }

    pub fn schedule(&mut self, scope: RepaintScope) {
        self.scope = self.scope.max(scope);
    }

    /// Schedules what a change of the store requires.
    pub fn apply_diff(&mut self, store: &CanvasStore, diff: &FrameDiff, level_of_detail: LevelOfDetail) {
        if diff.replaced {
            self.appearances.clear();
        }
        if diff.replaced || !diff.moved.is_empty() || diff.names_changed {
            self.scope = RepaintScope::Everything;
        }
        for slot in diff.changes.added.iter().chain(&diff.changes.updated) {
            match self.appearances.update(store, *slot, level_of_detail) {
                AppearanceChange::Nothing => {}
                AppearanceChange::Repaint => self.changed.push(*slot),
                AppearanceChange::Cull => self.scope = RepaintScope::Everything,
            }
        }
    }

    /// Repaints the changed nodes where they were painted last, at most once in `PUBLISH_INTERVAL`, and returns the scope
    /// that remains to be rendered.
    pub fn repaint_changed(&mut self, store: &CanvasStore, now: Timestamp) -> RepaintScope {
        let scope = std::mem::take(&mut self.scope);
        if scope == RepaintScope::Everything || self.changed.is_empty() || !is_publish_due(self.painted_at, now) {
            return scope;
        }
        self.painted_at = now;
        let changed = std::mem::take(&mut self.changed);
        let is_repainted = self.layer.as_mut().is_none_or(|layer| layer.repaint_nodes(store, &changed));
        if is_repainted { scope } else { RepaintScope::Everything }
    }

    /// Returns whether changed nodes wait to be repainted.
    pub fn has_changes(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Shows all that is in view: by placing what is painted, or by painting it.
    pub fn paint(
        &mut self,
        store: &CanvasStore,
        input: &RenderInput,
        scope: RepaintScope,
        is_moving: bool,
        now: Timestamp,
    ) {
        let quality = if is_moving { Quality::Moving } else { Quality::Sharp };
        if let Some(layer) = &mut self.layer
            && (scope == RepaintScope::Everything || !layer.place(store, input, quality))
        {
            layer.paint(store, input, quality);
            self.changed.clear();
            self.painted_at = now;
        }
    }

    /// Shows what is in view while the camera zooms: scales what is painted, and where that does not reach, paints blocks
    /// without labels. `rendered` is the frame whose elements are in the page.
    pub fn paint_roughly(&mut self, store: &CanvasStore, input: &RenderInput, rendered: &RenderInput) {
        let is_rendered = rendered.level_of_detail == LevelOfDetail::Near && rendered.covers(input, store.bounds());
        if let Some(layer) = &mut self.layer
            && !layer.place(store, input, Quality::Rough)
            && !is_rendered
        {
            let camera = if layer.covers(store, input) { input.camera } else { input.zoomed_out(ROUGH_AREA) };
            let area = RenderInput { camera, level_of_detail: LevelOfDetail::Far, ..input.clone() };
            layer.paint(store, &area, Quality::Rough);
            layer.place(store, input, Quality::Rough);
        }
    }
}
