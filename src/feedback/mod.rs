//! Messages over the canvas: that it is not live, that it is empty, and the results of what the person did.

mod banner;
mod empty_state;
mod onboarding;
mod onboarding_steps;
mod toasts;

use leptos::prelude::*;

use banner::{ChunkBanner, ConnectionBanner};
use empty_state::EmptyState;

pub use onboarding::Onboarding;
pub use toasts::Toasts;

/// The messages that must be shown even when nothing more can be loaded.
#[component]
pub fn Feedback(is_chunk_missing: ReadSignal<bool>) -> impl IntoView {
    view! {
        <EmptyState />
        <div role="status">
            <ConnectionBanner />
            <ChunkBanner is_shown=is_chunk_missing />
        </div>
    }
}
