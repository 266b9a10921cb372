//! A tooltip with the full text of truncated elements, on hover and on focus. There is one for the whole page.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

#[derive(Debug, Clone, PartialEq)]
struct Shown {
    text: String,
    left: f64,
    top: f64,
}

/// Shows the attribute `data-full` of the hovered or focused element, or of the first such element inside the focused one.
/// An empty attribute stands for the text that the element contains.
#[component]
pub fn Tooltip() -> impl IntoView {
    let shown = RwSignal::new(None::<Shown>);
    let bubble = NodeRef::<html::Div>::new();
    let listeners = [
        window_event_listener(ev::pointerover, move |event| {
            shown.set(hovered(event.target()).and_then(|it| tooltip_of(&it)))
        }),
        // Two frames later, when the camera may have moved it into view.
        window_event_listener(ev::focusin, move |_| {
            let show = move || shown.set(focused(document().active_element()).and_then(|it| tooltip_of(&it)));
            request_animation_frame(move || request_animation_frame(show));
        }),
        window_event_listener(ev::keydown, move |_| shown.set(None)),
        window_event_listener(ev::focusout, move |_| shown.set(None)),
        window_event_listener(ev::pointerdown, move |_| shown.set(None)),
        window_event_listener(ev::wheel, move |_| shown.set(None)),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    // Keeps the tooltip inside the window.
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

/// Returns the tooltip of an element, or None if its text is not truncated.
fn tooltip_of(element: &Element) -> Option<Shown> {
    let is_cut =
        element.scroll_width() > element.client_width() || element.scroll_height() > element.client_height() + 1;
    let text = element.get_attribute("data-full").filter(|text| !text.is_empty()).or_else(|| element.text_content());
    let text = text.filter(|text| is_cut && !text.is_empty())?;
    let at = element.get_bounding_client_rect();
    Some(Shown { text, left: at.left(), top: at.bottom() })
}
