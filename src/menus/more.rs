//! The button with the dots and its menu. Never which workspace.

use leptos::{ev::MouseEvent, prelude::*};
use orrery_protocol::Workspace;
use wasm_bindgen::JsCast;

use super::commands::workspace_menu_items;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem, Place};

/// `of` answers for which workspace at the time of the press.
#[component]
pub fn MoreMenu(#[prop(into)] of: Callback<(), Option<Workspace>>) -> impl IntoView {
    let place = RwSignal::new(None);
    let open = move |event: MouseEvent| {
        let button = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        place.set(button.as_ref().map(Place::below));
    };
    let commands = workspace_menu_items();
    let items = move |()| -> Vec<MenuItem> { of.run(()).map(|workspace| commands(&workspace)).unwrap_or_default() };
    view! {
        <IconButton icon=Icon::Dots label="More actions" on_press=open />
        <Menu label="Actions" place=place items=items />
    }
}
