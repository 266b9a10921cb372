//! Touch input besides pan, pinch and tap: the context menu by a long press.

use std::time::Duration;

use leptos::{ev, prelude::*};
use web_sys::{EventTarget, MouseEvent, MouseEventInit, PointerEvent, PointerEventInit};

use super::event_target::{closest, window_point};
use crate::canvas::controller::CanvasController;
use orrery_layout::Point;

/// As long as in mobile operating systems.
const LONG_PRESS: Duration = Duration::from_millis(500);
/// A finger that moves further than this many CSS pixels is not a long press.
const MOVE_TOLERANCE: f64 = 10.0;

/// A finger that may become a long press.
#[derive(Clone, Copy, PartialEq)]
struct Press {
    number: u64,
    pointer_id: i32,
    point: Point,
}

#[component]
pub fn Touch() -> impl IntoView {
    listen_for_long_press();
    prevent_clicks_after_tap();
}

fn listen_for_long_press() {
    let controller = expect_context::<CanvasController>();
    let press = StoredValue::new(None::<Press>);
    let count = StoredValue::new(0u64);
    let is_pressed_by =
        move |event: &PointerEvent| press.get_value().is_some_and(|press| press.pointer_id == event.pointer_id());
    let end = move |event: &PointerEvent| {
        if is_pressed_by(event) {
            press.set_value(None);
        }
    };
    let on_down = move |event: PointerEvent| {
        // A second finger makes it a pinch.
        let is_first = press.get_value().is_none();
        press.set_value(None);
        let is_touch = is_first && event.pointer_type() == "touch";
        let target = closest(event.target().as_ref(), "*");
        let target = target.filter(|_| is_touch && controller.workspace_of_event(&event).is_some());
        let Some(target) = target else { return };
        count.update_value(|count| *count += 1);
        let (number, pointer_id) = (count.get_value(), event.pointer_id());
        let own = Press { number, pointer_id, point: window_point(&event) };
        press.set_value(Some(own));
        let open = move || {
            if press.get_value() == Some(own) {
                press.set_value(None);
                open_context_menu(&target, own);
            }
        };
        set_timeout(open, LONG_PRESS);
    };
    let on_move = move |event: PointerEvent| {
        let is_far = |press: Press| press.point.distance(window_point(&event)) > MOVE_TOLERANCE;
        if is_pressed_by(&event) && press.get_value().is_some_and(is_far) {
            press.set_value(None);
        }
    };
    let listeners = [
        window_event_listener(ev::pointerdown, on_down),
        window_event_listener(ev::pointermove, on_move),
        window_event_listener(ev::pointerup, move |event| end(&event)),
        window_event_listener(ev::pointercancel, move |event| end(&event)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}

/// After a tap browsers send a click to whatever lies there by then, such as a button of the panel that the tap opened.
fn prevent_clicks_after_tap() {
    let listener = window_event_listener_untyped("touchend", |event| {
        let is_within = |selector: &str| closest(event.target().as_ref(), selector).is_some();
        if is_within(".canvas") && !is_within("button, a, input") && event.cancelable() {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Sends the events that browsers with a long press of their own send: the pointer is cancelled, so that lifting the finger is
/// not a tap, and the context menu is requested.
fn open_context_menu(target: &EventTarget, press: Press) {
    let cancel = PointerEventInit::new();
    cancel.set_pointer_id(press.pointer_id);
    cancel.set_bubbles(true);
    if let Ok(event) = PointerEvent::new_with_event_init_dict("pointercancel", &cancel) {
        // Fails only for an event that is being dispatched already.
        let _ = target.dispatch_event(&event);
    }
    let menu = MouseEventInit::new();
    menu.set_bubbles(true);
    menu.set_cancelable(true);
    // The secondary button of a mouse: the menu is about what lies under the pointer.
    menu.set_button(2);
    menu.set_client_x(press.point.x as i32);
    menu.set_client_y(press.point.y as i32);
    if let Ok(event) = MouseEvent::new_with_mouse_event_init_dict("contextmenu", &menu) {
        // As above.
        let _ = target.dispatch_event(&event);
    }
}
