//! The events that preceded a failure or a degradation, each linked to its entry in the log.

use leptos::prelude::*;
use orrery_protocol::{Status, WorkspaceId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::events::query_events;
use super::log_list::LogRow;
use super::selected_workspace::SelectedWorkspace;
use crate::commands::query::QueryState;
use crate::session::{PanelTab, Session};
use crate::ui::time::format_time_of_day_short;

/// Moves the focus to the causes when they were requested on a card. Provided by context.
#[derive(Clone, Copy)]
pub struct CauseFocus(RwSignal<bool>);

impl CauseFocus {
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }

    pub fn request(&self) {
        self.0.set(true);
    }

    /// Focuses the first cause, if that was requested. Reactive.
    fn focus_if_requested(&self) {
        if self.0.get() {
            self.0.set(false);
            // The causes are in the document after the next frame.
            request_animation_frame(|| {
                let found = |selector: &str| document().query_selector(selector).ok().flatten();
                let target = found(".cause-row").or_else(|| found(".cause"));
                if let Some(target) = target.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                    let _ = target.focus();
                }
            });
        }
    }
}

impl Default for CauseFocus {
    fn default() -> Self {
        Self::new()
    }
}

const LIMIT: usize = 3;

/// Renders nothing while the workspace has no problem.
#[component]
pub(super) fn Causes(workspace: SelectedWorkspace) -> impl IntoView {
    let problem = workspace.field(|it| {
        let has_problem = matches!(it.status, Status::Failed | Status::Degraded);
        has_problem.then(|| (it.id.clone(), it.status_since.millis()))
    });
    // The events are loaded anew for each problem.
    move || problem.get().map(|(id, _)| view! { <CauseList id=id /> })
}

#[component]
fn CauseList(id: WorkspaceId) -> impl IntoView {
    let cause_focus = expect_context::<CauseFocus>();
    let events = query_events(id, Signal::stored(0));
    let causes = Memo::new(move |_| {
        events.state().with(|state| match state {
            QueryState::Loaded(rows) => Some(preceding_events(rows)),
            _ => None,
        })
    });
    let is_loading = Memo::new(move |_| events.state().with(|state| *state == QueryState::Loading));
    Effect::new(move |_| {
        if !is_loading.get() {
            cause_focus.focus_if_requested();
        }
    });
    move || {
        causes.get().map(|causes| {
            let none = causes.is_empty().then(|| view! { <p class="none">"No earlier events in the log."</p> });
            view! {
                <section class="cause" aria-label="Events before the problem" tabindex="-1">
                    <h3>"Before the problem"</h3>
                    {none}
                    <ol>{causes.into_iter().map(cause_row).collect_view()}</ol>
                </section>
            }
        })
    }
}

fn cause_row(row: LogRow) -> AnyView {
    let session = expect_context::<Session>();
    let time = row.at.map(|at| format_time_of_day_short(at, at));
    let open = move |_| {
        session.panels.event_key.set(Some(row.key.clone()));
        session.panels.tab.set(Some(PanelTab::Events));
    };
    view! {
        <li>
            <button type="button" class="cause-row" title="Show event" on:click=open>
                <span class="cause-time">{time}</span>
                <span class="cause-text">{row.title}</span>
            </button>
        </li>
    }
    .into_any()
}

/// Returns the events before the latest problem, newest first. Repeated problem events are one problem.
pub(super) fn preceding_events(rows: &[LogRow]) -> Vec<LogRow> {
    let problem = rows.iter().position(|row| row.is_problem).unwrap_or(rows.len());
    rows[problem..].iter().skip_while(|row| row.is_problem).take(LIMIT).cloned().collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn titles(problems: &[bool]) -> Vec<String> {
        let row = |(index, is_problem): (usize, &bool)| LogRow {
            title: index.to_string(),
            is_problem: *is_problem,
            ..LogRow::default()
        };
        let rows: Vec<LogRow> = problems.iter().enumerate().map(row).collect();
        preceding_events(&rows).into_iter().map(|row| row.title).collect()
    }

    #[wasm_bindgen_test]
    fn causes_are_the_events_before_the_latest_problem() {
        assert_eq!(titles(&[false, true, true, false, false, true, false]), ["3", "4", "5"]);
        assert_eq!(titles(&[true]), [""; 0]);
        assert_eq!(titles(&[false, false]), [""; 0]);
    }
}
