//! What a person decides about a run: to cancel it, to approve or to reject a step.

use leptos::prelude::*;
use orrery_protocol::{Execution, RunStatus, StepId};

use crate::api::ApiError;
use crate::commands::Commands;
use crate::session::Subject;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum RunCommand {
    Cancel,
    Decide { step: StepId, approved: bool },
}

/// Sends one command at a time, and keeps it pending until the events show its effect.
#[derive(Clone, Copy)]
pub(super) struct RunCommands {
    request: Action<RunCommand, Result<(), String>>,
    submitted: RwSignal<Option<RunCommand>>,
    pending: Memo<Option<RunCommand>>,
}

impl RunCommands {
    /// `on_answer` runs when the server has accepted or refused a command.
    pub(super) fn new(subject: Subject, execution: Memo<Option<Execution>>, on_answer: Callback<()>) -> Self {
        let commands = expect_context::<Commands>();
        let submitted = RwSignal::new(None::<RunCommand>);
        let request = Action::new_local(move |command: &RunCommand| {
            let (command, subject) = (command.clone(), subject.clone());
            async move {
                let answer = command.send(commands, &subject).await;
                on_answer.try_run(());
                answer.map_err(|error| format!("Could not {}: {error}", command.verb()))
            }
        });
        let pending = Memo::new(move |_| {
            let is_refused = request.value().with(|answer| matches!(answer, Some(Err(_))));
            let is_open = |command: &RunCommand| {
                !is_refused && execution.with(|it| it.as_ref().is_some_and(|it| !command.is_applied(it)))
            };
            submitted.get().filter(is_open)
        });
        Effect::new(move |_| {
            // A later question at the same step is a new one.
            if pending.get().is_none() && submitted.with_untracked(Option::is_some) {
                submitted.set(None);
            }
        });
        Self { request, submitted, pending }
    }

    /// Does nothing while another command is pending.
    pub(super) fn submit(&self, command: RunCommand) {
        if self.pending.get_untracked().is_none() {
            self.request.clear();
            self.submitted.set(Some(command.clone()));
            self.request.dispatch_local(command);
        }
    }

    /// Returns the command whose effect the events do not show yet. Reactive.
    pub(super) fn pending(&self) -> Memo<Option<RunCommand>> {
        self.pending
    }

    /// Returns why the last command was refused. Reactive.
    pub(super) fn error(&self) -> Option<String> {
        self.request.value().with(|answer| answer.as_ref().and_then(|answer| answer.as_ref().err().cloned()))
    }
}

impl RunCommand {
    fn verb(&self) -> &'static str {
        match self {
            Self::Cancel => "cancel the run",
            Self::Decide { approved: true, .. } => "approve",
            Self::Decide { approved: false, .. } => "reject",
        }
    }

    fn is_applied(&self, execution: &Execution) -> bool {
        match self {
            Self::Cancel => execution.status.is_terminal(),
            Self::Decide { step, .. } => {
                !execution.steps.iter().any(|it| it.step_id == *step && it.status == RunStatus::WaitingApproval)
            }
        }
    }

    async fn send(&self, commands: Commands, subject: &Subject) -> Result<(), ApiError> {
        let api = commands.ready()?;
        match self {
            Self::Cancel => api.cancel(subject).await,
            Self::Decide { step, approved } => api.decide(subject, step, *approved).await,
        }
    }
}
