//! The polite voice: what changed, grouped, at most once in two seconds; and the same to the notifications. Never a toast.

use std::time::Duration;

use leptos::prelude::*;

use super::digest::{Digest, Standing};
use super::notify;
use crate::canvas::CanvasController;
use crate::session::Session;
use crate::store::StoreSignals;
use orrery_client::ConnectionStatus;

/// Between two sentences.
const PUBLISH_INTERVAL: f64 = 2000.0;
/// What comes together is said together.
const GATHERS: f64 = 400.0;

#[derive(Clone, Default)]
struct Input {
    standing: Standing,
    is_live: Option<bool>,
}

#[component]
pub(super) fn Spoken() -> impl IntoView {
    let (signals, controller, session) =
        (expect_context::<StoreSignals>(), expect_context::<CanvasController>(), expect_context::<Session>());
    let words = RwSignal::new(String::new());
    let heard = StoredValue::new(Input::default());
    let (said_at, is_waiting) = (StoredValue::new(0.0), StoredValue::new(false));
    notify::begin(session);
    let speak = move || {
        is_waiting.set_value(false);
        let is_live = signals.connection.with_untracked(|it| *it == ConnectionStatus::Live);
        let (standing, digest) = controller.store.with_value(|store| {
            let standing = Standing::of(store.canvas(), |slot| store.overview_status(slot));
            let digest = heard.with_value(|before| standing.since(&before.standing, store.canvas()));
            (standing, digest)
        });
        let was_live = heard.with_value(|before| before.is_live);
        heard.set_value(Input { standing, is_live: Some(is_live) });
        let sentence = match (was_live, is_live) {
            (None | Some(false), true) => Some(greeting(signals, was_live.is_some())),
            (Some(true), false) => Some("The connection is lost: the canvas is not live".to_owned()),
            _ => digest.words(),
        };
        if let Some(sentence) = sentence {
            said_at.set_value(js_sys::Date::now());
            words.set(sentence);
        }
        // What was wrong before this tab was opened is no news.
        if was_live.is_some() {
            notify::tell(digest.problems(), session);
        }
    };
    Effect::new(move |_| {
        signals.seq.track();
        signals.connection.track();
        if !signals.loaded.get() || is_waiting.get_value() {
            return;
        }
        is_waiting.set_value(true);
        let calm_at = said_at.get_value() + PUBLISH_INTERVAL;
        let wait = (calm_at - js_sys::Date::now()).max(GATHERS);
        set_timeout(speak, Duration::from_millis(wait as u64));
    });
    view! {
        <div class="spoken news" role="status" aria-live="polite">
            {move || words.get()}
        </div>
    }
}

fn greeting(signals: StoreSignals, again: bool) -> String {
    let counts = signals.counts.get_untracked();
    let count = signals.count.get_untracked();
    let live_word = if again { "Live again" } else { "Live" };
    format!("{live_word}: {count} workspaces, {} failed, {} degraded", counts.failed, counts.degraded)
}

/// For the one place that tells both.
pub(super) fn title(digest: &Digest) -> String {
    match digest.worse.len() {
        1 => "1 new problem".to_owned(),
        many => format!("{many} new problems"),
    }
}
