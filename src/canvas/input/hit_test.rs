//! Hit testing: which workspace a pointer is over and where a workspace is in the window, rendered or painted.

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{MouseEvent, PointerEvent};

use super::event_target::{closest, window_point, workspace_around};
use crate::canvas::controller::CanvasController;
use crate::canvas::culling::LevelOfDetail;
use crate::store::CanvasStore;
use orrery_layout::hit::{self, HitLayout, Layer, Part};
use orrery_layout::{Point, Rect, Shape, Size, camera};

/// The stacking order of the nodes in the last frame.
struct LastFrameLayout<'a> {
    store: &'a CanvasStore,
    level_of_detail: LevelOfDetail,
    rendered: &'a [Slot],
}

impl HitLayout for LastFrameLayout<'_> {
    fn candidates(&self, area: &Rect) -> Vec<Slot> {
        self.store.nodes_in(area)
    }

    fn rect(&self, slot: Slot) -> Option<Rect> {
        self.store.rect(slot)
    }

    fn layer(&self, slot: Slot) -> Layer {
        let is_card = self.store.shape(slot) == Shape::Card;
        let is_rendered = is_card && self.rendered.contains(&slot);
        let rank = match (is_card && !is_rendered, self.level_of_detail) {
            (false, _) => self.store.depth(slot) as u32,
            // Blocks are painted in the order of their status, boxes in the order of their slots.
            (true, LevelOfDetail::Far) => self.store.overview_status(slot) as u32,
            (true, _) => 0,
        };
        Layer { is_dragged: self.store.is_displaced(slot), is_card, is_rendered, rank }
    }
}

impl CanvasController {
    /// Returns the topmost workspace under a point of the canvas, and which part of it. A member lies above its team.
    pub fn hit_test(&self, point: Point) -> Option<(WorkspaceId, Part)> {
        let (camera, rendered) = (self.camera(), self.rendered_slots());
        let level_of_detail = self.level_of_detail.get_untracked();
        self.store.with_value(|store| {
            let layout = LastFrameLayout { store, level_of_detail, rendered: &rendered };
            let hit = hit::at_screen(&layout, &camera, point)?;
            Some((store.canvas().get(hit.slot)?.id.clone(), hit.part))
        })
    }

    /// Returns the topmost workspace under a point of the window, or `None` outside the canvas. What lies over the canvas,
    /// such as the toolbar's menus, is not considered.
    pub fn hit_test_window(&self, point: Point) -> Option<WorkspaceId> {
        let point = point.minus(self.origin()?);
        let canvas = Rect::new(Point::default(), self.viewport_size());
        self.hit_test(point).filter(|_| canvas.contains(point)).map(|(id, _)| id)
    }

    /// Returns the rectangle of a workspace in CSS pixels of the window, whether it is rendered, painted or out of view. One
    /// inside a collapsed team is where the team's card is.
    pub fn rect_in_window(&self, id: &WorkspaceId) -> Option<Rect> {
        let (camera, origin) = (self.camera(), self.origin()?);
        let rect = self.store.with_value(|store| store.visible_rect(store.canvas().find(id)?))?;
        Some(camera::rect_to_screen(&camera, &rect).shifted(origin))
    }

    /// Returns the rectangle of the band with a team's label in CSS pixels of the window, or `None` without a band.
    pub fn label_in_window(&self, id: &WorkspaceId) -> Option<Rect> {
        let (camera, origin) = (self.camera(), self.origin()?);
        let band = self.store.with_value(|store| {
            let team = store.canvas().find(id).filter(|slot| store.shape(*slot) == Shape::Team)?;
            let Rect { at, size } = store.rect(team)?;
            Some(Rect::new(at, Size { height: store.band_height(team)?, ..size }))
        })?;
        Some(camera::rect_to_screen(&camera, &band).shifted(origin))
    }

    /// Returns the workspace that a click or a context menu is about: by geometry if it comes from a pointer, and the one that
    /// has the focus if it comes from a key or a screen reader.
    pub fn workspace_of_event(&self, event: &MouseEvent) -> Option<WorkspaceId> {
        closest(event.target().as_ref(), ".canvas")?;
        match is_from_pointer(event) {
            true => self.hit_test_window(window_point(event)),
            false => workspace_around(event.target().as_ref()),
        }
    }
}

/// The menu key and Shift+F10 open a context menu without a pointer, at a point of the browser's choice. Not every browser
/// makes a pointer event of it.
fn is_from_pointer(event: &MouseEvent) -> bool {
    let kind = event.dyn_ref::<PointerEvent>().map(PointerEvent::pointer_type).unwrap_or_default();
    !kind.is_empty() || event.button() == 2 || event.ctrl_key()
}
