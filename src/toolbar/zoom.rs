//! The zoom controls of the toolbar. They send camera commands; the canvas carries them out.

use leptos::prelude::*;
use orrery_protocol::record::Viewport;

use crate::session::CameraCommand;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;

/// The factor of one step in or out.
const STEP: f64 = 1.25;

#[component]
pub(super) fn ZoomControls(
    #[prop(into)] viewport: Signal<Viewport>,
    camera_command: RwSignal<Option<CameraCommand>>,
) -> impl IntoView {
    let zoom = Memo::new(move |_| viewport.with(|viewport| viewport.zoom));
    let zoom_by = move |factor: f64| camera_command.set(Some(CameraCommand::Zoom(factor)));
    view! {
        <div class="toolbar-group" role="group" aria-label="Zoom">
            <span class="toolbar-group zoom-steps">
                <IconButton icon=Icon::Minus label="Zoom out" on_press=move |_| zoom_by(1.0 / STEP) />
                <button
                    type="button"
                    class="button zoom-value"
                    data-variant="quiet"
                    title="Reset zoom to 100%"
                    on:click=move |_| zoom_by(1.0 / zoom.get_untracked())
                >
                    {move || format!("{:.0}%", zoom.get() * 100.0)}
                </button>
                <IconButton icon=Icon::Plus label="Zoom in" on_press=move |_| zoom_by(STEP) />
            </span>
            <IconButton icon=Icon::Fit label="Zoom to fit" on_press=move |_| camera_command.set(Some(CameraCommand::Fit)) />
        </div>
    }
}
