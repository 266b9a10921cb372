//! Brings a workspace into what the window shows of the world. Never nearer than it must.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::controller::CanvasController;
use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;
use orrery_layout::{Point, Rect, camera};

/// On the screen, in pixels: lower than this a card is no card any more.
const READABLE: f64 = 60.0;
const MARGIN: f64 = 24.0;

/// Whoever is opened is seen beside its panel, or above it.
#[component]
pub fn InSight() -> impl IntoView {
    let (session, controller, signals) =
        (expect_context::<Session>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let opened = Memo::new(move |_| {
        let is_open = session.panel.with(Option::is_some);
        signals.selected.with(|it| it.as_ref().filter(|_| is_open).map(|it| it.id.clone()))
    });
    Effect::new(move |_| {
        if let Some(id) = opened.get() {
            // The panel has its place by then.
            let show = move || {
                let rect = controller.store.with_value(|store| store.rect(store.canvas().find(&id)?));
                rect.into_iter().for_each(|rect| bring_into_sight(controller, rect));
            };
            request_animation_frame(move || request_animation_frame(show));
        }
    });
}

/// As near as it is; one that is too small to be read is gone to.
pub fn bring_into_sight_to_read(controller: CanvasController, id: &WorkspaceId, rect: Rect) {
    match rect.size.height * controller.camera().zoom < READABLE {
        true => controller.execute(CameraCommand::Show(id.clone())),
        false => bring_into_sight(controller, rect),
    }
}

fn bring_into_sight(controller: CanvasController, rect: Rect) {
    let (now, window) = (controller.camera(), controller.viewport_size());
    let seen = camera::seen(&now, window);
    let is_larger = rect.size.height > seen.size.height || rect.size.width > seen.size.width;
    let is_seen = seen.union(&rect) == seen || (is_larger && seen.contains(rect.at));
    if !is_seen {
        let margin = MARGIN / now.zoom;
        // No farther than it must; of what is larger than the window, its head.
        let by = |start: f64, length: f64, from: f64, room: f64| {
            let (before, after) = (start - margin - from, start + length + margin - from - room);
            match () {
                () if before < 0.0 || length + 2.0 * margin > room => before,
                () => after.max(0.0),
            }
        };
        let across = by(rect.at.x, rect.size.width, seen.at.x, seen.size.width);
        let down = by(rect.at.y, rect.size.height, seen.at.y, seen.size.height);
        controller.set_camera(camera::panned(&now, Point::new(across, down).times(-now.zoom)));
    }
}
