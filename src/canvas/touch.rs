//! What a finger needs besides pan, pinch and tap (`canvas`): the menu by a long press.
//! Never what the menu does.

use std::time::Duration;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, MouseEventInit, PointerEvent, PointerEventInit};

use crate::canvas::{CanvasController, point_of};
use orrery_layout::Point;

/// As long as the systems' own.
const LONG: Duration = Duration::from_millis(500);
/// A finger is never quite still.
const TREMBLES: f64 = 10.0;

#[derive(Clone, Copy, PartialEq)]
struct Press {
    number: u64,
    pointer: i32,
    x: f64,
    y: f64,
}

#[component]
pub fn Touch() -> impl IntoView {
    long_press();
    no_ghost_click();
}

fn long_press() {
    let controller = expect_context::<CanvasController>();
    let press = StoredValue::new(None::<Press>);
    let count = StoredValue::new(0u64);
    let is_other = move |event: &PointerEvent| press.get_value().is_none_or(|it| it.pointer != event.pointer_id());
    let end = move |event: &PointerEvent| {
        if !is_other(event) {
            press.set_value(None);
        }
    };
    let listeners = [
        window_event_listener(ev::pointerdown, move |event| {
            // A second finger means something else.
            let is_first = press.get_value().is_none();
            press.set_value(None);
            let is_touch = is_first && event.pointer_type() == "touch";
            let pressed = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            let pressed = pressed.filter(|_| is_touch && controller.meant_by(&event).is_some());
            let Some(pressed) = pressed else { return };
            count.update_value(|count| *count += 1);
            let Point { x, y } = point_of(&event);
            let mine = Press { number: count.get_value(), pointer: event.pointer_id(), x, y };
            press.set_value(Some(mine));
            let hold = move || {
                if press.get_value() == Some(mine) {
                    press.set_value(None);
                    open_menu(&pressed, mine);
                }
            };
            set_timeout(hold, LONG);
        }),
        window_event_listener(ev::pointermove, move |event| {
            let far = |it: Press| (it.x - f64::from(event.client_x())).hypot(it.y - f64::from(event.client_y()));
            if press.get_value().is_some_and(|it| it.pointer == event.pointer_id() && far(it) > TREMBLES) {
                press.set_value(None);
            }
        }),
        window_event_listener(ev::pointerup, move |event| end(&event)),
        window_event_listener(ev::pointercancel, move |event| end(&event)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}

/// After a tap browsers send a click to whatever lies there by then: a panel that has just opened, and its buttons.
fn no_ghost_click() {
    let listener = window_event_listener_untyped("touchend", |event| {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let is = |selector: &str| target.as_ref().is_some_and(|it| it.closest(selector).is_ok_and(|it| it.is_some()));
        if is(".canvas") && !is("button, a, input") && event.cancelable() {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// As the browser's own long press does where it has one; lifting the finger is then no tap.
fn open_menu(pressed: &Element, at: Press) {
    let over = PointerEventInit::new();
    over.set_pointer_id(at.pointer);
    over.set_bubbles(true);
    if let Ok(event) = PointerEvent::new_with_event_init_dict("pointercancel", &over) {
        let _ = pressed.dispatch_event(&event);
    }
    let asked = MouseEventInit::new();
    asked.set_bubbles(true);
    asked.set_cancelable(true);
    // As of a mouse: it means what lies there.
    asked.set_button(2);
    asked.set_client_x(at.x as i32);
    asked.set_client_y(at.y as i32);
    if let Ok(event) = MouseEvent::new_with_mouse_event_init_dict("contextmenu", &asked) {
        let _ = pressed.dispatch_event(&event);
    }
}
