//! Instead of a fleet: that it is being loaded, or that the server cannot be reached. Never over a canvas that shows something.

use leptos::prelude::*;

use crate::actions::Actions;
use crate::live::Live;
use crate::socket::{Connection, StopReason};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    /// The fleet is there.
    Nothing,
    Loading,
    Unreachable,
    Stopped,
}

#[component]
pub fn EmptyCanvas(#[prop(into)] on_try: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let instead = Memo::new(move |_| {
        if live.loaded.get() {
            return Instead::Nothing;
        }
        live.connection.with(|connection| match connection {
            Connection::Connecting | Connection::Live => Instead::Loading,
            Connection::Reconnecting { .. } | Connection::Offline { .. } => Instead::Unreachable,
            // The sign-in form speaks.
            Connection::Stopped { reason: StopReason::Unauthorized } => Instead::Nothing,
            Connection::Stopped { reason: StopReason::OverLimit(_) } => Instead::Stopped,
        })
    });
    move || match instead.get() {
        Instead::Nothing => ().into_any(),
        Instead::Loading => view! { <Loading /> }.into_any(),
        Instead::Unreachable => view! { <Unreachable on_try=on_try /> }.into_any(),
        Instead::Stopped => view! { <Stopped on_try=on_try /> }.into_any(),
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <section class="state state-over" role="status">
            <Glyph icon=Icon::Provisioning />
            <p>"Loading the fleet"</p>
        </section>
    }
}

#[component]
fn Unreachable(on_try: Callback<()>) -> impl IntoView {
    let (live, actions) = (expect_context::<Live>(), expect_context::<Actions>());
    let words = Memo::new(move |_| crate::toolbar::connection_words(&live.connection.get(), live.now.into()));
    let server = move || actions.server().unwrap_or_else(|| "The server".to_owned());
    view! {
        <section class="state state-over" data-tone="danger">
            <div class="state-mark">
                <Glyph icon=Icon::Cut />
            </div>
            <h2 role="alert">"The server cannot be reached"</h2>
            <p>{move || format!("{} does not answer. Is it running? Orrery keeps trying.", server())}</p>
            <p>{move || words.get()}</p>
            <Button icon=Icon::Retry on_press=move |_| on_try.run(())>
                "Try now"
            </Button>
        </section>
    }
}

#[component]
fn Stopped(on_try: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let words = move || match live.connection.get() {
        Connection::Stopped { reason: StopReason::OverLimit(words) } => words,
        _ => String::new(),
    };
    view! {
        <section class="state state-over" data-tone="danger">
            <div class="state-mark">
                <Glyph icon=Icon::Cut />
            </div>
            <h2 role="alert">"The server ended the connection"</h2>
            <p>{words}</p>
            <Button icon=Icon::Retry on_press=move |_| on_try.run(())>
                "Try again"
            </Button>
        </section>
    }
}
