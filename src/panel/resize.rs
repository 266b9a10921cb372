//! The panel's edge, which changes its width by dragging or by the arrow keys.

use leptos::{ev::KeyboardEvent, ev::PointerEvent, html, prelude::*};

const STEP: f64 = 16.0;
/// The limits and the default in CSS pixels, as the stylesheet has them, for assistive technology.
const MIN_WIDTH: &str = "320";
const MAX_WIDTH: &str = "720";
const DEFAULT_WIDTH: f64 = 416.0;

/// `width` is `None` until a width is chosen. The stylesheet keeps it within its limits; a double click resets it.
#[component]
pub(super) fn ResizeHandle(width: RwSignal<Option<f64>>) -> impl IntoView {
    let handle = NodeRef::<html::Div>::new();
    let dragging = RwSignal::new(false);
    let panel = move || handle.get_untracked()?.parent_element();
    let drag = move |event: PointerEvent| {
        if let Some(panel) = panel().filter(|_| dragging.get_untracked()) {
            width.set(Some(panel.get_bounding_client_rect().right() - f64::from(event.client_x())));
        }
    };
    let start_drag = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(handle) = handle.get_untracked() {
            dragging.set(handle.set_pointer_capture(event.pointer_id()).is_ok());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => STEP,
            "ArrowRight" => -STEP,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(panel) = panel() {
            width.set(Some(panel.get_bounding_client_rect().width() + by));
        }
    };
    view! {
        <div
            class="panel-resize-handle"
            role="separator"
            aria-orientation="vertical"
            aria-label="Panel width"
            aria-valuemin=MIN_WIDTH
            aria-valuemax=MAX_WIDTH
            aria-valuenow=move || width.get().unwrap_or(DEFAULT_WIDTH).round().to_string()
            tabindex="0"
            node_ref=handle
            data-dragging=move || dragging.get().then_some("")
            on:pointerdown=start_drag
            on:pointermove=drag
            on:pointerup=move |_| dragging.set(false)
            on:pointercancel=move |_| dragging.set(false)
            on:dblclick=move |_| width.set(None)
            on:keydown=on_key
        ></div>
    }
}
