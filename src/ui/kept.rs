//! Elements and effects that stay as long as their owner: made, written and heard without a type of their own each. For the
//! first picture, every kilobyte of which is waited for; whatever comes later is a view. Never what an element means.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, Event, EventTarget, HtmlElement};

use super::written::{Part, Written};

/// A new last child.
pub fn child(parent: &Element, tag: &str) -> HtmlElement {
    let element = document().create_element(tag).expect_throw("a tag is a name");
    // A fresh element can stand anywhere.
    let _ = parent.append_child(&element);
    element.unchecked_into()
}

/// Written now, and again whenever what `part` reads changes. What others put into the element stays behind its parts.
pub fn keep(element: HtmlElement, part: impl Fn() -> Part + 'static) {
    hold(RenderEffect::new(writing(element, Box::new(part))));
}

/// As `keep`, as long as the answer is held.
pub fn written(element: HtmlElement, part: impl Fn() -> Part + 'static) -> RenderEffect<Written> {
    RenderEffect::new(writing(element, Box::new(part)))
}

/// Done now, and again whenever what it reads changes.
pub fn watch(act: impl Fn() + 'static) {
    watch_boxed(Box::new(act));
}

/// Input as long as the page is there.
pub fn hear(target: &EventTarget, event: &str, act: impl Fn(Event) + 'static) {
    hear_boxed(target, event, Box::new(act));
}

fn writing(element: HtmlElement, part: Box<dyn Fn() -> Part>) -> impl FnMut(Option<Written>) -> Written {
    move |written| match written {
        Some(mut written) => {
            written.write(part());
            written
        }
        None => Written::on(element.clone(), part()),
    }
}

fn watch_boxed(act: Box<dyn Fn()>) {
    hold(RenderEffect::new(move |_: Option<()>| act()));
}

fn hear_boxed(target: &EventTarget, event: &str, act: Box<dyn Fn(Event)>) {
    let listener = Closure::<dyn Fn(Event)>::wrap(act).into_js_value();
    // A function is a listener.
    let _ = target.add_event_listener_with_callback(event, listener.unchecked_ref());
}

fn hold<T: 'static>(effect: RenderEffect<T>) {
    StoredValue::new_local(effect);
}
