//! Signing in with the admin token of a server that asks for it. The token is neither stored nor put into an address.

use leptos::{ev::SubmitEvent, prelude::*};

use super::request::{RequestAction, failure, on_success};
use crate::commands::Commands;
use crate::store::StoreSignals;
use crate::ui::dialog::{Dialog, DialogBody};
use crate::ui::field::TextField;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::text::capitalized;
use orrery_client::{ConnectionStatus, StopReason};

/// The state of a sign-in form.
#[derive(Clone, Copy)]
struct SignInForm {
    token: RwSignal<String>,
    sign_in: RequestAction<String, ()>,
    done: RwSignal<bool>,
}

impl SignInForm {
    fn new(commands: Commands, on_done: Callback<()>) -> Self {
        let (token, done) = (RwSignal::new(String::new()), RwSignal::new(false));
        let sign_in: RequestAction<String, ()> = Action::new_local(move |token: &String| {
            let token = token.clone();
            async move { commands.sign_in(&token).await }
        });
        on_success(sign_in, move |()| {
            token.set(String::new());
            done.set(true);
            on_done.run(());
        });
        Self { token, sign_in, done }
    }

    fn submit(self) {
        let token = self.token.get_untracked().trim().to_owned();
        if !token.is_empty() && !self.sign_in.pending().get_untracked() {
            self.sign_in.dispatch(token);
        }
    }

    /// Returns why the last attempt failed, as a sentence of its own. Reactive.
    fn failure(self) -> Signal<Option<String>> {
        let failure = failure(self.sign_in);
        Signal::derive(move || failure.get().map(|reason| format!("{}.", capitalized(&reason))))
    }
}

/// Asks for the sign-in in the place of a canvas that has never been shown.
#[component]
pub fn SignInState(on_done: Callback<()>) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let is_shown = Memo::new(move |_| {
        let is_refused = |status: &ConnectionStatus| {
            matches!(status, ConnectionStatus::Stopped { reason: StopReason::Unauthorized })
        };
        !signals.loaded.get() && signals.connection.with(is_refused)
    });
    view! {
        <Show when=move || is_shown.get()>
            <SignInPage on_done=on_done />
        </Show>
    }
}

#[component]
fn SignInPage(on_done: Callback<()>) -> impl IntoView {
    let form = SignInForm::new(expect_context::<Commands>(), on_done);
    let failure = form.failure();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    view! {
        <section class="state state-over">
            <div class="state-mark">
                <Glyph icon=Icon::Brand />
            </div>
            <h2>"Sign in"</h2>
            <p>"Sign in to see the workspaces of this server."</p>
            <form class="sign-in" on:submit=submit>
                <TokenField form=form />
                {move || failure.get().map(|reason| view! { <p class="problem" role="alert">{reason}</p> })}
                <button type="submit" class="button" data-variant="primary" disabled=move || form.sign_in.pending().get()>
                    "Sign in"
                </button>
            </form>
        </section>
    }
}

/// Asks for the sign-in again, over a canvas that was shown until the session ended.
#[component]
pub(super) fn SignInDialog(#[prop(into)] on_close: Callback<()>, on_done: Callback<()>) -> impl IntoView {
    let form = SignInForm::new(expect_context::<Commands>(), on_done);
    view! {
        <Dialog title="Sign in again" on_close=on_close on_submit=move |()| form.submit() done=form.done>
            <DialogBody answer="Sign in" problem=form.failure() busy=form.sign_in.pending()>
                <TokenField form=form />
            </DialogBody>
        </Dialog>
    }
}

#[component]
fn TokenField(form: SignInForm) -> impl IntoView {
    let hint = "The value of ORRERY_ADMIN_TOKEN on the server.";
    view! {
        <TextField name="admin-token" label="Admin token" value=form.token hint=hint required=true first=true secret=true />
    }
}
