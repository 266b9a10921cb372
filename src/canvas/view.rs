//! The canvas as a component: the dotted ground, the overview layer and the elements of the rendered workspaces.

use leptos::either::Either;
use leptos::prelude::*;
use orrery_layout::{Point, Shape, Size, factor};
use orrery_protocol::record::Viewport;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit, ResizeObserver};

use super::camera::css_transform;
use super::card::Card;
use super::controller::CanvasController;
use super::culling::LevelOfDetail;
use super::interaction::DragKind;
use super::team::Team;
use crate::session::Session;
use crate::store::{NodeHandle, StoreSignals};

/// Renders the canvas and reports its size, the theme and the selection to `controller`.
///
/// The listeners for pointer, wheel and keys are attached later by `CanvasInput`, which is among the `children`: they are
/// rendered above all layers.
#[component]
pub fn Canvas(controller: CanvasController, children: Children) -> impl IntoView {
    let (session, signals) = (expect_context::<Session>(), expect_context::<StoreSignals>());
    let camera = session.viewport;
    observe_size(controller);
    observe_theme(controller);
    follow_session(session, signals, controller);
    controller.map.on_load(move |map| controller.attach_overview(map));
    let gesture = move || {
        if controller.is_space_down().get() {
            Some("ready")
        } else {
            controller.drag_kind().get().map(DragKind::as_str)
        }
    };
    // Only the style sheet of a distant canvas reads the zoom, and a change of it repaints all cards.
    let zoom = move || {
        (controller.level_of_detail().get() != LevelOfDetail::Near).then(|| camera.with(|camera| factor(camera.zoom)))
    };
    view! {
        <div
            class="canvas"
            node_ref=controller.canvas
            data-detail=move || controller.level_of_detail().get().as_str()
            data-gesture=gesture
            data-moving=move || controller.is_moving().get()
            data-painted=move || controller.is_painted().get()
            data-over=move || controller.is_over_node().get()
            inert=move || session.panels.runs_page.with(Option::is_some)
        >
            <div class="canvas-ground" style:transform=move || camera.with(ground_transform)></div>
            <canvas class="canvas-map" aria-hidden="true" node_ref=controller.map></canvas>
            <div
                class="canvas-world"
                role="tree"
                aria-label="Workspaces"
                node_ref=controller.world
                style:transform=move || camera.with(|at| css_transform(Point::new(at.x, at.y), at.zoom))
                style=("--zoom", zoom)
            >
                <For each=move || signals.rendered.get() key=NodeHandle::key let(handle)>
                    {match handle.shape {
                        Shape::Card => Either::Left(view! { <Card handle controller /> }),
                        Shape::Team => Either::Right(view! { <Team handle controller /> }),
                    }}
                </For>
            </div>
            {children()}
        </div>
    }
}

/// The distance of two dots of the ground at zoom 1, in CSS pixels; `--grid-step` in the style sheet.
const GRID_STEP: f64 = 24.0;

/// Returns the transform of the ground, which covers the window and is moved by less than one step.
///
/// The dots keep a readable distance: where they would be half as far apart, every other one is left out.
fn ground_transform(camera: &Viewport) -> String {
    let mut scale = camera.zoom.clamp(0.001, 1000.0);
    while scale < std::f64::consts::FRAC_1_SQRT_2 {
        scale *= 2.0;
    }
    while scale >= std::f64::consts::SQRT_2 {
        scale /= 2.0;
    }
    let step = GRID_STEP * scale;
    css_transform(Point::new(camera.x.rem_euclid(step), camera.y.rem_euclid(step)), scale)
}

fn observe_size(controller: CanvasController) {
    controller.canvas.on_load(move |canvas| {
        let measured = canvas.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let rect = measured.get_bounding_client_rect();
            controller.resize(Size { width: rect.width(), height: rect.height() });
        });
        if let Ok(observer) = ResizeObserver::new(measure.into_js_value().unchecked_ref()) {
            observer.observe(&canvas);
        }
    });
}

/// The overview layer is painted in the colours of the theme, and is painted again when they change.
fn observe_theme(controller: CanvasController) {
    let repaint = Closure::<dyn Fn()>::new(move || {
        controller.refresh_theme();
    });
    let repaint = repaint.into_js_value();
    let repaint = repaint.unchecked_ref();
    if let Ok(Some(system)) = window().match_media("(prefers-color-scheme: dark)") {
        // Without it the layer follows the system's theme with the next repaint.
        let _ = system.add_event_listener_with_callback("change", repaint);
    }
    if let (Ok(observer), Some(root)) = (MutationObserver::new(repaint), document().document_element()) {
        let options = MutationObserverInit::new();
        options.set_attributes(true);
        options.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
        // Without it the layer follows the chosen theme with the next repaint.
        let _ = observer.observe_with_options(&root, &options);
    }
}

fn follow_session(session: Session, signals: StoreSignals, controller: CanvasController) {
    Effect::new(move |_| {
        if let Some(command) = session.camera_command.get() {
            session.camera_command.set(None);
            untrack(|| controller.execute(command));
        }
    });
    Effect::new(move |_| {
        let selection = session.selection.get();
        if selection.is_some() {
            // The panel that opens beside the canvas is no reason to fit the view anew.
            controller.stop_auto_fit();
        }
        controller.store.with_value(|store| signals.publish_selected(store, selection.as_ref()));
        controller.schedule_repaint();
    });
    Effect::new(move |_| {
        session.selected_ids.track();
        session.followed.track();
        controller.schedule_repaint();
    });
}
