//! The panel's edge: dragged, or moved by the arrow keys. Never what is in the panel.

use leptos::{ev::KeyboardEvent, ev::PointerEvent, html, prelude::*};

const STEP: f64 = 16.0;
/// As the sheet has them, for who cannot see the width.
const LEAST: &str = "320";
const MOST: &str = "720";
const USUAL: f64 = 416.0;

/// The width is none until the person chose one; the sheet keeps it within its limits.
#[component]
pub(super) fn Grip(width: RwSignal<Option<f64>>) -> impl IntoView {
    let grip = NodeRef::<html::Div>::new();
    let dragging = RwSignal::new(false);
    let panel = move || grip.get_untracked()?.parent_element();
    let drag = move |event: PointerEvent| {
        if let Some(panel) = panel().filter(|_| dragging.get_untracked()) {
            width.set(Some(panel.get_bounding_client_rect().right() - f64::from(event.client_x())));
        }
    };
    let press = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(grip) = grip.get_untracked() {
            dragging.set(grip.set_pointer_capture(event.pointer_id()).is_ok());
        }
    };
    let key = move |event: KeyboardEvent| {
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
            class="panel-grip"
            role="separator"
            aria-orientation="vertical"
            aria-label="Width of the panel"
            aria-valuemin=LEAST
            aria-valuemax=MOST
            aria-valuenow=move || width.get().unwrap_or(USUAL).round().to_string()
            tabindex="0"
            node_ref=grip
            data-dragging=move || dragging.get().then_some("")
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=move |_| dragging.set(false)
            on:pointercancel=move |_| dragging.set(false)
            on:dblclick=move |_| width.set(None)
            on:keydown=key
        ></div>
    }
}
