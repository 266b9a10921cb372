//! A button that selects a workspace and moves the camera to it.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use crate::session::Session;

#[component]
pub fn WorkspaceLink(id: WorkspaceId, #[prop(into)] label: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let reveal = move |_| {
        // An open run would cover the canvas.
        session.runs.set(None);
        session.reveal(id.clone());
    };
    view! {
        <button type="button" class="link" title="Show on canvas" on:click=reveal>
            {label}
        </button>
    }
}
