//! Over a canvas that is not live: as of when it was true, and a try now. Never hides it.

use leptos::prelude::*;

use crate::forms::{Asking, Question};
use crate::live::Live;
use crate::socket::{Connection, StopReason};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::moment::clock;

/// Only over a canvas that shows something; before that `EmptyCanvas` speaks.
#[component]
pub fn ConnectionBanner(#[prop(into)] on_try: Callback<()>) -> impl IntoView {
    let (live, asking) = (expect_context::<Live>(), expect_context::<Asking>());
    let word = Memo::new(move |_| live.connection.with(Connection::word));
    let is_shown = Memo::new(move |_| live.loaded.get() && word.get() != "live");
    let why = move || match live.connection.get() {
        Connection::Stopped { reason: StopReason::Unauthorized } => "The sign-in is over",
        Connection::Stopped { reason: StopReason::OverLimit(_) } => "The server ended the connection",
        _ => "Not live",
    };
    let detail = move || match live.connection.get() {
        Connection::Stopped { reason: StopReason::OverLimit(words) } => Some(words),
        _ => None,
    };
    let wants_sign_in = Memo::new(move |_| {
        live.connection.with(|it| matches!(it, Connection::Stopped { reason: StopReason::Unauthorized }))
    });
    let press = move |_| match wants_sign_in.get_untracked() {
        true => asking.ask(Question::SignIn),
        false => on_try.run(()),
    };
    let as_of = move || {
        let now = live.now.get().millis();
        live.as_of.get().map(|at| format!("as of {}", clock(at.millis(), now)))
    };
    view! {
        <div role="status">
            {move || {
                is_shown.get().then(|| {
                    view! {
                        <div class="connection-banner" data-connection=move || word.get()>
                            <Glyph icon=Icon::Cut />
                            <span class="connection-words">
                                <span>{why}</span>
                                {move || detail().map(|words| view! { <span>{words}</span> })}
                                <span class="connection-asof">{as_of}</span>
                            </span>
                            <Button small=true on_press=press>
                                {move || if wants_sign_in.get() { "Sign in" } else { "Try now" }}
                            </Button>
                        </div>
                    }
                })
            }}
        </div>
    }
}
