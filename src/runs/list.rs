//! Rows of what runs and ran, each opening its page. Never which ones.

use leptos::prelude::*;

use super::ledger::Ledger;
use super::looks;
use super::pressed::named;
use crate::session::{RunRef, RunsPage, Session};
use crate::store::StoreSignals;
use crate::ui::moment::clock_short;

pub(super) fn rows(those: Memo<Vec<RunRef>>) -> AnyView {
    let session = expect_context::<Session>();
    let open = move |event: web_sys::MouseEvent| {
        let execution = named(&event, "data-execution-id").and_then(|id| id.parse().ok()).map(RunRef::Execution);
        let run = || named(&event, "data-run-id").and_then(|id| id.parse().ok()).map(RunRef::Run);
        if let Some(subject) = execution.or_else(run) {
            session.panels.runs_page.set(Some(RunsPage::One(subject)));
        }
    };
    view! {
        <ul class="run-rows" on:click=open>
            <For each=move || those.get() key=Clone::clone children=row />
        </ul>
    }
    .into_any()
}

/// The row stays the same element, whatever changes in it: a focus on it is not lost.
fn row(of: RunRef) -> AnyView {
    let (ledger, signals) = (expect_context::<Ledger>(), expect_context::<StoreSignals>());
    let content = move || {
        let row = ledger.row(&of);
        let (execution, run) = ids(&of);
        let status = row.status.to_string();
        let now = || signals.now.get().millis();
        let when = row.started.map(|at| clock_short(at, signals.now.get_untracked().millis()));
        let cause = row.cause.map(|words| view! { <span class="run-cause">{words}</span> }.into_any());
        view! {
            <button type="button" class="run-row" data-execution-id=execution data-run-id=run data-run=status.clone()>
                <i class="run-mark" data-run=status.clone()></i>
                <span class="run-name">{row.name}</span>
                <span class="run-took">{looks::took(row.took, row.started, now)}</span>
                <span class="run-more">
                    <span class="run-word" data-run=status.clone()>
                        {looks::words(&row.status)}
                    </span>
                    <span>{row.progress}</span>
                    <span>{when}</span>
                </span>
                {row.part.map(|part| view! { <span class="run-meter" aria-hidden="true" style:--done=part></span> }.into_any())}
                {cause}
            </button>
        }
        .into_any()
    };
    view! { <li>{content}</li> }.into_any()
}

/// As the page says which one it is.
pub(super) fn ids(of: &RunRef) -> (Option<String>, Option<String>) {
    match of {
        RunRef::Execution(id) => (Some(id.to_string()), None),
        RunRef::Run(id) => (None, Some(id.to_string())),
    }
}
