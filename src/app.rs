//! Mounts the page and wires socket → inbox → live → view. Never anything else.

use leptos::prelude::*;

use crate::clock;
use crate::live::Live;
use crate::session::Session;

#[component]
pub fn App() -> impl IntoView {
    let live = Live::new(clock::now());
    let session = Session::new();
    provide_context(live);
    provide_context(session);
    view! {
        <main class="app" data-connection=move || live.connection.get().word()>
            <div class="stage"></div>
        </main>
    }
}
