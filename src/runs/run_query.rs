//! One run as its page shows it: the live record, what only the server knows, the selected step and the pending command.

use leptos::prelude::*;
use orrery_protocol::{Execution, RunStatus, Step, StepId};

use super::run_command::RunCommands;
use super::run_details::RunDetails;
use super::run_store::RunStore;
use super::run_summary::merge_live_status;
use super::spans::{AttemptSpan, step_spans};
use crate::api::ApiError;
use crate::commands::query::Query;
use crate::session::Subject;
use crate::store::StoreSignals;

/// Cheap to copy. Lives as long as the run's page.
#[derive(Clone, Copy)]
pub(super) struct RunQuery {
    subject: StoredValue<Subject>,
    /// From the events; from the server's answer where the page no longer holds the run.
    pub execution: Memo<Option<Execution>>,
    pub details: Query<RunDetails>,
    /// The step that was chosen, or else the most telling one.
    pub selected_step: Memo<Option<StepId>>,
    chosen_step: RwSignal<Option<StepId>>,
    /// The latest message of a task run.
    pub last_message: Memo<Option<String>>,
    pub commands: RunCommands,
    /// Milliseconds since 1970; ticks while the run is active.
    pub now: Signal<i64>,
}

impl RunQuery {
    pub(super) fn new(subject: Subject) -> Self {
        let (runs, signals) = (expect_context::<RunStore>(), expect_context::<StoreSignals>());
        let stored = StoredValue::new(subject.clone());
        let live = Memo::new(move |_| stored.with_value(|subject| runs.execution(subject)));
        let revision = Memo::new(move |previous: Option<&Option<u64>>| {
            live.track();
            Some(previous.copied().flatten().unwrap_or_default() + 1)
        });
        let request = Box::new(move |api| Box::pin(RunDetails::load(api, stored.get_value())) as _);
        let details = Query::<RunDetails>::new(revision.into(), request);
        let is_task = matches!(subject, Subject::Run(_));
        let execution = Memo::new(move |_| {
            let record = details.state().with(|state| state.answer().map(|details| details.execution.clone()));
            match (live.get(), record) {
                (Some(live), Some(record)) if is_task => Some(merge_live_status(record, live)),
                (live, record) => live.or(record),
            }
        });
        let chosen_step = RwSignal::new(None::<StepId>);
        let selected_step = Memo::new(move |_| {
            let chosen = chosen_step.get();
            execution.with(|execution| {
                let execution = execution.as_ref()?;
                let is_known = |id: &StepId| execution.steps.iter().any(|step| step.step_id == *id);
                chosen.filter(is_known).or_else(|| most_telling_step(execution))
            })
        });
        let now = Signal::derive(move || {
            let is_active = execution.with(|it| it.as_ref().is_some_and(|it| !it.status.is_terminal()));
            if is_active { signals.now.get().millis() } else { signals.now.get_untracked().millis() }
        });
        Self {
            subject: stored,
            execution,
            details,
            selected_step,
            chosen_step,
            last_message: Memo::new(move |_| stored.with_value(|subject| runs.last_message(subject))),
            commands: RunCommands::new(subject, execution, details.retry()),
            now,
        }
    }

    pub(super) fn subject(&self) -> Subject {
        self.subject.get_value()
    }

    pub(super) fn choose_step(&self, step: StepId) {
        self.chosen_step.set(Some(step));
    }

    /// Returns whether another program runs this: the server answered that it has no such run. Reactive.
    pub(super) fn is_foreign(&self) -> bool {
        let not_found = |error: &ApiError| matches!(error, ApiError::Refused { status: 404, .. });
        self.details.state().with(|state| state.error().is_some_and(not_found))
    }

    /// Returns whether the run can still be cancelled or decided on. Reactive.
    pub(super) fn is_open(&self) -> bool {
        self.read(|execution| !execution.status.is_terminal()) && !self.is_foreign()
    }

    /// Reads the execution, or the default while there is none. Reactive.
    pub(super) fn read<T: Default>(&self, read: impl FnOnce(&Execution) -> T) -> T {
        self.execution.with(|execution| execution.as_ref().map(read).unwrap_or_default())
    }

    /// Returns one step's record, which changes only when that step does.
    pub(super) fn step(&self, id: StepId) -> Memo<Option<Step>> {
        let query = *self;
        Memo::new(move |_| query.read(|execution| execution.steps.iter().find(|step| step.step_id == id).cloned()))
    }

    /// Returns the attempts at a step as spans of time. Reactive.
    pub(super) fn spans(&self, step: &Step) -> Vec<AttemptSpan> {
        self.details.state().with(|state| {
            let attempts = state.answer().map(|details| details.attempts.as_slice()).unwrap_or_default();
            step_spans(step, attempts)
        })
    }
}

/// Returns the step to show first: one that failed, waits for an approval, runs, or completed last.
fn most_telling_step(execution: &Execution) -> Option<StepId> {
    let rank = |step: &Step| match step.status {
        RunStatus::Failed => 0,
        RunStatus::WaitingApproval => 1,
        RunStatus::Retrying => 2,
        RunStatus::Running => 3,
        RunStatus::Completed => 4,
        _ => 5,
    };
    // The first failure is the cause, and the longest running step stays selected; of completed steps, the last.
    let age = |step: &Step| match step.status {
        RunStatus::Completed => -step.completed_at.map_or(0, |at| at.millis()),
        _ => step.completed_at.or(step.started_at).map_or(0, |at| at.millis()),
    };
    execution.steps.iter().min_by_key(|step| (rank(step), age(step))).map(|step| step.step_id.clone())
}
