//! Nearer, farther, all of it. Never moves the canvas: it wishes.

use leptos::prelude::*;
use orrery_protocol::record::Viewport;

use crate::session::CameraCommand;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;

const STEP: f64 = 1.25;

#[component]
pub(super) fn ZoomControls(
    #[prop(into)] viewport: Signal<Viewport>,
    camera_command: RwSignal<Option<CameraCommand>>,
) -> impl IntoView {
    let zoom = Memo::new(move |_| viewport.with(|viewport| viewport.zoom));
    let by = move |factor: f64| camera_command.set(Some(CameraCommand::Zoom(factor)));
    view! {
        <div class="toolbar-group" role="group" aria-label="Zoom">
            <span class="toolbar-group zoom-steps">
                <IconButton icon=Icon::Minus label="Zoom out" on_press=move |_| by(1.0 / STEP) />
                <button
                    type="button"
                    class="button zoom-value"
                    data-tone="quiet"
                    title="Back to 100 %"
                    on:click=move |_| by(1.0 / zoom.get_untracked())
                >
                    {move || format!("{:.0} %", zoom.get() * 100.0)}
                </button>
                <IconButton icon=Icon::Plus label="Zoom in" on_press=move |_| by(STEP) />
            </span>
            <IconButton icon=Icon::Fit label="Fit the fleet into the window" on_press=move |_| camera_command.set(Some(CameraCommand::Fit)) />
        </div>
    }
}
