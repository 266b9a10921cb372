//! The menu of the workspace under the pointer, or under the keyboard's menu key. Never the browser's own there.

use leptos::{ev, prelude::*};
use orrery_protocol::WorkspaceId;

use super::deeds::deeds;
use crate::canvas::Stage;
use crate::roster::Roster;
use crate::ui::menu::{Menu, MenuItem, Place};

#[component]
pub fn PointerMenu() -> impl IntoView {
    let (roster, stage) = (expect_context::<Roster>(), expect_context::<Stage>());
    let place = RwSignal::new(None);
    let of = StoredValue::new(None::<WorkspaceId>);
    let listener = window_event_listener(ev::contextmenu, move |event| {
        if let Some(id) = stage.meant_by(&event) {
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
    let title = move |()| of.get_value().and_then(|id| roster.name(&id));
    view! { <Menu label="Actions" place=place items=items title=title /> }
}
