//! The polite live region: what changed, grouped into one announcement in two seconds at most. The same changes become
//! notifications.

use std::time::Duration;

use leptos::prelude::*;

use super::notifications;
use super::status_changes::StatusSnapshot;
use crate::canvas::CanvasController;
use crate::session::Session;
use crate::store::StoreSignals;
use orrery_client::ConnectionStatus;

/// The shortest time between two announcements, in milliseconds.
const ANNOUNCE_INTERVAL: f64 = 2000.0;
/// Changes within this time of the first one are announced together, in milliseconds.
const GATHER_TIME: f64 = 400.0;

/// What was announced last.
#[derive(Clone, Default)]
struct Announced {
    statuses: StatusSnapshot,
    is_live: Option<bool>,
}

#[component]
pub(super) fn LiveRegion() -> impl IntoView {
    let (signals, controller, session) =
        (expect_context::<StoreSignals>(), expect_context::<CanvasController>(), expect_context::<Session>());
    let message = RwSignal::new(String::new());
    let announced = StoredValue::new(Announced::default());
    let (announced_at, is_scheduled) = (StoredValue::new(0.0), StoredValue::new(false));
    notifications::restore_setting(session);
    let announce = move || {
        is_scheduled.set_value(false);
        let is_live = signals.connection.with_untracked(|status| *status == ConnectionStatus::Live);
        let (statuses, changes) = controller.store.with_value(|store| {
            let statuses = StatusSnapshot::of(store.canvas(), |slot| store.overview_status(slot));
            let changes = announced.with_value(|before| statuses.changes_since(&before.statuses, store.canvas()));
            (statuses, changes)
        });
        let was_live = announced.with_value(|before| before.is_live);
        announced.set_value(Announced { statuses, is_live: Some(is_live) });
        let text = match (was_live, is_live) {
            (None | Some(false), true) => Some(summary(signals, was_live.is_some())),
            (Some(true), false) => Some("Connection lost. The canvas is out of date.".to_owned()),
            _ => changes.message(),
        };
        if let Some(text) = text {
            announced_at.set_value(js_sys::Date::now());
            message.set(text);
        }
        // Problems from before this tab was opened are not new.
        if was_live.is_some() {
            notifications::notify(changes.problems(), session);
        }
    };
    Effect::new(move |_| {
        signals.seq.track();
        signals.connection.track();
        if !signals.loaded.get() || is_scheduled.get_value() {
            return;
        }
        is_scheduled.set_value(true);
        let next_at = announced_at.get_value() + ANNOUNCE_INTERVAL;
        let delay = (next_at - js_sys::Date::now()).max(GATHER_TIME);
        set_timeout(announce, Duration::from_millis(delay as u64));
    });
    view! {
        <div class="spoken news" role="status" aria-live="polite">
            {move || message.get()}
        </div>
    }
}

fn summary(signals: StoreSignals, again: bool) -> String {
    let (counts, count) = (signals.counts.get_untracked(), signals.count.get_untracked());
    let live = if again { "Live again" } else { "Live" };
    let workspaces = if count == 1 { "workspace" } else { "workspaces" };
    format!("{live}: {count} {workspaces}, {} failed, {} degraded", counts.failed, counts.degraded)
}
