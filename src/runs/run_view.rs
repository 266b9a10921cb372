//! The page of one run: its state, why it failed, what it waits for, its steps as a graph and over time.

use leptos::prelude::*;
use orrery_protocol::{Execution, StepId};

use super::approvals::Approvals;
use super::labels::{duration, status_label, step_name};
use super::overlay::focus_title;
use super::run_command::RunCommand;
use super::run_list::{StatusIcon, StatusLabel, subject_ids};
use super::run_query::RunQuery;
use super::run_summary::{RunSummary, display_status, failure};
use super::step_details::StepDetails;
use super::step_graph::{StepGraph, step_layout};
use super::timeline::Timeline;
use crate::session::RunRef;
use crate::ui::list_state::{ListPlaceholder, LoadError};
use crate::ui::time::format_time_of_day;

#[component]
pub(super) fn RunView(subject: RunRef) -> impl IntoView {
    let (execution_id, run_id) = subject_ids(&subject);
    let query = RunQuery::new(subject);
    let layout = step_layout(query);
    restore_focus_after_command(query);
    let is_known = Memo::new(move |_| query.execution.with(Option::is_some));
    let has_steps = Memo::new(move |_| query.read(|execution| !execution.steps.is_empty()));
    let status = Memo::new(move |_| query.read(display_status).to_string());
    let placeholder = move || {
        view! {
            <ListPlaceholder
                state=query.details.list_state(|_| false)
                subject="the run"
                empty=""
                on_retry=query.details.retry()
            />
        }
    };
    view! {
        <Show when=move || is_known.get() fallback=placeholder>
            <article
                class="run-page"
                data-run=move || status.get()
                data-execution-id=execution_id.clone()
                data-run-id=run_id.clone()
            >
                <RunHeader query=query />
                {move || query.commands.error().map(|error| view! { <p class="problem" role="alert">{error}</p> })}
                <Failure query=query />
                <Approvals query=query />
                <Notice query=query />
                <Show when=move || has_steps.get()>
                    <div class="run-body">
                        <StepGraph query=query layout=layout />
                        <StepDetails query=query />
                        <Timeline query=query layout=layout />
                    </div>
                </Show>
            </article>
        </Show>
    }
}

/// A status region announces changes of the status and the progress, not every second of the duration.
#[component]
fn RunHeader(query: RunQuery) -> impl IntoView {
    let summary = Memo::new(move |_| query.read(RunSummary::of_execution));
    let status = move || summary.with(|summary| summary.status.to_string());
    let announced = move || {
        let RunSummary { status, progress, .. } = summary.get();
        let progress = Some(progress).filter(|progress| !progress.is_empty()).or_else(|| query.last_message.get());
        view! {
            <StatusLabel status=status.to_string() label=status_label(&status) />
            {progress.map(|progress| view! { <span>{progress}</span> })}
        }
    };
    let took = move || {
        let (took, started_at) = summary.with(|summary| (summary.took, summary.started_at));
        duration(took, started_at, || query.now.get())
    };
    let started = move || {
        let started_at = summary.with(|summary| summary.started_at);
        started_at.map(|at| format!("Started {}", format_time_of_day(at, query.now.get_untracked())))
    };
    view! {
        <header class="run-head">
            <StatusIcon status=Signal::derive(status) />
            <p class="run-facts">
                <span class="run-state" role="status">
                    {announced}
                </span>
                <span class="run-duration">{took}</span>
                <span>{started}</span>
            </p>
            <Show when=move || query.is_open()>
                <CancelButton query=query />
            </Show>
        </header>
    }
}

/// The button stays focusable while a command is pending, so that the keyboard does not lose its place.
#[component]
fn CancelButton(query: RunQuery) -> impl IntoView {
    let pending = query.commands.pending();
    let label = move || if pending.get() == Some(RunCommand::Cancel) { "Cancelling…" } else { "Cancel run" };
    view! {
        <button
            type="button"
            class="button run-cancel"
            aria-disabled=move || pending.with(Option::is_some).then_some("true")
            on:click=move |_| query.commands.submit(RunCommand::Cancel)
        >
            {label}
        </button>
    }
}

/// Why the run failed, and at which step.
#[component]
fn Failure(query: RunQuery) -> impl IntoView {
    let cause = Memo::new(move |_| query.read(failure_cause));
    move || {
        cause.get().map(|(step, reason)| {
            let step = step.map(|(id, name, attempts)| {
                let after = if attempts > 1 { format!(" after {attempts} attempts") } else { String::new() };
                view! {
                    <p>
                        <button type="button" class="link" on:click=move |_| query.choose_step(id.clone())>
                            {name}
                        </button>
                        <span>{format!(" failed{after}")}</span>
                    </p>
                }
            });
            view! {
                <div class="run-failure" role="alert">
                    <StatusIcon status="failed".to_owned() />
                    <div class="run-text">
                        {step}
                        <p class="run-reason">{reason}</p>
                    </div>
                </div>
            }
        })
    }
}

/// The failed step's id, name and attempts, if one is known, and the reason.
type FailureCause = (Option<(StepId, String, u32)>, String);

fn failure_cause(execution: &Execution) -> Option<FailureCause> {
    let (step, reason) = failure(execution)?;
    Some((step.map(|step| (step.step_id.clone(), step_name(step), step.attempt)), reason))
}

/// Why there is no more to show, or nothing to decide.
#[component]
fn Notice(query: RunQuery) -> impl IntoView {
    let error = Memo::new(move |_| query.details.state().with(|state| state.error().map(ToString::to_string)));
    let is_foreign = Memo::new(move |_| query.is_foreign());
    move || {
        match (error.get(), is_foreign.get()) {
        (None, _) => ().into_any(),
        (Some(_), true) => view! {
            <p class="run-notice">
                "This run belongs to another program. You can follow it here, but you can only approve or cancel it there."
            </p>
        }
        .into_any(),
        (Some(error), false) => {
            let message = format!("Could not load the run's details: {error}");
            view! { <LoadError message=message on_retry=query.details.retry() /> }.into_any()
        }
    }
    }
}

/// Moves the focus to the page's title when a command's button went away with the focus in it.
fn restore_focus_after_command(query: RunQuery) {
    let pending = query.commands.pending();
    Effect::new(move |was_pending: Option<bool>| {
        let is_pending = pending.with(Option::is_some);
        if was_pending == Some(true) && !is_pending {
            request_animation_frame(|| {
                if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                    focus_title();
                }
            });
        }
        is_pending
    });
}
