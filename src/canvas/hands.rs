//! Gives the canvas its hands: pointer, wheel, keys and the buttons on cards. Comes after the first picture. Never what they mean.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::hand::Hand;
use super::hover::{self, Hover};
use super::keys;
use super::pointer::{Pointer, workspace_at};
use super::pressed::Pressed;
use super::view::Layers;
use crate::commands::bulk::Bulk;
use crate::session::Session;
use crate::ui::kept::{child, hear, keep};
use crate::ui::written::Part;

pub fn give_hands(layers: &Layers) {
    let session = expect_context::<Session>();
    let Layers { canvas, world, controller } = layers;
    let controller = *controller;
    let hand = Hand::new(controller, session, expect_context::<Bulk>());
    let pointer = Pointer::new(controller, hand, session);
    let pressed = Pressed::new(controller);
    show_marquee(canvas, pointer);
    hover::listen(canvas, expect_context::<Hover>());
    hear(canvas, "pointerdown", move |event| pointer.down(event.unchecked_ref()));
    hear(canvas, "pointermove", move |event| pointer.moved(event.unchecked_ref()));
    hear(canvas, "pointerup", move |event| pointer.up(event.unchecked_ref()));
    hear(canvas, "pointercancel", move |_| pointer.cancelled());
    hear(canvas, "click", move |event| pointer.clicked(event.unchecked_ref()));
    hear(canvas, "dblclick", move |event| pointer.double_clicked(event.unchecked_ref()));
    hear(canvas, "wheel", move |event| pointer.wheeled(event.unchecked_ref()));
    hear(world, "click", move |event| pressed.press(event.unchecked_ref()));
    hear(world, "focusin", move |event| {
        if let Some(id) = workspace_at(event.target().as_ref()) {
            controller.focused.set(Some(id));
        }
    });
    hear(&window(), "keydown", move |event| keys::pressed(event.unchecked_ref(), controller, session, pointer));
    hear(&window(), "keyup", move |event| {
        if event.unchecked_ref::<KeyboardEvent>().key() == " " {
            controller.space.set(false);
        }
    });
}

fn show_marquee(canvas: &web_sys::HtmlElement, pointer: Pointer) {
    keep(child(canvas, "div"), move || {
        let rect = pointer.marquee.get();
        let part = Part::new("div", "marquee").flag("hidden", rect.is_none());
        let rect = rect.unwrap_or_default();
        part.style("transform", format!("translate({}px, {}px)", rect.at.x, rect.at.y))
            .style("width", format!("{}px", rect.size.width))
            .style("height", format!("{}px", rect.size.height))
    });
}
