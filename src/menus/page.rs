//! What can be done with the page itself: share what is seen, look at a saved state, hear of problems, learn the keys.
//! Never a change to the fleet.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;

use crate::a11y::announcer::{notify_words, toggle};
use crate::canvas::CanvasController;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::Session;
use crate::share::{choose_file, save_image, save_state, use_open_state};
use crate::store::StoreSignals;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem, Place};

/// Made where the contexts are; asked when a menu or the palette opens.
pub fn page_menu_items() -> impl Fn() -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let (controller, dialogs) = (expect_context::<CanvasController>(), expect_context::<Dialogs>());
    let open = use_open_state();
    move || {
        vec![
            MenuItem::act(Icon::Screen, "Save a picture of this view", move |()| save_image(signals, session)),
            MenuItem::act(Icon::Copy, "Save the state as JSON", move |()| save_state(controller, signals, session)),
            MenuItem::act(Icon::Open, "Open a saved state…", move |()| choose_file(open)),
            MenuItem::Line,
            MenuItem::act(Icon::Live, notify_words(session), move |()| toggle(session)),
            MenuItem::act(Icon::Keys, "Keys", move |()| dialogs.ask(DialogRequest::Keys)),
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
    let commands = page_menu_items();
    let items = move |()| -> Vec<MenuItem> { commands() };
    view! {
        <IconButton icon=Icon::Dots label="Share, notify, keys" on_press=open />
        <Menu label="This page" place=place items=items />
    }
}
