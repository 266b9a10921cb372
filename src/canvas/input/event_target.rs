//! Reads from browser events which element, workspace and point they are about.

use js_sys::Reflect;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, MouseEvent};

use orrery_layout::Point;

/// Returns the nearest element around the target, or the target itself, that matches the selector.
pub fn closest(target: Option<&EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_ref::<Element>()?.closest(selector).ok()?
}

/// Returns the workspace that the target is the element of.
pub fn workspace_at(target: Option<&EventTarget>) -> Option<WorkspaceId> {
    target?.dyn_ref::<Element>()?.get_attribute("data-workspace-id")?.parse().ok()
}

/// Returns the workspace that the target is the element of or lies in.
pub fn workspace_around(target: Option<&EventTarget>) -> Option<WorkspaceId> {
    closest(target, "[data-workspace-id]")?.get_attribute("data-workspace-id")?.parse().ok()
}

/// Returns where an event happened in CSS pixels of the window. The bindings cut off the fractions, and a workspace may be two
/// pixels high.
pub fn window_point(event: &MouseEvent) -> Point {
    let read = |name: &str| Reflect::get(event, &name.into()).ok().and_then(|value| value.as_f64());
    Point::new(read("clientX").unwrap_or_default(), read("clientY").unwrap_or_default())
}

/// Returns where an event happened in CSS pixels of the element that listens for it.
pub fn local_point(event: &MouseEvent) -> Point {
    let point = window_point(event);
    match event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        Some(element) => {
            let rect = element.get_bounding_client_rect();
            point.minus(Point::new(rect.left(), rect.top()))
        }
        None => point,
    }
}
