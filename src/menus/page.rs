//! What can be done with the page itself: share what is seen, look at a saved state, hear of problems, learn the keys.
//! Never a change to the fleet.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;

use crate::canvas::Stage;
use crate::forms::{Asking, Question};
use crate::live::Live;
use crate::news::{notify_words, toggle};
use crate::session::Session;
use crate::share::{choose, opening, save_picture, save_state};
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem, Place};

/// Made where the contexts are; asked when a menu or the palette opens.
pub fn page_deeds() -> impl Fn() -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let (stage, asking) = (expect_context::<Stage>(), expect_context::<Asking>());
    let open = opening();
    move || {
        vec![
            MenuItem::act(Icon::Screen, "Save a picture of this view", move |()| save_picture(live, session)),
            MenuItem::act(Icon::Copy, "Save the state as JSON", move |()| save_state(stage, live, session)),
            MenuItem::act(Icon::Open, "Open a saved state…", move |()| choose(open)),
            MenuItem::Line,
            MenuItem::act(Icon::Live, notify_words(session), move |()| toggle(session)),
            MenuItem::act(Icon::Keys, "Keys", move |()| asking.ask(Question::Keys)),
        ]
    }
}

#[component]
pub fn PageMenu() -> impl IntoView {
    let place = RwSignal::new(None);
    let open = move |event: MouseEvent| {
        let button = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        place.set(button.as_ref().map(Place::below));
    };
    let deeds = page_deeds();
    let items = move |()| -> Vec<MenuItem> { deeds() };
    view! {
        <IconButton icon=Icon::Dots label="Share, notify, keys" on_press=open />
        <Menu label="This page" place=place items=items />
    }
}
