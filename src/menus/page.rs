//! The menu of the page: export and open its state, notifications, keyboard shortcuts.

use leptos::{ev::MouseEvent, prelude::*};

use crate::a11y::announcer::{notification_label, toggle_notifications};
use crate::canvas::CanvasController;
use crate::commands::Commands;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::Session;
use crate::share::{choose_file, save_image, save_state, use_open_state};
use crate::store::StoreSignals;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem, Place};

/// Returns a function that makes the items. It is made where the contexts are, and called when a menu or the palette opens.
pub fn page_menu_items() -> impl Fn() -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let (controller, dialogs) = (expect_context::<CanvasController>(), expect_context::<Dialogs>());
    let open = use_open_state();
    let commands = expect_context::<Commands>();
    move || {
        let tidy_up = move |()| dialogs.open(DialogRequest::TidyUp { team: None });
        vec![
            MenuItem::act(Icon::Screen, "Save view as image", move |()| save_image(signals, session)),
            MenuItem::act(Icon::Copy, "Save state as JSON", move |()| save_state(controller, signals, session)),
            MenuItem::act(Icon::TidyUp, "Tidy up everything…", tidy_up).enabled(commands.can_tidy_up()),
            MenuItem::act(Icon::Open, "Open saved state…", move |()| choose_file(open)),
            MenuItem::Line,
            MenuItem::act(Icon::Live, notification_label(session), move |()| toggle_notifications(session)),
            MenuItem::act(Icon::Keys, "Keyboard shortcuts", move |()| dialogs.open(DialogRequest::Shortcuts)),
        ]
    }
}

#[component]
pub fn PageMenu() -> impl IntoView {
    let place = RwSignal::new(None);
    let open = move |event: MouseEvent| place.set(Place::below_target(&event));
    let make_items = page_menu_items();
    let items = move |()| -> Vec<MenuItem> { make_items() };
    view! {
        <IconButton icon=Icon::Dots label="Menu" on_press=open />
        <Menu label="Page" place=place items=items />
    }
}
