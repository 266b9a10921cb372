//! The wheel and the touchpad: scrolling pans, with Ctrl or a pinch it zooms around the pointer.

use web_sys::WheelEvent;

use super::event_target::local_point;
use crate::canvas::controller::CanvasController;
use orrery_layout::{Point, camera};

/// The most that one event zooms: a notch of a mouse wheel is a large step, a pinch comes in small ones.
const MAX_ZOOM_DELTA: f64 = 24.0;
/// In CSS pixels, for browsers that scroll by lines.
const LINE_HEIGHT: f64 = 16.0;

pub(super) fn on_wheel(controller: CanvasController, event: &WheelEvent) {
    event.prevent_default();
    let scale = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE_HEIGHT };
    let (dx, dy) = (event.delta_x() * scale, event.delta_y() * scale);
    let camera = controller.camera();
    controller.move_camera(match event.ctrl_key() || event.meta_key() {
        true => {
            let factor = js_sys::Math::pow(2.0, -dy.clamp(-MAX_ZOOM_DELTA, MAX_ZOOM_DELTA) * 0.01);
            camera::zoomed(&camera, factor, local_point(event))
        }
        false => camera::panned(&camera, Point::new(-dx, -dy)),
    });
}
