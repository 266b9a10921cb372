//! The order of steps: which may start, which are skipped, and when the execution ends (see section 12.5 of docs/protocol.md).

use orrery_protocol::RunStatus;

use super::transitions::Turn;
use super::{Execution, Stage};
use crate::runner::definition::RunIf;

impl Execution {
    /// Starts or skips each step that waits for nothing more, until nothing changes; then ends, if all are done.
    pub(super) fn settle(&mut self, turn: &mut Turn<'_>) {
        while !self.is_over() {
            let free = |&step: &usize| {
                let dependencies = &self.definition.steps[step].depends_on;
                self.state.steps[step].stage == Stage::Pending
                    && dependencies.iter().all(|&it| self.state.steps[it].stage.is_terminal())
            };
            let free: Vec<usize> = (0..self.state.steps.len()).filter(free).collect();
            if free.is_empty() {
                break;
            }
            free.into_iter().for_each(|step| self.begin_step(turn, step));
        }
        if !self.is_over() && self.state.steps.iter().all(|step| step.stage.is_terminal()) {
            let failed = self.state.steps.iter().position(|step| step.stage == Stage::Failed);
            self.state.error_message = failed.map(|step| {
                let cause = self.state.steps[step].error.as_deref().unwrap_or("unknown");
                format!("step `{}` failed: {cause}", self.definition.steps[step].name)
            });
            self.end(turn, failed.map_or(RunStatus::Completed, |_| RunStatus::Failed));
        }
    }

    fn begin_step(&mut self, turn: &mut Turn<'_>, step: usize) {
        let definition = self.definition.clone();
        let planned = &definition.steps[step];
        if let Some(reason) = self.reason_to_skip(step) {
            return self.skip(turn, step, reason);
        }
        match planned.condition.as_ref().map(|condition| condition.holds(&self.state.variables)) {
            None | Some(Ok(true)) => self.attempt(turn, step),
            Some(Ok(false)) => self.skip(turn, step, "its condition is false".into()),
            Some(Err(error)) => {
                self.attempt_begins(turn, step);
                self.fail(turn, step, format!("condition_expression: {error}"));
            }
        }
    }

    /// Returns why a step does not run although everything that it depends on is over (see section 12.5 of docs/protocol.md).
    fn reason_to_skip(&self, step: usize) -> Option<String> {
        let (planned, steps) = (&self.definition.steps[step], &self.state.steps);
        let mut dependencies = planned.depends_on.iter();
        let has_completed = |step: &usize| steps[*step].stage == Stage::Completed;
        match planned.run_if {
            RunIf::AllDone => None,
            RunIf::AllSucceeded => dependencies.find(|step| !has_completed(step)).map(|&step| {
                format!("it depends on `{}`, which is {}", self.definition.steps[step].name, steps[step].stage.status())
            }),
            RunIf::AnySucceeded => {
                (!dependencies.any(has_completed)).then(|| "no step that it depends on completed".into())
            }
        }
    }
}
