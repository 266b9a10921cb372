//! Rows of executions, each opening its page. Never which ones.

use leptos::prelude::*;
use orrery_protocol::ExecutionId;

use super::ledger::Ledger;
use super::looks;
use super::pressed::named;
use crate::live::Live;
use crate::session::{RunsPage, Session};
use crate::ui::moment::clock_short;

pub(super) fn rows(ids: Memo<Vec<ExecutionId>>) -> AnyView {
    let session = expect_context::<Session>();
    let open = move |event: web_sys::MouseEvent| {
        if let Some(id) = named(&event, "data-execution-id").and_then(|id| id.parse().ok()) {
            session.runs.set(Some(RunsPage::One(id)));
        }
    };
    view! {
        <ul class="run-rows" on:click=open>
            <For each=move || ids.get() key=Clone::clone children=row />
        </ul>
    }
    .into_any()
}

/// The row stays the same element, whatever changes in it: a focus on it is not lost.
fn row(id: ExecutionId) -> AnyView {
    let (ledger, live) = (expect_context::<Ledger>(), expect_context::<Live>());
    let content = move || {
        let row = ledger.row(&id);
        let status = row.status.to_string();
        let now = || live.now.get().millis();
        let when = row.started.map(|at| clock_short(at, live.now.get_untracked().millis()));
        let cause = row.cause.map(|words| view! { <span class="run-cause">{words}</span> }.into_any());
        view! {
            <button type="button" class="run-row" data-execution-id=id.to_string() data-run=status.clone()>
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
                <span class="run-meter" aria-hidden="true" style:--done=row.part></span>
                {cause}
            </button>
        }
        .into_any()
    };
    view! { <li>{content}</li> }.into_any()
}
