//! The browser's address says what is looked at, and a page that is opened with one looks there. Never a step of the history.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::address::Shared;
use crate::canvas::CanvasController;
use crate::session::{PanelTab, Session, ToastKind};
use crate::store::StoreSignals;
use orrery_client::{ConnectionStatus, StopReason};
use orrery_layout::{Point, camera};

/// The address is written when the view has come to rest: browsers allow only so many changes.
const RESTS: Duration = Duration::from_millis(300);

#[component]
pub fn CopyLink() -> impl IntoView {
    let (signals, session, controller) =
        (expect_context::<StoreSignals>(), expect_context::<Session>(), expect_context::<CanvasController>());
    let is_restored = StoredValue::new(false);
    let changes = StoredValue::new(0u64);
    Effect::new(move |_| {
        // Not before all of it is there: what is on its way is not unknown.
        let is_whole = signals
            .connection
            .with(|it| matches!(it, ConnectionStatus::Live | ConnectionStatus::Stopped { reason: StopReason::Saved }));
        if is_whole && signals.loaded.get() && !is_restored.get_value() {
            is_restored.set_value(true);
            untrack(|| restore(session, controller));
        }
    });
    Effect::new(move |_| {
        session.viewport.track();
        session.selection.track();
        session.panels.tab.track();
        session.filter.track();
        changes.update_value(|changes| *changes += 1);
        let mine = changes.get_value();
        let write = move || {
            if changes.try_get_value() == Some(mine) && is_restored.get_value() {
                write(session, controller);
            }
        };
        set_timeout(write, RESTS);
    });
    // Somebody pasted a link into this very tab.
    let listener = window_event_listener(ev::hashchange, move |_| restore(session, controller));
    on_cleanup(move || listener.remove());
}

fn restore(session: Session, controller: CanvasController) {
    let text = window().location().hash().unwrap_or_default();
    let shared = Shared::read(&text, |it| js_sys::decode_uri_component(it).ok().map(String::from));
    if !shared.strange.is_empty() {
        let words = format!("This page does not understand “{}” in the link", shared.strange.join("&"));
        session.toast(ToastKind::Error, words, None);
    }
    if !shared.filter.is_empty() {
        session.filter.set(shared.filter);
    }
    if let Some(id) = shared.selection {
        let is_known = controller.store.with_value(|store| store.canvas().find(&id).is_some());
        if !is_known {
            let words = format!(
                "The link shows the workspace {id}, which is not here: it was removed, or it is another server's"
            );
            session.toast(ToastKind::Error, words, None);
        }
        session.selection.set(Some(id));
        if let Some(tab) = shared.tab {
            session.panels.tab.set(Some(tab));
        }
    }
    let Some((middle, zoom)) = shared.at else { return };
    // The panel that was just opened takes its part of the window first.
    let zoom = zoom.clamp(camera::LEAST_ZOOM, camera::MOST_ZOOM);
    let look = move || controller.aim(camera::centred(middle, zoom, controller.window()));
    look();
    request_animation_frame(move || request_animation_frame(look));
}

fn write(session: Session, controller: CanvasController) {
    let tab: Option<PanelTab> = session.panels.tab.get_untracked();
    let selection = session.selection.get_untracked();
    let window_size = controller.window();
    let now = controller.camera();
    let middle = camera::to_world(&now, Point::new(window_size.width / 2.0, window_size.height / 2.0));
    let shared = Shared {
        // A canvas that nobody moved fits itself into any window.
        at: controller.is_aimed().then_some((middle, now.zoom)),
        tab: tab.filter(|_| selection.is_some()),
        selection,
        filter: session.filter.get_untracked(),
        strange: Vec::new(),
    };
    let text = shared.write(|it| String::from(js_sys::encode_uri_component(it)));
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let address = if text.is_empty() { path } else { format!("{path}#{text}") };
    if let Ok(history) = window().history() {
        // A browser that does not allow it leaves the address as it was.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}
