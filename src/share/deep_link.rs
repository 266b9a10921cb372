//! Keeps the fragment of the page's URL in step with the view, and restores the view from it.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::shared_view::SharedView;
use crate::canvas::CanvasController;
use crate::session::{PanelTab, Session, ToastKind};
use crate::store::StoreSignals;
use orrery_client::{ConnectionStatus, StopReason};
use orrery_layout::{Point, camera};

/// Browsers limit how often the URL may change, so it is written when the view has not changed for this long.
const WRITE_DELAY: Duration = Duration::from_millis(300);

#[component]
pub fn DeepLink() -> impl IntoView {
    let (signals, session, controller) =
        (expect_context::<StoreSignals>(), expect_context::<Session>(), expect_context::<CanvasController>());
    let is_restored = StoredValue::new(false);
    let changes = StoredValue::new(0u64);
    Effect::new(move |_| {
        // The linked workspace may still be loading.
        let is_loaded = signals
            .connection
            .with(|it| matches!(it, ConnectionStatus::Live | ConnectionStatus::Stopped { reason: StopReason::Saved }));
        if is_loaded && signals.loaded.get() && !is_restored.get_value() {
            is_restored.set_value(true);
            untrack(|| restore(session, controller));
        }
    });
    Effect::new(move |_| {
        session.viewport.track();
        session.selection.track();
        session.panel.track();
        session.filter.track();
        changes.update_value(|changes| *changes += 1);
        let change = changes.get_value();
        let write = move || {
            if changes.try_get_value() == Some(change) && is_restored.get_value() {
                write(session, controller);
            }
        };
        set_timeout(write, WRITE_DELAY);
    });
    // A link was pasted into this tab.
    let listener = window_event_listener(ev::hashchange, move |_| restore(session, controller));
    on_cleanup(move || listener.remove());
}

fn restore(session: Session, controller: CanvasController) {
    let fragment = window().location().hash().unwrap_or_default();
    let view = SharedView::parse(&fragment, |it| js_sys::decode_uri_component(it).ok().map(String::from));
    if !view.unknown.is_empty() {
        let message = format!("The link contains an unknown part: “{}”", view.unknown.join("&"));
        session.toast(ToastKind::Error, message, None);
    }
    if !view.filter.is_open() {
        session.filter.set(view.filter);
    }
    if let Some(id) = view.selection {
        let is_known = controller.store.with_value(|store| store.canvas().find(&id).is_some());
        if !is_known {
            let message = format!(
                "Workspace {id} from the link was not found. It may have been removed, or it belongs to another server."
            );
            session.toast(ToastKind::Error, message, None);
        }
        session.selection.set(Some(id));
        if let Some(tab) = view.tab {
            session.panel.set(Some(tab));
        }
    }
    let Some((middle, zoom)) = view.camera else { return };
    let zoom = zoom.clamp(camera::LEAST_ZOOM, camera::MOST_ZOOM);
    let move_camera = move || controller.pan_to(middle, zoom);
    move_camera();
    // Again when the panel, if it was just opened, has taken its part of the window.
    request_animation_frame(move || request_animation_frame(move_camera));
}

fn write(session: Session, controller: CanvasController) {
    let tab: Option<PanelTab> = session.panel.get_untracked();
    let selection = session.selection.get_untracked();
    let window_size = controller.viewport_size();
    let camera_now = controller.camera();
    let middle = camera::to_world(&camera_now, Point::new(window_size.width / 2.0, window_size.height / 2.0));
    let view = SharedView {
        // A camera that was never moved fits the canvas into any window.
        camera: (!controller.has_auto_fit()).then_some((middle, camera_now.zoom)),
        tab: tab.filter(|_| selection.is_some()),
        selection,
        filter: session.filter.get_untracked(),
        unknown: Vec::new(),
    };
    let fragment = view.to_fragment(|it| String::from(js_sys::encode_uri_component(it)));
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let url = if fragment.is_empty() { path } else { format!("{path}#{fragment}") };
    if let Ok(history) = window().history() {
        // A browser that refuses leaves the URL as it was.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}
