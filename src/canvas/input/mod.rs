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
use super::landings::Landings;
use super::pressed::Pressed;
use crate::commands::bulk::Bulk;
use crate::session::Session;
use drag::NodeDrag;
use hover::HoverOutline;
use keys::KeyInput;
use marquee::Marquee;
use pointer::PointerInput;

pub(super) use event_target::{closest, workspace_around};
pub use hover::Hover;
pub use keys::focus_on;
pub use touch::Touch;

/// Listens for input on the canvas, and shows the marquee and the hover outline. To be mounted at the end of `canvas`, the
/// element that contains all layers; `world` is the layer of cards.
#[component]
pub fn CanvasInput(canvas: HtmlElement, world: HtmlElement) -> impl IntoView {
    let (session, controller) = (expect_context::<Session>(), expect_context::<CanvasController>());
    let (landings, hover) = (expect_context::<Landings>(), expect_context::<Hover>());
    let drag = NodeDrag::new(controller, session, landings, expect_context::<Bulk>());
    let pointer = PointerInput::new(controller, session, drag);
    let pressed = Pressed::new(controller);
    let on_focus = move |event: ev::FocusEvent| {
        if let Some(id) = event_target::workspace_at(event.target().as_ref()) {
            controller.interaction.focused_id.set(Some(id));
        }
    };
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
        world.on(ev::click, move |event| pressed.press(&event)),
        world.on(ev::focusin, on_focus),
    ];
    let keys = KeyInput::new(controller, session, pointer);
    let window_listeners = [
        window_event_listener(ev::keydown, move |event| {
            hover.clear();
            keys.on_key_down(&event);
        }),
        window_event_listener(ev::keyup, move |event| keys.on_key_up(&event)),
    ];
    on_cleanup(move || {
        drop(listeners);
        window_listeners.into_iter().for_each(|listener| listener.remove());
    });
    Effect::new(move |_| {
        controller.frame_revision().track();
        untrack(|| landings.check());
    });
    view! {
        <Marquee rect=pointer.marquee() />
        <HoverOutline />
    }
}
