//! What came before a failure or a degradation: the last events that led to it, each a press away. Never why they matter.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::Status;

use super::events::rows;
use super::log::LogRow;
use super::pages::fetched;
use super::shown::Shown;
use crate::roster::Roster;
use crate::session::{PanelTab, Session};
use crate::ui::moment::clock_short;

/// More is the log itself.
const BEFORE: usize = 3;

#[component]
pub(super) fn Cause(shown: Shown) -> impl IntoView {
    let is_problem = shown.field(|it| matches!(it.status, Status::Failed | Status::Degraded));
    // Another problem, or the same one again.
    let which = shown.field(|it| Some((it.id.clone(), it.status_since.millis())));
    move || {
        which.track();
        is_problem.get().then(|| view! { <Led shown=shown /> })
    }
}

#[component]
fn Led(shown: Shown) -> impl IntoView {
    let (session, roster) = (expect_context::<Session>(), expect_context::<Roster>());
    let own = StoredValue::new(shown.now().map(|it| it.id));
    let (state, _) = fetched(
        Signal::derive(|| 0),
        Arc::new(move |api| {
            Box::pin(async move {
                match own.get_value() {
                    Some(id) => Ok(rows(api.events(&id).await?, roster)),
                    None => Ok(Vec::new()),
                }
            })
        }),
    );
    let open = move |key: String| {
        session.event.set(Some(key));
        session.panel.set(Some(PanelTab::Events));
    };
    let row = move |row: LogRow| {
        let when = row.at.map(|at| clock_short(at, at));
        let key = row.key.clone();
        view! {
            <li>
                <button type="button" class="cause-row" title="Show this event" on:click=move |_| open(key.clone())>
                    <span class="cause-when">{when}</span>
                    <span class="cause-what">{row.what}</span>
                </button>
            </li>
        }
    };
    move || {
        let led = state.with(|state| led_to(state.rows()));
        (!led.is_empty()).then(|| {
            view! {
                <section class="cause" aria-label="What came before">
                    <h3>"Before it"</h3>
                    <ol>{led.into_iter().map(row).collect_view()}</ol>
                </section>
            }
        })
    }
}

/// The newest first: what stands behind the newest problem. The nearest to it is told first.
fn led_to(rows: &[LogRow]) -> Vec<LogRow> {
    let began = rows.iter().position(|row| row.is_bad);
    let before = began.map(|at| &rows[at + 1..]).unwrap_or_default();
    before.iter().take(BEFORE).cloned().collect()
}
