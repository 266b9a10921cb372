//! What came before a failure or a degradation: the last events that led to it, each a press away. Never why they matter.

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::Status;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::events::rows;
use super::log::LogRow;
use super::pages::{Fetched, fetched};
use super::shown::Shown;
use crate::session::{PanelTab, Session};
use crate::store::Directory;
use crate::ui::moment::clock_short;

/// Whoever asked for it on the card is taken to it: given to the page by context.
#[derive(Clone, Copy)]
pub struct ToCause(RwSignal<bool>);

impl ToCause {
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }

    pub fn go(&self) {
        self.0.set(true);
    }

    /// The first of the rows, as soon as it is there. Tracks.
    fn arrive(&self) {
        if self.0.get() {
            self.0.set(false);
            request_animation_frame(|| {
                let found = |selector: &str| document().query_selector(selector).ok().flatten();
                if let Some(row) =
                    found(".cause-row").or_else(|| found(".cause")).and_then(|it| it.dyn_into::<HtmlElement>().ok())
                {
                    // In the page by now.
                    let _ = row.focus();
                }
            });
        }
    }
}

impl Default for ToCause {
    fn default() -> Self {
        Self::new()
    }
}

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
    let (session, directory) = (expect_context::<Session>(), expect_context::<Directory>());
    let own = StoredValue::new(shown.now().map(|it| it.id));
    let (state, _) = fetched(
        Signal::derive(|| 0),
        Arc::new(move |api| {
            Box::pin(async move {
                match own.get_value() {
                    Some(id) => Ok(rows(api.load_events(&id).await?, directory)),
                    None => Ok(Vec::new()),
                }
            })
        }),
    );
    let open = move |key: String| {
        session.panels.event_key.set(Some(key));
        session.panels.tab.set(Some(PanelTab::Events));
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
    let to_cause = expect_context::<ToCause>();
    move || {
        let led = state.with(|state| matches!(state, Fetched::Rows(_)).then(|| led_to(state.rows())));
        // What cannot be fetched is no place to go to; the person is in the panel all the same.
        if !state.with(|state| *state == Fetched::Loading) {
            to_cause.arrive();
        }
        led.map(|led| {
            let none = led.is_empty().then(|| view! { <p class="none">"Nothing about it is in the log."</p> });
            view! {
                <section class="cause" aria-label="What came before" tabindex="-1">
                    <h3>"Before it"</h3>
                    {none}
                    <ol>{led.into_iter().map(row).collect_view()}</ol>
                </section>
            }
        })
    }
}

/// The newest first: what stands behind the newest problem, said once or several times. The nearest to it is told first.
fn led_to(rows: &[LogRow]) -> Vec<LogRow> {
    let began = rows.iter().position(|row| row.is_bad).unwrap_or(rows.len());
    rows[began..].iter().skip_while(|row| row.is_bad).take(BEFORE).cloned().collect()
}

/// The nearest to the problem, in a few words.
pub(super) fn nearest(answer: Value, directory: Directory) -> Option<String> {
    led_to(&rows(answer, directory)).first().map(|row| row.what.clone())
}
