//! The keyboard's focus when the panel opens and closes: into the panel, and back to the card.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::browser::attribute_selector;
use crate::session::Session;

/// Focuses the selected tab when the panel was opened by the keyboard.
pub(super) fn focus_selected_tab(panel: &HtmlElement) {
    let by_keyboard = document().active_element().is_some_and(|it| it.matches(":focus-visible").unwrap_or(false));
    if by_keyboard {
        focus(panel.query_selector("[role='tab'][aria-selected='true']").ok().flatten());
    }
}

/// Closes the panel. A focus inside it goes back to the card.
pub(super) fn close_panel(session: Session) {
    let was_inside = document().active_element().is_some_and(|it| it.closest(".panel").is_ok_and(|it| it.is_some()));
    let id = session.selection.get_untracked();
    session.close();
    if let Some(id) = id.filter(|_| was_inside) {
        focus(find_card(&id));
    }
}

fn find_card(id: &WorkspaceId) -> Option<Element> {
    document().query_selector(&attribute_selector("data-workspace-id", id.as_str())).ok()?
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
