//! The toolbar: workspaces by status, the state of the connection, and the tools.

mod connection;
mod counts;
mod selection_bar;
mod sign_out;
mod tools;
mod zoom;

use leptos::prelude::*;

use connection::ConnectionIndicator;
use counts::StatusCounts;

pub use selection_bar::SelectionBar;
pub use tools::Tools;

pub(crate) use connection::connection_label;

/// What the toolbar shows from the start; [`Tools`] follow with the lazily loaded chunk.
#[component]
pub fn Toolbar() -> impl IntoView {
    view! {
        <h1 class="brand">
            <i class="mark" data-mark="brand"></i>
            <span class="brand-name">"Orrery"</span>
        </h1>
        <StatusCounts />
        <ConnectionIndicator />
        <div class="toolbar-space"></div>
    }
}
