//! Mounts the page and wires socket → inbox → live → view. Never anything else.

use leptos::prelude::*;

use crate::actions::Actions;
use crate::clock;
use crate::forms::{Asking, Forms};
use crate::live::Live;
use crate::notices::{ConnectionBanner, EmptyCanvas, Toasts};
use crate::panel::SidePanel;
use crate::session::Session;
use crate::toolbar::Toolbar;
use crate::ui::tooltip::Tooltip;

#[component]
pub fn App() -> impl IntoView {
    let live = Live::new(clock::now());
    let session = Session::new();
    provide_context(live);
    provide_context(session);
    provide_context(Actions::new(session));
    provide_context(Asking::new());
    let try_now = Callback::new(move |()| {});
    view! {
        <div class="app" data-connection=move || live.connection.get().word()>
            <Toolbar />
            <main class="stage">
                <div class="view">
                    <EmptyCanvas on_try=try_now />
                    <ConnectionBanner on_try=try_now />
                </div>
                <SidePanel />
            </main>
            <Forms />
            <Toasts />
            <Tooltip />
        </div>
    }
}
