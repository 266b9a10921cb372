//! Instead of a fleet: how to connect the first agent, that it is being loaded, or that the server cannot be reached.
//! Never over a canvas that shows something.

use leptos::prelude::*;

use crate::actions::Actions;
use crate::forms::{Asking, Question, SignInState};
use crate::live::Live;
use crate::socket::{Connection, StopReason};
use crate::ui::button::Button;
use crate::ui::copy::CopyButton;
use crate::ui::icon::{Glyph, Icon};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    /// The fleet is there.
    Nothing,
    Loading,
    NoAgents,
    Unreachable,
    NotSignedIn,
    Stopped,
}

#[component]
pub fn EmptyCanvas(#[prop(into)] on_try: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let instead = Memo::new(move |_| {
        if live.loaded.get() {
            return if live.count.get() == 0 { Instead::NoAgents } else { Instead::Nothing };
        }
        live.connection.with(|connection| match connection {
            Connection::Connecting | Connection::Live => Instead::Loading,
            Connection::Reconnecting { .. } | Connection::Offline { .. } => Instead::Unreachable,
            Connection::Stopped { reason: StopReason::Unauthorized } => Instead::NotSignedIn,
            Connection::Stopped { reason: StopReason::OverLimit(_) } => Instead::Stopped,
        })
    });
    move || match instead.get() {
        Instead::Nothing => ().into_any(),
        Instead::Loading => view! { <Loading /> }.into_any(),
        Instead::NoAgents => view! { <NoAgents /> }.into_any(),
        Instead::Unreachable => view! { <Unreachable on_try=on_try /> }.into_any(),
        Instead::NotSignedIn => view! { <SignInState on_done=on_try /> }.into_any(),
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

/// The command registers an agent that heartbeats from the reader's own terminal: one that can be seen at once.
#[component]
fn NoAgents() -> impl IntoView {
    let (actions, asking) = (expect_context::<Actions>(), expect_context::<Asking>());
    let command = Signal::derive(move || first_agent(&actions.server().unwrap_or_default()));
    view! {
        <section class="state state-over">
            <div class="state-mark">
                <Glyph icon=Icon::Brand />
            </div>
            <h2>"No agents yet"</h2>
            <p>"Paste this into a terminal: an agent appears here and lives until you press Ctrl-C there."</p>
            <div class="command">
                <pre tabindex="0" role="region" aria-label="Command that connects a first agent">
                    {move || command.get()}
                </pre>
                <CopyButton text=command label="Copy the command" words=true />
            </div>
            <p>"Or make a workspace first, and start an agent of your own in it."</p>
            <Button icon=Icon::Plus on_press=move |_| asking.ask(Question::Create { parent: None })>
                "New workspace"
            </Button>
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

/// Without a library or a file: it makes a workspace and says heartbeats until it is interrupted.
fn first_agent(server: &str) -> String {
    let id = r#"sed 's/.*"id":"\([^"]*\)".*/\1/'"#;
    let body = r#""{\"workspace_id\":\"$ID\",\"current_task\":\"Saying hello\",\"active_tasks\":1}""#;
    format!(
        "ID=$(curl -s {server}/workspaces --json '{{\"name\":\"First agent\"}}' | {id})\n\
         while curl -sfo /dev/null {server}/registry/heartbeat --json {body}\n\
         do sleep 5; done"
    )
}
