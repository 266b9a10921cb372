//! The layers of the canvas: the ground, what is only drawn, and the world of cards. Never what they show.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

use super::cards::keep_cards;
use super::controller::CanvasController;
use super::mounting::Detail;
use crate::session::Session;
use crate::store::CanvasStore;
use crate::store::StoreSignals;
use crate::ui::kept::{child, hear, keep, watch};
use crate::ui::written::{Part, Words};
use orrery_layout::{Point, Size, decimal, factor};

/// What the hands take hold of, when they come (`hands`).
pub struct Layers {
    pub(super) canvas: HtmlElement,
    pub(super) world: HtmlElement,
    pub(super) controller: CanvasController,
}

impl Layers {
    pub fn controller(&self) -> CanvasController {
        self.controller
    }

    pub fn store(&self) -> StoredValue<CanvasStore, LocalStorage> {
        self.controller.store
    }
}

/// At the end of `parent`. To be looked at: the hands come later.
pub fn show_canvas(parent: &Element, controller: CanvasController) -> Layers {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let canvas = child(parent, "div");
    let (ground, map, world) = (child(&canvas, "div"), child(&canvas, "canvas"), child(&canvas, "div"));
    let camera = session.viewport;
    keep(canvas.clone(), move || {
        let gesture = if controller.space.get() { Some("ready") } else { controller.gesture.get() };
        let part = Part::new("div", "canvas").with("data-detail", controller.detail.get().word());
        let part = part.maybe("data-gesture", gesture.map(Words::Borrowed));
        // What lies under the sheet is out of reach.
        let part = part.flag("inert", session.panels.runs_page.with(Option::is_some));
        part.flag("data-moving", controller.is_moving.get())
    });
    keep(ground, move || Part::new("div", "canvas-ground").style("transform", camera.with(ground_at)));
    keep(map.clone(), || Part::new("canvas", "canvas-map").with("aria-hidden", "true"));
    keep(world.clone(), move || {
        let part = Part::new("div", "canvas-world").with("role", "tree").with("aria-label", "Workspaces");
        // The sheet needs it only from a distance, and whoever reads it is painted again.
        let zoom =
            if controller.detail.get() == Detail::Near { String::new() } else { camera.with(|at| factor(at.zoom)) };
        part.style("--zoom", zoom).style("transform", camera.with(|at| transform(Point::new(at.x, at.y), at.zoom)))
    });
    keep_cards(world.clone(), controller);
    watch_size(canvas.clone().unchecked_into(), controller);
    watch_session(session, signals, controller);
    watch_theme(controller);
    controller.inner.update_value(|inner| inner.element = Some(canvas.clone()));
    controller.paint_on(map.unchecked_into());
    Layers { canvas, world, controller }
}

pub(super) fn transform(at: Point, scale: f64) -> String {
    format!("translate({}px, {}px) scale({})", decimal(at.x), decimal(at.y), factor(scale))
}

/// The dots' distance before any zoom, as `--grid-step` says.
const STEP: f64 = 24.0;

/// The dots keep a readable distance: each time they would be half as far apart, every other one is left out.
fn ground_at(at: &orrery_protocol::record::Viewport) -> String {
    let mut scale = at.zoom.clamp(0.001, 1000.0);
    while scale < std::f64::consts::FRAC_1_SQRT_2 {
        scale *= 2.0;
    }
    while scale >= std::f64::consts::SQRT_2 {
        scale /= 2.0;
    }
    let step = STEP * scale;
    // The remainder of two floats would be a function of its own.
    let rest = |along: f64| along - (along / step).floor() * step;
    transform(Point::new(rest(at.x), rest(at.y)), scale)
}

fn watch_size(canvas: Element, controller: CanvasController) {
    let measured = canvas.clone();
    let measure = Closure::<dyn Fn()>::new(move || {
        let rect = measured.get_bounding_client_rect();
        controller.resize(Size { width: rect.width(), height: rect.height() });
    });
    if let Ok(observer) = ResizeObserver::new(measure.into_js_value().unchecked_ref()) {
        observer.observe(&canvas);
    }
}

/// The drawing has the theme's colours: another theme is another drawing.
fn watch_theme(controller: CanvasController) {
    let told = move || {
        controller.themed.update(|times| *times += 1);
        controller.dirty();
    };
    if let Ok(Some(system)) = window().match_media("(prefers-color-scheme: dark)") {
        hear(&system, "change", move |_| told());
    }
    let told = Closure::<dyn Fn()>::new(told).into_js_value();
    if let (Ok(observer), Some(root)) = (MutationObserver::new(told.unchecked_ref()), document().document_element()) {
        let only = MutationObserverInit::new();
        only.set_attributes(true);
        only.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        // Without it the drawing follows the theme a little later.
        let _ = observer.observe_with_options(&root, &only);
    }
}

fn watch_session(session: Session, signals: StoreSignals, controller: CanvasController) {
    watch(move || {
        if let Some(camera_command) = session.camera_command.get() {
            session.camera_command.set(None);
            untrack(|| controller.grant(camera_command));
        }
    });
    watch(move || {
        let selection = session.selection.get();
        if selection.is_some() {
            // The panel that opens beside the canvas is no reason to look elsewhere.
            controller.hold_still();
        }
        controller.store.with_value(|store| signals.publish_selected(store, selection.as_ref()));
        controller.dirty();
    });
    watch(move || {
        session.selected_ids.track();
        session.followed.track();
        controller.dirty();
    });
}
