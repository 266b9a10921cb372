//! The approvals that a run waits for. An approval can be given only when the server's answer says what is to be approved.

use leptos::prelude::*;
use orrery_protocol::{RunStatus, StepId};

use super::labels::step_name;
use super::run_command::RunCommand;
use super::run_details::RunDetails;
use super::run_list::StatusIcon;
use super::run_query::RunQuery;
use crate::commands::query::QueryState;
use crate::session::Subject;

#[component]
pub(super) fn Approvals(query: RunQuery) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        if !query.is_open() {
            return Vec::new();
        }
        query.read(|execution| {
            let waiting = execution.steps.iter().filter(|step| step.status == RunStatus::WaitingApproval);
            waiting.map(|step| step.step_id.clone()).collect::<Vec<StepId>>()
        })
    });
    view! {
        <div class="run-approvals">
            <For each=move || waiting.get() key=Clone::clone let:id>
                <Approval query=query id=id />
            </For>
        </div>
    }
}

#[derive(Debug, Clone, PartialEq)]
enum ApprovalState {
    Loading,
    /// The request is known, and the server waits for a decision.
    Open {
        title: String,
    },
    /// The page says elsewhere why the run's details could not be loaded, and how to try again.
    Unavailable,
}

#[component]
fn Approval(query: RunQuery, id: StepId) -> impl IntoView {
    let step = StoredValue::new(id.clone());
    let state = Memo::new(move |_| step.with_value(|id| query.details.state().with(|state| approval_state(state, id))));
    let record = query.step(id.clone());
    let name = record.with_untracked(|record| record.as_ref().map(step_name).unwrap_or_default());
    let description = match query.subject() {
        Subject::Execution(_) => format!("“{name}” is waiting for your approval."),
        Subject::Run(_) => "This task is waiting for your approval.".to_owned(),
    };
    let content = move || match state.get() {
        ApprovalState::Loading => view! { <p role="status">"Loading the approval request…"</p> }.into_any(),
        ApprovalState::Unavailable => {
            view! { <p>"You can decide on this step after the run's details are loaded."</p> }.into_any()
        }
        ApprovalState::Open { title } => view! {
            <p class="run-approval-title">{title}</p>
            <p>{description.clone()}</p>
        }
        .into_any(),
    };
    let is_open = Memo::new(move |_| state.with(|state| matches!(state, ApprovalState::Open { .. })));
    view! {
        <div class="run-approval" role="group" aria-label=format!("Approval for {name}") data-step-id=id.to_string()>
            <StatusIcon status="waiting_approval".to_owned() />
            <div class="run-text">{content}</div>
            <Show when=move || is_open.get()>
                <div class="actions">
                    <Decision query=query step=step approved=true />
                    <Decision query=query step=step approved=false />
                </div>
            </Show>
        </div>
    }
}

/// The button stays focusable while a command is pending, so that the keyboard does not lose its place.
#[component]
fn Decision(query: RunQuery, step: StoredValue<StepId>, approved: bool) -> impl IntoView {
    let (class, variant, verb, progress) = match approved {
        true => ("button run-approve", Some("primary"), "Approve", "Approving…"),
        false => ("button run-reject", None, "Reject", "Rejecting…"),
    };
    let command = move || RunCommand::Decide { step: step.get_value(), approved };
    let pending = query.commands.pending();
    let label = move || if pending.get() == Some(command()) { progress } else { verb };
    view! {
        <button
            type="button"
            class=class
            data-variant=variant
            aria-disabled=move || pending.with(Option::is_some).then_some("true")
            on:click=move |_| query.commands.submit(command())
        >
            {label}
        </button>
    }
}

/// Fails closed: an answer that could not be loaded, or that does not contain the request, cannot be approved.
fn approval_state(details: &QueryState<RunDetails>, step: &StepId) -> ApprovalState {
    match details {
        QueryState::Loading => ApprovalState::Loading,
        QueryState::Failed { .. } => ApprovalState::Unavailable,
        QueryState::Loaded(details) => match details.open_request(step) {
            Some(request) => ApprovalState::Open { title: request.title.clone() },
            // The step began to wait after the details were loaded: they are being loaded again.
            None => ApprovalState::Loading,
        },
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Execution, ExecutionId, Step};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::run_details::ApprovalRequest;
    use super::*;
    use crate::api::ApiError;

    fn details(status: RunStatus, has_request: bool) -> RunDetails {
        let mut execution = Execution::new(ExecutionId::parse("e").unwrap());
        let mut step = Step::new(StepId::parse("s").unwrap());
        step.status = status;
        execution.steps = vec![step];
        let request = ApprovalRequest { step: StepId::parse("s").unwrap(), title: "Ship it?".to_owned() };
        let approval_requests = if has_request { vec![request] } else { Vec::new() };
        RunDetails { execution, attempts: Vec::new(), approval_requests }
    }

    #[wasm_bindgen_test]
    fn approval_is_offered_only_for_a_known_open_request() {
        use RunStatus::{Running, Unknown, WaitingApproval};
        let step = StepId::parse("s").unwrap();
        let state = |details: QueryState<RunDetails>| approval_state(&details, &step);
        let open = ApprovalState::Open { title: "Ship it?".to_owned() };
        assert_eq!(state(QueryState::Loaded(details(WaitingApproval, true))), open);
        for (status, has_request) in [(WaitingApproval, false), (Running, true), (Unknown, true)] {
            assert_eq!(state(QueryState::Loaded(details(status, has_request))), ApprovalState::Loading);
        }
        assert_eq!(state(QueryState::Loading), ApprovalState::Loading);
        let failed = QueryState::Failed { error: ApiError::Unreachable, stale: Some(details(WaitingApproval, true)) };
        assert_eq!(state(failed), ApprovalState::Unavailable);
    }
}
