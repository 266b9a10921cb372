//! The minimap: the whole fleet in status colours, with a frame around the part in view, which can be dragged. Shown only
//! while a part of the fleet is out of view.

use leptos::ev::PointerEvent;
use leptos::{html, prelude::*};
use orrery_protocol::record::Viewport;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::minimap_painter::MinimapPainter;
use crate::browser::throttled_effect;
use crate::canvas::controller::CanvasController;
use crate::canvas::interaction::set_if_changed;
use crate::session::Session;
use crate::store::OverviewRevision;
use orrery_layout::{Point, Rect, Size, camera};

/// In CSS pixels: `--minimap-width` and `--minimap-height`.
pub(super) const SIZE: Size = Size { width: 184.0, height: 120.0 };
const MARGIN: f64 = 6.0;
/// The least time between two repaints, in milliseconds.
const MIN_INTERVAL: f64 = 400.0;
/// The time between two repaints, as a multiple of what one takes.
const INTERVAL_PER_REPAINT: f64 = 20.0;

#[component]
pub fn Minimap() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let bounds = RwSignal::new(None::<Rect>);
    let revision = RwSignal::new(OverviewRevision::default());
    // Outlives the element: a pan that hides and shows the minimap repaints nothing.
    let painter = StoredValue::new_local(MinimapPainter::default());
    let interval = move || MIN_INTERVAL.max(painter.with_value(MinimapPainter::last_duration) * INTERVAL_PER_REPAINT);
    throttled_effect(
        move || {
            controller.frame_revision().track();
            session.filter.track();
        },
        interval,
        move || {
            let now = controller.store.with_value(|store| (store.bounds(), store.overview_revision()));
            set_if_changed(bounds, now.0);
            set_if_changed(revision, now.1);
        },
    );
    let map_camera = Memo::new(move |_| bounds.get().map(fit));
    let is_shown = Memo::new(move |_| {
        let in_view = camera::seen(&session.viewport.get(), controller.viewport_size());
        bounds.get().is_some_and(|bounds| in_view.union(&bounds) != in_view)
    });
    view! {
        <Show when=move || is_shown.get()>
            <Map map_camera=map_camera revision=revision painter=painter />
        </Show>
    }
}

#[component]
fn Map(
    /// Maps the world to the minimap; `None` without any nodes.
    map_camera: Memo<Option<Viewport>>,
    revision: RwSignal<OverviewRevision>,
    painter: StoredValue<MinimapPainter, LocalStorage>,
) -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        revision.track();
        let theme_revision = controller.theme_revision().get();
        if let (Some(element), Some(map_camera)) = (canvas.get(), map_camera.get()) {
            painter.update_value(|painter| {
                controller.store.with_value(|store| painter.paint(store, &map_camera, theme_revision));
                painter.copy_to(&element);
            });
        }
    });
    let frame = Memo::new(move |_| {
        let in_view = camera::seen(&session.viewport.get(), controller.viewport_size());
        frame_on_map(&map_camera.get().unwrap_or_default(), &in_view)
    });
    let is_dragging = StoredValue::new(false);
    let pan_to_pointer = move |event: &PointerEvent| {
        if let (Some(map_camera), Some(element)) = (map_camera.get_untracked(), current_target(event)) {
            let rect = element.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
            let center = camera::to_world(&map_camera, Point::new(x, y));
            let zoom = controller.camera().zoom;
            controller.move_camera(camera::centred(center, zoom, controller.viewport_size()));
        }
    };
    let on_pointer_down = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(element) = current_target(&event) {
            // Fails if the pointer is gone already; then there is nothing to capture.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        is_dragging.set_value(true);
        pan_to_pointer(&event);
    };
    let on_pointer_move = move |event: PointerEvent| {
        if is_dragging.get_value() {
            pan_to_pointer(&event);
        }
    };
    view! {
        <div
            class="minimap"
            role="img"
            aria-label="Minimap of the fleet. Drag to pan."
            on:pointerdown=on_pointer_down
            on:pointermove=on_pointer_move
            on:pointerup=move |_| is_dragging.set_value(false)
            on:pointercancel=move |_| is_dragging.set_value(false)
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <div
                class="minimap-frame"
                style:transform=move || frame.with(|frame| format!("translate({}px, {}px)", frame.at.x, frame.at.y))
                style:width=move || frame.with(|frame| format!("{}px", frame.size.width))
                style:height=move || frame.with(|frame| format!("{}px", frame.size.height))
            ></div>
        </div>
    }
}

/// Returns the camera that shows everything within `bounds` on the minimap.
fn fit(bounds: Rect) -> Viewport {
    let zoom = |side: f64, length: f64| (side - 2.0 * MARGIN) / length.max(1.0);
    let zoom = zoom(SIZE.width, bounds.size.width).min(zoom(SIZE.height, bounds.size.height));
    camera::centred(bounds.middle(), zoom, SIZE)
}

/// Returns the part of the world in view as a rectangle on the minimap, cut off at the minimap's edges.
fn frame_on_map(map_camera: &Viewport, in_view: &Rect) -> Rect {
    let corners = [in_view.at, Point::new(in_view.right(), in_view.bottom())];
    let [start, end] = corners.map(|corner| {
        let Point { x, y } = camera::to_screen(map_camera, corner);
        Point::new(x.clamp(0.0, SIZE.width), y.clamp(0.0, SIZE.height))
    });
    Rect::from_corners(start, end)
}

fn current_target(event: &PointerEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}
