//! Onboarding: an empty canvas explains how to connect the first agent, and the steps stay until it is online.

use leptos::prelude::*;

use super::onboarding_steps::{OnboardingSteps, Step, Steps};
use crate::commands::Commands;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;
use crate::ui::button::{Button, IconButton};
use crate::ui::copy::CopyButton;
use crate::ui::icon::{Glyph, Icon};

#[component]
pub fn Onboarding() -> impl IntoView {
    let (signals, commands) = (expect_context::<StoreSignals>(), expect_context::<Commands>());
    // An empty saved state is read-only: there is nothing to connect to it.
    let is_empty = Memo::new(move |_| signals.loaded.get() && signals.count.get() == 0 && !commands.is_read_only());
    let steps = Steps::new();
    view! {
        <Show when=move || is_empty.get()>
            <NoAgents steps />
        </Show>
        <Show when=move || !is_empty.get() && steps.is_in_progress()>
            <FirstAgent steps />
        </Show>
    }
}

/// Shown instead of an empty canvas.
#[component]
fn NoAgents(steps: Steps) -> impl IntoView {
    let (commands, dialogs) = (expect_context::<Commands>(), expect_context::<Dialogs>());
    let command = Signal::derive(move || first_agent_command(&commands.server().unwrap_or_default()));
    let copied = Callback::new(move |()| steps.on_copied());
    view! {
        <section class="state state-over">
            <div class="state-mark">
                <Glyph icon=Icon::Brand />
            </div>
            <h2>"No agents yet"</h2>
            <p>"Run this command in a terminal. It registers an agent and sends heartbeats until you press Ctrl+C."</p>
            <div class="command">
                <pre tabindex="0" role="region" aria-label="Command that connects a first agent">
                    {move || command.get()}
                </pre>
                <CopyButton text=command label="Copy command" words=true on_copied=copied />
            </div>
            <OnboardingSteps steps />
            <p>"Or create a workspace and connect your own agent to it."</p>
            <Button icon=Icon::Plus on_press=move |_| dialogs.open(DialogRequest::Create { parent: None })>
                "New workspace"
            </Button>
        </section>
    }
}

/// Shown beside the first agent. Only a person who copied the command sees it: who connects agents otherwise needs no steps.
#[component]
fn FirstAgent(steps: Steps) -> impl IntoView {
    let session = expect_context::<Session>();
    let is_online = Memo::new(move |_| steps.reached() == Step::Online);
    let open = move |_| {
        if let Some(id) = steps.first_agent() {
            session.camera_command.set(Some(CameraCommand::Show(id.clone())));
            session.open(id);
        }
        steps.dismiss();
    };
    view! {
        <section class="onboarding" aria-label="Getting started">
            <header class="onboarding-head">
                <h2 role="status">
                    {move || if is_online.get() { "Your first agent is online" } else { "Waiting for the first heartbeat" }}
                </h2>
                <IconButton icon=Icon::Close label="Dismiss" on_press=move |_| steps.dismiss() />
            </header>
            <OnboardingSteps steps />
            <Show when=move || is_online.get()>
                <Button small=true on_press=open>
                    "Open agent"
                </Button>
            </Show>
        </section>
    }
}

/// Returns a command that needs nothing but a shell and curl: it creates a workspace and sends heartbeats until interrupted.
fn first_agent_command(server: &str) -> String {
    let id = r#"sed 's/.*"id":"\([^"]*\)".*/\1/'"#;
    let body = r#""{\"workspace_id\":\"$ID\",\"current_task\":\"Saying hello\",\"active_tasks\":1}""#;
    format!(
        "ID=$(curl -s {server}/workspaces --json '{{\"name\":\"First agent\"}}' | {id})\n\
         while curl -sfo /dev/null {server}/registry/heartbeat --json \\\n\
         \x20 {body}\n\
         do sleep 5; done"
    )
}
