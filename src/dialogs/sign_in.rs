//! The one thing that a secured server asks before it shows its fleet: the admin token. Never kept, never in an address.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::commands::Commands;
use crate::store::StoreSignals;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::text::capitalized;
use orrery_client::{ConnectionStatus, StopReason};

/// What is being typed, and what came of it.
#[derive(Clone, Copy)]
struct Trial {
    token: RwSignal<String>,
    problem: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    done: RwSignal<bool>,
}

impl Trial {
    fn new() -> Self {
        Self {
            token: RwSignal::new(String::new()),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            done: RwSignal::new(false),
        }
    }

    fn submit(self, commands: Commands, on_done: Callback<()>) {
        let token = self.token.get_untracked().trim().to_owned();
        if token.is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = commands.sign_in(&token).await;
            self.busy.set(false);
            match answer {
                Ok(()) => {
                    self.token.set(String::new());
                    self.done.set(true);
                    on_done.run(());
                }
                Err(error) => self.problem.set(Some(sentence(&error.to_string()))),
            }
        });
    }
}

/// Instead of a fleet that is not shown yet.
#[component]
pub fn SignInState(on_done: Callback<()>) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let is_shown = Memo::new(move |_| {
        let is_refused =
            |it: &ConnectionStatus| matches!(it, ConnectionStatus::Stopped { reason: StopReason::Unauthorized });
        !signals.loaded.get() && signals.connection.with(is_refused)
    });
    move || is_shown.get().then(|| view! { <SignIn on_done=on_done /> })
}

#[component]
fn SignIn(on_done: Callback<()>) -> impl IntoView {
    let (trial, commands) = (Trial::new(), expect_context::<Commands>());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        trial.submit(commands, on_done);
    };
    view! {
        <section class="state state-over">
            <div class="state-mark">
                <Glyph icon=Icon::Brand />
            </div>
            <h2>"Sign in"</h2>
            <p>"This server shows its fleet to its operators only."</p>
            <form class="sign-in" on:submit=submit>
                <Token trial=trial />
                {move || trial.problem.get().map(|words| view! { <p class="problem" role="alert">{words}</p> })}
                <button type="submit" class="button" data-variant="primary" disabled=move || trial.busy.get()>
                    "Sign in"
                </button>
            </form>
        </section>
    }
}

/// Over a fleet that was shown until the sign-in ended.
#[component]
pub(super) fn SignInForm(#[prop(into)] on_close: Callback<()>, on_done: Callback<()>) -> impl IntoView {
    let (trial, commands) = (Trial::new(), expect_context::<Commands>());
    view! {
        <Dialog
            title="Sign in again"
            on_close=on_close
            on_submit=move |()| trial.submit(commands, on_done)
            done=trial.done
        >
            <DialogBody answer="Sign in" problem=trial.problem busy=trial.busy>
                <Token trial=trial />
            </DialogBody>
        </Dialog>
    }
}

#[component]
fn Token(trial: Trial) -> impl IntoView {
    let hint = "The server was started with it: ORRERY_ADMIN_TOKEN.";
    view! {
        <TextField name="admin-token" label="Admin token" value=trial.token hint=hint required=true first=true secret=true />
    }
}

/// The server's words begin small, because they stand behind a colon elsewhere.
fn sentence(words: &str) -> String {
    format!("{}.", capitalized(words))
}
