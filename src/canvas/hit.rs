//! Answers which workspace a pointer means and where a workspace is on the screen, mounted or drawn.

use js_sys::Reflect;
use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{MouseEvent, PointerEvent};

use super::controller::CanvasController;
use super::mounting::Detail;
use super::pointer::{closest, workspace_of};
use crate::store::CanvasStore;
use orrery_layout::hit::{self, HitLayout, Layer, Part};
use orrery_layout::{Point, Rect, Shape, camera};

/// The fleet as the last frame painted it.
struct Painted<'a> {
    store: &'a CanvasStore,
    detail: Detail,
    rendered: &'a [Slot],
}

impl HitLayout for Painted<'_> {
    fn candidates(&self, area: &Rect) -> Vec<Slot> {
        self.store.nodes_in(area)
    }

    fn rect(&self, slot: Slot) -> Option<Rect> {
        self.store.rect(slot)
    }

    fn layer(&self, slot: Slot) -> Layer {
        let is_card = self.store.shape(slot) == Shape::Card;
        let is_rendered = is_card && self.rendered.contains(&slot);
        let rank = match (is_card && !is_rendered, self.detail) {
            (false, _) => self.store.depth(slot) as u32,
            // Blocks are painted by urgency, boxes in the order of their slots.
            (true, Detail::Far) => self.store.overview_status(slot) as u32,
            (true, _) => 0,
        };
        Layer { is_dragged: self.store.is_dragged(slot), is_card, is_rendered, rank }
    }
}

impl CanvasController {
    /// Returns the topmost workspace under a point of the canvas, and which part of it. A member lies above its team.
    pub fn hit(&self, point: Point) -> Option<(WorkspaceId, Part)> {
        let (detail, camera, rendered) = (self.detail.get_untracked(), self.camera(), self.rendered());
        self.store.with_value(|store| {
            let hit = hit::at_screen(&Painted { store, detail, rendered: &rendered }, &camera, point)?;
            Some((store.canvas().get(hit.slot)?.id.clone(), hit.part))
        })
    }

    /// Returns the topmost workspace under a point of the window, or `None` outside the canvas. What lies over the canvas,
    /// such as the toolbar's menus, is not considered.
    pub fn hit_in_window(&self, point: Point) -> Option<WorkspaceId> {
        let point = point.minus(self.origin()?);
        let whole = Rect::new(Point::default(), self.window());
        self.hit(point).filter(|_| whole.contains(point)).map(|(id, _)| id)
    }

    /// Returns the rectangle of a workspace in CSS pixels of the window, whether it is mounted, drawn or out of sight. One
    /// inside a collapsed team is where the team's card is.
    pub fn rect_in_window(&self, id: &WorkspaceId) -> Option<Rect> {
        let (camera, origin) = (self.camera(), self.origin()?);
        let rect = self.store.with_value(|store| store.visible_rect(store.canvas().find(id)?))?;
        Some(camera::rect_to_screen(&camera, &rect).shifted(origin))
    }

    /// Returns the workspace that a click or a context menu means: by geometry if a pointer asks, and the one that has the
    /// focus if a key or a screen reader does.
    pub fn meant_by(&self, event: &MouseEvent) -> Option<WorkspaceId> {
        closest(event.target().as_ref(), ".canvas")?;
        match is_from_pointer(event) {
            true => self.hit_in_window(point_of(event)),
            false => workspace_of(event.target().as_ref()),
        }
    }

    /// Returns the canvas' top left corner in the window.
    pub fn origin(&self) -> Option<Point> {
        self.inner.with_value(|inner| {
            let rect = inner.element.as_ref()?.get_bounding_client_rect();
            Some(Point::new(rect.left(), rect.top()))
        })
    }
}

/// Returns where in the window an event happened. The bindings cut the fractions off, and a workspace may be two pixels high.
pub fn point_of(event: &MouseEvent) -> Point {
    let read = |name: &str| Reflect::get(event, &name.into()).ok().and_then(|value| value.as_f64());
    Point::new(read("clientX").unwrap_or_default(), read("clientY").unwrap_or_default())
}

/// The menu key and Shift-F10 open a context menu without a pointer, at a place of the browser's choice. Not every browser
/// makes a pointer event of it.
fn is_from_pointer(event: &MouseEvent) -> bool {
    let kind = event.dyn_ref::<PointerEvent>().map(PointerEvent::pointer_type).unwrap_or_default();
    !kind.is_empty() || event.button() == 2 || event.ctrl_key()
}
