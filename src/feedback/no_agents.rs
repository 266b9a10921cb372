//! A fleet of none: the way from nothing to a live agent, each step checked as it happens. Never before the server said that
//! there are none.

use leptos::prelude::*;

use super::walk::{Steps, Walk};
use crate::commands::Commands;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::store::StoreSignals;
use crate::ui::button::Button;
use crate::ui::copy::CopyButton;
use crate::ui::icon::{Glyph, Icon};

#[component]
pub fn NoAgents() -> impl IntoView {
    let (signals, commands, dialogs) =
        (expect_context::<StoreSignals>(), expect_context::<Commands>(), expect_context::<Dialogs>());
    // An empty saved state is nobody's beginning.
    let is_shown = Memo::new(move |_| signals.loaded.get() && signals.count.get() == 0 && !commands.is_read_only());
    let command = Signal::derive(move || first_agent(&commands.server().unwrap_or_default()));
    let steps = Steps::new();
    let copied = Callback::new(move |()| steps.copied());
    move || match is_shown.get() {
        false => view! { <Walk steps=steps /> }.into_any(),
        true => view! {
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
                    <CopyButton text=command label="Copy the command" words=true on_copied=copied />
                </div>
                {steps.list()}
                <p>"Or make a workspace first, and start an agent of your own in it."</p>
                <Button icon=Icon::Plus on_press=move |_| dialogs.open(DialogRequest::Create { parent: None })>
                    "New workspace"
                </Button>
            </section>
        }
        .into_any(),
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
