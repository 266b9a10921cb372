//! Tracks which workspace the mouse points at, mounted or drawn, and outlines it while it is small.

use std::time::Duration;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, PointerEvent};

use super::controller::CanvasController;
use super::hit::point_of;
use super::mounting::Detail;
use super::pointer::place;
use crate::session::Session;
use crate::ui::kept::{child, hear, keep, watch};
use crate::ui::written::Part as Written;
use orrery_layout::hit::Part;
use orrery_layout::{Point, Rect, Size, decimal};

/// What the mouse points at.
#[derive(Debug, Clone, PartialEq)]
pub struct Hovered {
    pub id: WorkspaceId,
    pub part: Part,
    /// Where in the window; known of a team alone, which is too large to stand beside.
    pub pointer: Option<Point>,
}

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Hover {
    controller: CanvasController,
    session: Session,
    /// Set as soon as the mouse is over it.
    over: RwSignal<Option<Hovered>>,
    /// Set when it is to be described.
    described: RwSignal<Option<Hovered>>,
    moves: StoredValue<u64>,
}

/// A full card says nearly everything itself: it is described only to a mouse that rests on it.
const RESTS: Duration = Duration::from_millis(500);
/// So far outside of its tile lies the outline, in pixels.
const OUTSIDE: f64 = 2.0;

impl Hover {
    pub fn new(controller: CanvasController, session: Session) -> Self {
        let (over, described) = (RwSignal::new(None), RwSignal::new(None));
        Self { controller, session, over, described, moves: StoredValue::new(0) }
    }

    /// Returns what is to be described. Tracks.
    pub fn described(&self) -> Option<Hovered> {
        self.described.get()
    }

    /// Returns where it is in the window now. Tracks the camera and the fleet.
    pub fn rect(&self, hovered: &Hovered) -> Option<Rect> {
        self.session.viewport.track();
        self.controller.folds.track();
        let rect = self.controller.rect_in_window(&hovered.id)?;
        Some(hovered.pointer.map_or(rect, |at| Rect::new(at, Size::default()).inflated(OUTSIDE)))
    }

    fn moved(&self, event: &PointerEvent) {
        let is_busy = event.pointer_type() == "touch"
            || event.buttons() != 0
            || self.controller.gesture.get_untracked().is_some();
        if is_busy {
            return self.clear();
        }
        let hit = self.controller.hit(place(event));
        let pointer = |part| (part != Part::Card).then(|| point_of(event));
        let hovered = hit.map(|(id, part)| Hovered { id, part, pointer: pointer(part) });
        if self.over.with_untracked(|over| *over != hovered) {
            self.over.set(hovered.clone());
        }
        let is_near = self.controller.detail.get_untracked() == Detail::Near;
        let same = |it: &Option<Hovered>| it.as_ref().map(|it| &it.id) == hovered.as_ref().map(|it| &it.id);
        let is_described = self.described.with_untracked(same);
        if !is_near || hovered.is_none() {
            self.describe(hovered);
        } else if !is_described {
            self.describe(None);
            self.describe_at_rest(hovered);
        }
    }

    fn describe_at_rest(&self, hovered: Option<Hovered>) {
        self.moves.update_value(|moves| *moves += 1);
        let (hover, moves) = (*self, self.moves.get_value());
        let rest = move || {
            if hover.moves.get_value() == moves {
                hover.describe(hovered);
            }
        };
        set_timeout(rest, RESTS);
    }

    fn describe(&self, hovered: Option<Hovered>) {
        if self.described.with_untracked(|described| *described != hovered) {
            self.described.set(hovered);
        }
    }

    fn clear(&self) {
        self.moves.update_value(|moves| *moves += 1);
        self.describe(None);
        if self.over.with_untracked(Option::is_some) {
            self.over.set(None);
        }
    }
}

pub(super) fn listen(canvas: &HtmlElement, hover: Hover) {
    hear(canvas, "pointermove", move |event| hover.moved(event.unchecked_ref()));
    for event in ["pointerleave", "pointerdown", "wheel"] {
        hear(canvas, event, move |_| hover.clear());
    }
    hear(&window(), "keydown", move |_| hover.clear());
    outline(canvas, hover);
    let canvas = canvas.clone();
    // The sheet's cursor: what can be dragged is not the ground.
    watch(move || {
        let is_draggable = hover.over.with(|over| over.as_ref().is_some_and(|it| it.part != Part::Ground));
        // An element that is in the page takes an attribute.
        let _ = canvas.toggle_attribute_with_force("data-over", is_draggable);
    });
}

/// A card of the DOM answers the mouse by its own style.
fn outline(canvas: &HtmlElement, hover: Hover) {
    keep(child(canvas, "div"), move || {
        let is_small = hover.controller.detail.get() != Detail::Near;
        let over = hover.over.get().filter(|_| is_small);
        let is_team = over.as_ref().is_some_and(|it| it.part != Part::Card);
        hover.session.viewport.track();
        hover.controller.folds.track();
        let rect = over.and_then(|it| hover.controller.rect_in_window(&it.id));
        let origin = hover.controller.origin().unwrap_or_default();
        let part = Written::new("div", "hover-outline").flag("hidden", rect.is_none()).flag("data-team", is_team);
        let Rect { at, size } = rect.unwrap_or_default().shifted(Point::default().minus(origin)).inflated(OUTSIDE);
        part.style("transform", format!("translate({}px, {}px)", decimal(at.x), decimal(at.y)))
            .style("width", format!("{}px", decimal(size.width)))
            .style("height", format!("{}px", decimal(size.height)))
    });
}
