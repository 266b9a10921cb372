//! The menu of the workspace under the pointer, or under the keyboard's menu key. Never the browser's own there.

use leptos::{ev, prelude::*};
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::deeds::deeds;
use crate::roster::Roster;
use crate::ui::menu::{Menu, MenuItem, Place};

#[component]
pub fn PointerMenu() -> impl IntoView {
    let roster = expect_context::<Roster>();
    let place = RwSignal::new(None);
    let of = StoredValue::new(None::<WorkspaceId>);
    let listener = window_event_listener(ev::contextmenu, move |event| {
        if let Some(id) = workspace_at(&event) {
            event.prevent_default();
            of.set_value(Some(id));
            place.set(Some(Place { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }));
        }
    });
    on_cleanup(move || listener.remove());
    let deeds = deeds();
    let items = move |()| -> Vec<MenuItem> {
        let workspace = of.get_value().and_then(|id| roster.get(&id));
        workspace.map(|workspace| deeds(&workspace)).unwrap_or_default()
    };
    view! { <Menu label="Actions" place=place items=items /> }
}

fn workspace_at(event: &MouseEvent) -> Option<WorkspaceId> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest("[data-workspace-id]").ok()??.get_attribute("data-workspace-id")?.parse().ok()
}
