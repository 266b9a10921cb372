//! How fresh what is shown is: when each mounted agent was last heard of, and a mark on the card of who is late.
//! One question for all of them every few seconds; no card has a clock. Never a status: that is the server's.

use std::collections::HashMap;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Status, WorkspaceId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::api::{ApiError, LastSeen};
use crate::browser::clock;
use crate::commands::Commands;
use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::moment::stopwatch;

/// Given to the page by context.
#[derive(Clone, Copy)]
pub struct Freshness {
    /// By this page's clock, in milliseconds since 1970.
    last: RwSignal<HashMap<WorkspaceId, i64>>,
    ttl: RwSignal<i64>,
}

/// An agent says so several times before it counts as gone: after half of that time it is late.
const LATE: i64 = 2;
const OFTEN: (i64, i64) = (1_000, 10_000);
/// The panel's and those that can be seen.
const MOST: usize = 200;

impl Freshness {
    /// Asks as long as the page is there, unless the server cannot tell.
    pub fn begin() -> Self {
        let it = Self { last: RwSignal::new(HashMap::new()), ttl: RwSignal::new(60_000) };
        let (session, commands) = (expect_context::<Session>(), expect_context::<Commands>());
        it.ask_again(expect_context::<StoreSignals>(), session, commands);
        // Whoever is opened is asked about at once.
        Effect::new(move |_| {
            let (id, api) = (session.selection.get(), untrack(|| commands.api()));
            if let (Some(id), Some(api)) = (id.filter(|id| untrack(|| it.last(id)).is_none()), api) {
                spawn_local(async move {
                    if let Ok(heard) = api.load_last_seen(&[id]).await {
                        it.learn(heard);
                    }
                });
            }
        });
        it
    }

    /// When it was last heard of. Tracks.
    pub fn last(&self, id: &WorkspaceId) -> Option<i64> {
        self.last.with(|last| last.get(id).copied())
    }

    /// Should it have been heard of by now? Tracks.
    pub fn is_late(&self, last: i64, now: i64) -> bool {
        now - last > self.ttl.get() / LATE
    }

    fn learn(&self, heard: LastSeen) {
        let now = clock::now().millis();
        let at = heard.seconds_ago.into_iter().map(|(id, ago)| (id, now - (ago * 1000.0) as i64));
        self.ttl.set((heard.ttl_seconds * 1000.0) as i64);
        self.last.update(|last| last.extend(at));
    }

    fn ask_again(self, signals: StoreSignals, session: Session, commands: Commands) {
        spawn_local(async move {
            let is_live = signals.connection.with_untracked(|it| it.word() == "live") && !document().hidden();
            if let Some(api) = untrack(|| commands.api()).filter(|_| is_live) {
                let rendered =
                    signals.rendered.with_untracked(|all| all.iter().map(|it| it.id.clone()).collect::<Vec<_>>());
                let ids: Vec<_> = session.selection.get_untracked().into_iter().chain(rendered).take(MOST).collect();
                match api.load_last_seen(&ids).await {
                    Ok(heard) => {
                        self.last.update_untracked(HashMap::clear);
                        self.learn(heard);
                        self.mark(signals, clock::now().millis());
                    }
                    // A server without a log cannot tell (see section 13.5 of docs/protocol.md).
                    Err(ApiError::Refused { status: 404 | 405, .. }) => return,
                    Err(_) => {}
                }
            }
            let pause = (self.ttl.get_untracked() / 6).clamp(OFTEN.0, OFTEN.1);
            set_timeout(move || self.ask_again(signals, session, commands), Duration::from_millis(pause as u64));
        });
    }

    /// Written past the cards' own effects: who is late is nobody's change.
    fn mark(&self, signals: StoreSignals, now: i64) {
        signals.rendered.with_untracked(|all| {
            for it in all {
                let selector = format!(".canvas [data-workspace-id='{}']", it.id);
                let found = document().query_selector(&selector).ok().flatten();
                let Some(element) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { continue };
                let is_alive = it.workspace.with_untracked(|it| matches!(it.status, Status::Online | Status::Degraded));
                let last =
                    untrack(|| self.last(&it.id)).filter(|last| is_alive && untrack(|| self.is_late(*last, now)));
                // An element that is in the page takes an attribute.
                let _ = match last {
                    Some(last) => {
                        let words = format!("'not heard for {}'", stopwatch(now - last));
                        let _ = element.style().set_property("--late", &words);
                        element.set_attribute("data-late", "")
                    }
                    None if element.has_attribute("data-late") => element.remove_attribute("data-late"),
                    None => Ok(()),
                };
            }
        });
    }
}
