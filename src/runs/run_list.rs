//! A list of runs, each opening its page.

use leptos::prelude::*;

use super::labels::{duration, status_label};
use super::run_store::RunStore;
use super::run_summary::RunSummary;
use crate::session::{RunsPage, Session, Subject};
use crate::store::StoreSignals;
use crate::ui::state::{Message, Skeleton};
use crate::ui::time::format_time_of_day_short;

/// Shows `empty_title` and `empty` when there are no runs.
#[component]
pub(super) fn RunList(
    runs: Memo<Vec<Subject>>,
    #[prop(into)] empty_title: Signal<String>,
    #[prop(into)] empty: Signal<String>,
) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let placeholder = move || match (runs.with(Vec::is_empty), signals.loaded.get()) {
        (false, _) => ().into_any(),
        (true, false) => view! { <Skeleton label="Loading runs" /> }.into_any(),
        (true, true) => view! { <Message title=empty_title.get() words=empty /> }.into_any(),
    };
    view! {
        {placeholder}
        <ul class="run-rows">
            <For each=move || runs.get() key=Clone::clone let:subject>
                <li>
                    <RunRow subject=subject />
                </li>
            </For>
        </ul>
    }
}

/// The button stays the same element whatever changes in it, so that it keeps the focus.
#[component]
fn RunRow(subject: Subject) -> impl IntoView {
    let (runs, signals) = (expect_context::<RunStore>(), expect_context::<StoreSignals>());
    let session = expect_context::<Session>();
    let (execution_id, run_id) = subject_ids(&subject);
    let target = subject.clone();
    let summary = Memo::new(move |_| runs.summary(&subject));
    let status = Memo::new(move |_| summary.with(|summary| summary.status.to_string()));
    let took = move || {
        let (took, started_at) = summary.with(|summary| (summary.took, summary.started_at));
        duration(took, started_at, || signals.now.get().millis())
    };
    let details = move || {
        let RunSummary { status, progress, finished, started_at, failure, .. } = summary.get();
        let started_at = started_at.map(|at| format_time_of_day_short(at, signals.now.get_untracked().millis()));
        view! {
            <span class="run-meta">
                <StatusLabel status=status.to_string() label=status_label(&status) />
                <span>{progress}</span>
                <span>{started_at}</span>
            </span>
            {finished.map(|part| view! { <span class="run-meter" aria-hidden="true" style:--done=part></span> })}
            {failure.map(|reason| view! { <span class="run-cause">{reason}</span> })}
        }
    };
    view! {
        <button
            type="button"
            class="run-row"
            data-execution-id=execution_id
            data-run-id=run_id
            data-run=move || status.get()
            on:click=move |_| session.runs.set(Some(RunsPage::One(target.clone())))
        >
            <StatusIcon status=status />
            <span class="run-name">{move || summary.with(|summary| summary.name.clone())}</span>
            <span class="run-duration">{took}</span>
            {details}
        </button>
    }
}

#[component]
pub(super) fn StatusIcon(#[prop(into)] status: Signal<String>) -> impl IntoView {
    view! { <i class="run-icon" data-run=move || status.get()></i> }
}

#[component]
pub(super) fn StatusLabel(status: String, label: String) -> impl IntoView {
    view! {
        <span class="run-status" data-run=status>
            {label}
        </span>
    }
}

/// Returns the values of `data-execution-id` and `data-run-id`.
pub(super) fn subject_ids(subject: &Subject) -> (Option<String>, Option<String>) {
    match subject {
        Subject::Execution(id) => (Some(id.to_string()), None),
        Subject::Run(id) => (None, Some(id.to_string())),
    }
}
