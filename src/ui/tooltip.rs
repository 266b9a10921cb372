//! The whole of a text that is cut off, at the pointer and at the focus. One for the page, so that a card costs nothing.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

#[derive(Debug, Clone, PartialEq)]
struct Shown {
    text: String,
    left: f64,
    top: f64,
}

/// Watches elements with `data-full` (their whole text) below the page's root; a focused element shows the first one inside it.
#[component]
pub fn Tooltip() -> impl IntoView {
    let shown = RwSignal::new(None::<Shown>);
    let bubble = NodeRef::<html::Div>::new();
    let listeners = [
        window_event_listener(ev::pointerover, move |event| {
            shown.set(hovered(event.target()).and_then(|it| full(&it)))
        }),
        // Where it stands when the camera has brought it into sight.
        window_event_listener(ev::focusin, move |_| {
            let show = move || shown.set(focused(document().active_element()).and_then(|it| full(&it)));
            request_animation_frame(move || request_animation_frame(show));
        }),
        window_event_listener(ev::keydown, move |_| shown.set(None)),
        window_event_listener(ev::focusout, move |_| shown.set(None)),
        window_event_listener(ev::pointerdown, move |_| shown.set(None)),
        window_event_listener(ev::wheel, move |_| shown.set(None)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    // Beside the edge of the window there is no room: push it back inside.
    Effect::new(move |_| {
        let (Some(it), Some(bubble)) = (shown.get(), bubble.get()) else { return };
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(f64::INFINITY);
        let left = it.left.min(width - bubble.get_bounding_client_rect().width()).max(0.0);
        let _ = HtmlElement::style(&bubble).set_property("left", &format!("{left}px"));
    });
    move || {
        shown.get().map(|it| {
            view! {
                <div
                    class="tooltip"
                    role="tooltip"
                    node_ref=bubble
                    style:left=format!("{}px", it.left)
                    style:top=format!("{}px", it.top)
                >
                    {it.text}
                </div>
            }
        })
    }
}

fn hovered(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-full]").ok()?
}

fn focused(target: Option<Element>) -> Option<Element> {
    let target = target?;
    let seen = target.matches(":focus-visible").unwrap_or(false);
    if target.has_attribute("data-full") {
        return seen.then_some(target);
    }
    target.query_selector("[data-full]").ok().flatten().filter(|_| seen)
}

/// Only what does not fit needs a second place.
fn full(element: &Element) -> Option<Shown> {
    let is_cut =
        element.scroll_width() > element.client_width() || element.scroll_height() > element.client_height() + 1;
    let text = element.get_attribute("data-full").filter(|text| is_cut && !text.is_empty())?;
    let at = element.get_bounding_client_rect();
    Some(Shown { text, left: at.left(), top: at.bottom() })
}
