//! Pans so that a workspace is in view, no farther than needed.

use leptos::prelude::*;
use orrery_layout::{Point, Rect, camera};
use orrery_protocol::WorkspaceId;

use super::controller::CanvasController;
use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;

/// A card that is lower than this on the screen, in pixels, cannot be read.
const READABLE_HEIGHT: f64 = 60.0;
/// The distance to the edges of the canvas, in pixels.
const MARGIN: f64 = 24.0;

/// Keeps the workspace in view that the panel is opened for.
#[component]
pub fn RevealSelected() -> impl IntoView {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let opened = Memo::new(move |_| {
        let is_open = session.panels.tab.with(Option::is_some);
        signals.selected.with(|selected| selected.as_ref().filter(|_| is_open).map(|workspace| workspace.id.clone()))
    });
    Effect::new(move |_| {
        if let Some(id) = opened.get() {
            let show = move || {
                let rect = controller.store.with_value(|store| store.rect(store.canvas().find(&id)?));
                rect.into_iter().for_each(|rect| reveal(controller, rect));
            };
            // Two frames later the panel has been laid out, and the canvas knows its new size.
            request_animation_frame(move || request_animation_frame(show));
        }
    });
}

/// Pans to a workspace at the zoom of now, or zooms in on it if it is too small to read.
pub fn reveal_readable(controller: CanvasController, id: &WorkspaceId, rect: Rect) {
    match rect.size.height * controller.camera().zoom < READABLE_HEIGHT {
        true => controller.execute(CameraCommand::Show(id.clone())),
        false => reveal(controller, rect),
    }
}

fn reveal(controller: CanvasController, rect: Rect) {
    let (camera, window) = (controller.camera(), controller.viewport_size());
    let seen = camera::seen(&camera, window);
    let is_larger = rect.size.height > seen.size.height || rect.size.width > seen.size.width;
    let is_seen = seen.union(&rect) == seen || (is_larger && seen.contains(rect.at));
    if !is_seen {
        let margin = MARGIN / camera.zoom;
        // Of what is larger than the window, the start is shown.
        let distance = |start: f64, length: f64, seen_start: f64, seen_length: f64| {
            let before = start - margin - seen_start;
            let after = start + length + margin - seen_start - seen_length;
            if before < 0.0 || length + 2.0 * margin > seen_length { before } else { after.max(0.0) }
        };
        let across = distance(rect.at.x, rect.size.width, seen.at.x, seen.size.width);
        let down = distance(rect.at.y, rect.size.height, seen.at.y, seen.size.height);
        controller.set_camera(camera::panned(&camera, Point::new(across, down).times(-camera.zoom)));
    }
}
