//! The polite voice: what changed, grouped, at most once in two seconds; and the same to the notifications. Never a toast.

use std::time::Duration;

use leptos::prelude::*;

use super::digest::{Digest, Standing};
use super::notify;
use crate::canvas::Stage;
use crate::live::Live;
use crate::session::Session;
use crate::socket::Connection;

/// Between two sentences.
const CALM: f64 = 2000.0;
/// What comes together is said together.
const GATHERS: f64 = 400.0;

#[derive(Clone, Default)]
struct Heard {
    standing: Standing,
    is_live: Option<bool>,
}

#[component]
pub(super) fn Spoken() -> impl IntoView {
    let (live, stage, session) = (expect_context::<Live>(), expect_context::<Stage>(), expect_context::<Session>());
    let words = RwSignal::new(String::new());
    let heard = StoredValue::new(Heard::default());
    let (said_at, is_waiting) = (StoredValue::new(0.0), StoredValue::new(false));
    notify::begin(session);
    let speak = move || {
        is_waiting.set_value(false);
        let is_live = live.connection.with_untracked(|it| *it == Connection::Live);
        let (standing, digest) = stage.fleet.with_value(|fleet| {
            let standing = Standing::of(fleet.canvas(), |slot| fleet.tone(slot));
            let digest = heard.with_value(|before| standing.since(&before.standing, fleet.canvas()));
            (standing, digest)
        });
        let was_live = heard.with_value(|before| before.is_live);
        heard.set_value(Heard { standing, is_live: Some(is_live) });
        let sentence = match (was_live, is_live) {
            (None | Some(false), true) => Some(greeting(live, was_live.is_some())),
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
        live.seq.track();
        live.connection.track();
        if !live.loaded.get() || is_waiting.get_value() {
            return;
        }
        is_waiting.set_value(true);
        let calm_at = said_at.get_value() + CALM;
        let wait = (calm_at - js_sys::Date::now()).max(GATHERS);
        set_timeout(speak, Duration::from_millis(wait as u64));
    });
    view! {
        <div class="spoken news" role="status" aria-live="polite">
            {move || words.get()}
        </div>
    }
}

fn greeting(live: Live, again: bool) -> String {
    let counts = live.counts.get_untracked();
    let count = live.count.get_untracked();
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
