//! A context menu: arrow keys, Home and End move, Esc and a press outside close it, and the focus returns to where it was.

use leptos::{ev, ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::icon::{Glyph, Icon};

/// The position at which a menu opens, in CSS pixels relative to the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
}

impl Place {
    /// Returns the position below an element, such as the button that opens the menu.
    pub fn below(element: &web_sys::Element) -> Self {
        let at = element.get_bounding_client_rect();
        Self { x: at.left(), y: at.bottom() }
    }

    /// Under the element whose listener received the event.
    pub fn below_target(event: &web_sys::MouseEvent) -> Option<Self> {
        let element = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())?;
        Some(Self::below(&element))
    }
}

#[derive(Clone)]
pub enum MenuItem {
    Act { icon: Option<Icon>, words: String, danger: bool, enabled: bool, act: Callback<()> },
    Line,
}

impl MenuItem {
    pub fn act(icon: Icon, words: impl Into<String>, act: impl Fn(()) + Send + Sync + 'static) -> Self {
        Self::Act { icon: Some(icon), words: words.into(), danger: false, enabled: true, act: Callback::new(act) }
    }

    pub fn danger(self) -> Self {
        match self {
            Self::Act { icon, words, enabled, act, .. } => Self::Act { icon, words, danger: true, enabled, act },
            line => line,
        }
    }

    pub fn enabled(self, enabled: bool) -> Self {
        match self {
            Self::Act { icon, words, danger, act, .. } => Self::Act { icon, words, danger, enabled, act },
            line => line,
        }
    }
}

/// Open while `place` is Some. `items` runs each time it opens.
#[component]
pub fn Menu(
    label: &'static str,
    place: RwSignal<Option<Place>>,
    #[prop(into)] items: Callback<(), Vec<MenuItem>>,
    /// The heading, which names what the items apply to.
    #[prop(optional, into)]
    title: Option<Callback<(), Option<String>>>,
) -> impl IntoView {
    let title = move || title.and_then(|title| title.run(()));
    move || place.get().map(|at| view! { <OpenMenu label=label title=title() at=at items=items.run(()) place=place /> })
}

#[component]
fn OpenMenu(
    label: &'static str,
    title: Option<String>,
    at: Place,
    items: Vec<MenuItem>,
    place: RwSignal<Option<Place>>,
) -> impl IntoView {
    let spoken = title.as_ref().map_or(label.to_owned(), |title| format!("{label}: {title}"));
    let menu = NodeRef::<html::Div>::new();
    let previous_focus =
        StoredValue::new_local(document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok()));
    Effect::new(move |_| {
        if let Some(menu) = menu.get() {
            keep_inside(&menu, at);
            focus(&menu, 0);
        }
    });
    let close = move || {
        previous_focus.with_value(|element| drop(element.as_ref().map(HtmlElement::focus)));
        place.set(None);
    };
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        if menu.get_untracked().is_some_and(|menu| !menu.contains(target.as_ref())) {
            place.set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let on_key = move |event: KeyboardEvent| {
        let Some(menu) = menu.get_untracked() else { return };
        let count = entries(&menu).len() as i32;
        let now = focused(&menu);
        match event.key().as_str() {
            "ArrowDown" => focus(&menu, (now + 1).rem_euclid(count.max(1))),
            "ArrowUp" => focus(&menu, (now - 1).rem_euclid(count.max(1))),
            "Home" => focus(&menu, 0),
            "End" => focus(&menu, count - 1),
            "Escape" | "Tab" => close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let items = items.into_iter().map(|item| match item {
        MenuItem::Line => view! { <div class="menu-line" role="separator"></div> }.into_any(),
        MenuItem::Act { icon, words, danger, enabled, act } => view! {
            <button
                type="button"
                class="menu-item"
                role="menuitem"
                tabindex="-1"
                data-variant=danger.then_some("danger")
                disabled=!enabled
                on:click=move |_| {
                    close();
                    act.run(());
                }
            >
                {icon.map(|icon| view! { <Glyph icon=icon /> })}
                {words}
            </button>
        }
        .into_any(),
    });
    view! {
        <div
            class="menu"
            role="menu"
            aria-label=spoken
            tabindex="-1"
            node_ref=menu
            style:left=format!("{}px", at.x)
            style:top=format!("{}px", at.y)
            on:keydown=on_key
            on:contextmenu=|event| event.prevent_default()
        >
            {title.map(|title| {
                view! { <p class="menu-title" role="presentation" data-full=title.clone()>{title.clone()}</p> }
            })}
            {items.collect_view()}
        </div>
    }
}

fn entries(menu: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("[role='menuitem']:not(:disabled)") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn focused(menu: &HtmlElement) -> i32 {
    let active = document().active_element();
    let at = entries(menu).iter().position(|entry| active.as_deref() == Some(entry.as_ref()));
    at.map_or(-1, |at| at as i32)
}

fn focus(menu: &HtmlElement, index: i32) {
    match entries(menu).get(index.max(0) as usize) {
        Some(entry) => drop(entry.focus()),
        None => drop(menu.focus()),
    }
}

/// Distance to the edge of the window, in CSS pixels.
const MARGIN: f64 = 8.0;

fn keep_inside(menu: &HtmlElement, at: Place) {
    let size = menu.get_bounding_client_rect();
    let of = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|it| it.as_f64()).unwrap_or(f64::INFINITY);
    let left = at.x.min(of(window().inner_width()) - size.width() - MARGIN).max(MARGIN);
    let top = at.y.min(of(window().inner_height()) - size.height() - MARGIN).max(MARGIN);
    let style = menu.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
}
