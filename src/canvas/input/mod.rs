//! Input of the canvas: listeners for pointer, wheel, keys and touch, and what they show while they act.

mod drag;
mod event_target;
mod gesture;
mod hit_test;
mod hover;
mod keys;
mod marquee;
mod pointer;
mod touch;
mod wheel;

use leptos::{ev, prelude::*};
use web_sys::HtmlElement;

use super::controller::CanvasController;
use crate::commands::bulk::Bulk;
use crate::session::Session;
use drag::NodeDrag;
use hover::HoverOutline;
use keys::KeyInput;
use marquee::Marquee;
use pointer::PointerInput;

pub use hover::Hover;
pub use keys::focus_on;
pub use touch::Touch;

/// Listens for input on the canvas, and shows the marquee and the hover outline. To be rendered inside of `Canvas`.
#[component]
pub fn CanvasInput() -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let hover = expect_context::<Hover>();
    let drag = NodeDrag::new(controller, session, expect_context::<Bulk>());
    let pointer = PointerInput::new(controller, session, drag);
    let keys = KeyInput::new(controller, session, pointer);
    controller.canvas.on_load(move |canvas| listen_to_canvas(&canvas, controller, pointer, hover));
    controller.world.on_load(move |world| listen_to_world(&world, controller));
    listen_to_window(keys, hover);
    view! {
        <Marquee rect=pointer.marquee() />
        <HoverOutline />
    }
}

fn listen_to_canvas(canvas: &HtmlElement, controller: CanvasController, pointer: PointerInput, hover: Hover) {
    let listeners = [
        canvas.on(ev::pointerdown, move |event| {
            hover.clear();
            pointer.on_down(&event);
        }),
        canvas.on(ev::pointermove, move |event| {
            hover.on_move(&event);
            pointer.on_move(&event);
        }),
        canvas.on(ev::pointerup, move |event| pointer.on_up(&event)),
        canvas.on(ev::pointercancel, move |_| {
            pointer.cancel();
        }),
        canvas.on(ev::pointerleave, move |_| hover.clear()),
        canvas.on(ev::click, move |event| pointer.on_click(&event)),
        canvas.on(ev::dblclick, move |event| pointer.on_double_click(&event)),
        canvas.on(ev::wheel, move |event| {
            hover.clear();
            wheel::on_wheel(controller, &event);
        }),
    ];
    on_cleanup(move || drop(listeners));
}

fn listen_to_world(world: &HtmlElement, controller: CanvasController) {
    let on_focus = move |event: ev::FocusEvent| {
        if let Some(id) = event_target::workspace_at(event.target().as_ref()) {
            controller.interaction.focused_id.set(Some(id));
        }
    };
    let listener = world.on(ev::focusin, on_focus);
    on_cleanup(move || drop(listener));
}

fn listen_to_window(keys: KeyInput, hover: Hover) {
    let listeners = [
        window_event_listener(ev::keydown, move |event| {
            hover.clear();
            keys.on_key_down(&event);
        }),
        window_event_listener(ev::keyup, move |event| keys.on_key_up(&event)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}
