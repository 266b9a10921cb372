//! The context menu of a workspace on the canvas, at the pointer or by the menu key.

use leptos::{ev, prelude::*};
use orrery_protocol::WorkspaceId;

use super::workspace::workspace_menu_items;
use crate::canvas::CanvasController;
use crate::store::Directory;
use crate::ui::menu::{Menu, MenuItem, Place};

#[component]
pub fn PointerMenu() -> impl IntoView {
    let (directory, controller) = (expect_context::<Directory>(), expect_context::<CanvasController>());
    let place = RwSignal::new(None);
    let of = StoredValue::new(None::<WorkspaceId>);
    let listener = window_event_listener(ev::contextmenu, move |event| {
        if let Some(id) = controller.workspace_of_event(&event) {
            event.prevent_default();
            of.set_value(Some(id));
            place.set(Some(Place { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }));
        }
    });
    on_cleanup(move || listener.remove());
    let items_of = workspace_menu_items();
    let items = move |()| -> Vec<MenuItem> {
        let workspace = of.get_value().and_then(|id| directory.get(&id));
        workspace.map(|workspace| items_of(&workspace)).unwrap_or_default()
    };
    let title = move |()| of.get_value().and_then(|id| directory.name(&id));
    view! { <Menu label="Actions" place=place items=items title=title /> }
}
