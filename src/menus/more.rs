//! The button with three dots that opens the menu of a workspace.

use leptos::{ev::MouseEvent, prelude::*};
use orrery_protocol::Workspace;

use super::workspace::workspace_menu_items;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::menu::{Menu, MenuItem, Place};

/// `of` returns the workspace that the menu is about when it opens.
#[component]
pub fn MoreMenu(#[prop(into)] of: Callback<(), Option<Workspace>>) -> impl IntoView {
    let place = RwSignal::new(None);
    let open = move |event: MouseEvent| place.set(Place::below_target(&event));
    let items_of = workspace_menu_items();
    let items = move |()| -> Vec<MenuItem> { of.run(()).map(|workspace| items_of(&workspace)).unwrap_or_default() };
    view! {
        <IconButton icon=Icon::Dots label="More actions" on_press=open />
        <Menu label="Actions" place=place items=items />
    }
}
