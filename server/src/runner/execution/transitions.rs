//! The transitions, and the order laws they keep: no step before its dependencies, one terminal event, nothing after
//! it, a dependency that did not complete skips what waits for it. Never the words of events.

use orrery_protocol::{RunStatus, Timestamp};
use serde_json::{Value, json};

use super::wording::Said;
use super::{Advance, Effect, Execution, Failure, Input, Job, Refusal, Setting, Stage};
use crate::runner::definition::{Place, Work};
use crate::runner::variables::Undeclared;

/// Ten minutes: no backoff grows beyond it.
const LONGEST_BACKOFF: i64 = 600_000;

impl Execution {
    pub fn advance(&mut self, input: Input, setting: &Setting<'_>) -> Result<Advance, Refusal> {
        let mut turn = Turn { setting, advance: Advance::default() };
        match input {
            Input::Finished { .. } | Input::Interrupted | Input::Abandoned { .. } | Input::Tick if self.is_over() => {
                return Ok(turn.advance);
            }
            _ if self.is_over() => return Err(Refusal::Over(self.state.status.clone())),
            Input::Finished { step, attempt, outcome } => self.finished(&mut turn, step, attempt, outcome),
            Input::Decided { step, approved, feedback } => self.decided(&mut turn, step, approved, feedback)?,
            Input::Cancelled { reason } => self.cancel(&mut turn, reason),
            Input::Interrupted => self.interrupted(&mut turn),
            Input::Abandoned { reason } => self.abandon(&mut turn, reason),
            Input::Tick => self.tick(&mut turn),
        }
        self.settle(&mut turn);
        Ok(turn.advance)
    }

    pub(super) fn start(&mut self, setting: &Setting<'_>) -> Advance {
        let mut turn = Turn { setting, advance: Advance::default() };
        self.say(&mut turn, Said::Started);
        self.settle(&mut turn);
        turn.advance
    }

    fn finished(&mut self, turn: &mut Turn<'_>, step: usize, attempt: u32, outcome: Result<Value, Failure>) {
        let current = self.state.steps.get(step).is_some_and(|state| state.attempt == attempt);
        if !current || !matches!(self.state.steps[step].stage, Stage::Running { .. }) {
            return;
        }
        match outcome {
            Ok(output) => self.complete(turn, step, output),
            Err(Failure { reason, may_retry: true }) => self.attempt_failed(turn, step, reason),
            Err(Failure { reason, may_retry: false }) => self.fail(turn, step, reason),
        }
    }

    fn decided(
        &mut self,
        turn: &mut Turn<'_>,
        step: usize,
        approved: bool,
        feedback: Option<String>,
    ) -> Result<(), Refusal> {
        let stage = self.state.steps[step].stage;
        if !matches!(stage, Stage::WaitingApproval { .. }) {
            let step = self.definition.steps[step].name.clone();
            return Err(Refusal::NotWaiting { step, status: stage.status() });
        }
        self.say(turn, Said::Decided { step, approved, feedback: feedback.clone() });
        match (approved, feedback) {
            (true, feedback) => self.complete(turn, step, json!({ "approved": true, "feedback": feedback })),
            (false, None) => self.fail(turn, step, "rejected".into()),
            (false, Some(feedback)) => self.fail(turn, step, format!("rejected: {feedback}")),
        }
        Ok(())
    }

    fn cancel(&mut self, turn: &mut Turn<'_>, reason: Option<String>) {
        for step in 0..self.state.steps.len() {
            if !self.state.steps[step].stage.is_terminal() {
                self.stop(turn, step);
                self.end_step(turn.setting.now, step, Stage::Cancelled);
            }
        }
        self.state.error_message = reason;
        self.end(turn, RunStatus::Cancelled);
    }

    fn interrupted(&mut self, turn: &mut Turn<'_>) {
        for step in 0..self.state.steps.len() {
            if matches!(self.state.steps[step].stage, Stage::Running { .. }) {
                self.attempt_failed(turn, step, "the server stopped while this step ran".into());
            }
        }
    }

    fn tick(&mut self, turn: &mut Turn<'_>) {
        let now = turn.setting.now;
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            let seconds = self.definition.workflow.timeout_seconds.unwrap_or_default();
            return self.abandon(turn, format!("the workflow timed out after {seconds} s"));
        }
        for step in 0..self.state.steps.len() {
            match self.state.steps[step].stage {
                Stage::Running { until: Some(until) } if until <= now => {
                    self.stop(turn, step);
                    self.attempt_failed(turn, step, self.timed_out(step));
                }
                Stage::WaitingApproval { until: Some(until) } if until <= now => {
                    self.fail(turn, step, format!("nobody decided: {}", self.timed_out(step)));
                }
                Stage::Waiting { until } if until <= now => match self.wait_fits(step) {
                    true => self.complete(turn, step, Value::Null),
                    false => self.fail(turn, step, self.timed_out(step)),
                },
                Stage::Retrying { at } if at <= now => self.attempt(turn, step),
                _ => {}
            }
        }
    }

    /// Ends the whole execution: what runs fails, what never began is skipped.
    fn abandon(&mut self, turn: &mut Turn<'_>, reason: String) {
        for step in 0..self.state.steps.len() {
            match self.state.steps[step].stage {
                Stage::Pending => self.skip(turn, step, reason.clone()),
                stage if !stage.is_terminal() => {
                    self.stop(turn, step);
                    self.fail(turn, step, reason.clone());
                }
                _ => {}
            }
        }
        self.state.error_message = Some(reason);
        self.end(turn, RunStatus::Failed);
    }

    pub(super) fn attempt(&mut self, turn: &mut Turn<'_>, step: usize) {
        let definition = self.definition.clone();
        let now = turn.setting.now;
        let until = definition.steps[step].timeout.map(|timeout| now.plus_millis(timeout));
        match &definition.steps[step].work {
            Work::Agent { message, place } => {
                let workspace_id = match place {
                    Place::Workspace(id) => Some(id.clone()),
                    Place::Fitting(wanted) => (turn.setting.fitting)(wanted),
                };
                self.state.steps[step].workspace_id.clone_from(&workspace_id);
                self.attempt_begins(turn, step);
                match (self.state.variables.fill(message), workspace_id) {
                    (Err(error), _) => self.fail(turn, step, error.to_string()),
                    (_, None) => {
                        self.attempt_failed(turn, step, "no online workspace meets the agent_requirements".into());
                    }
                    (Ok(message), Some(workspace_id)) => {
                        self.run(turn, step, until, Job::Agent { message, workspace_id });
                    }
                }
            }
            Work::Http { method, url, body } => {
                self.attempt_begins(turn, step);
                let mut expansion = self.state.variables.expansion(Undeclared::Refused);
                let url = expansion.text(url);
                let body = body.as_ref().map(|body| expansion.json(body)).transpose();
                match url.and_then(|url| Ok((url, body?))) {
                    Err(error) => self.fail(turn, step, error.to_string()),
                    Ok((url, body)) => self.run(turn, step, until, Job::Http { method: method.clone(), url, body }),
                }
            }
            Work::Condition => {
                self.attempt_begins(turn, step);
                self.complete(turn, step, json!({ "result": true }));
            }
            Work::Approval { title } => {
                self.attempt_begins(turn, step);
                self.state.steps[step].stage = Stage::WaitingApproval { until };
                let title = self.state.variables.fill(title).unwrap_or_else(|_| title.clone());
                self.say(turn, Said::ApprovalRequired { step, title });
            }
            Work::Wait { time } => {
                self.attempt_begins(turn, step);
                let until = until.into_iter().chain([now.plus_millis(*time)]).min();
                self.state.steps[step].stage = Stage::Waiting { until: until.expect("two times were compared") };
            }
        }
    }

    fn run(&mut self, turn: &mut Turn<'_>, step: usize, until: Option<Timestamp>, job: Job) {
        let state = &mut self.state.steps[step];
        state.stage = Stage::Running { until };
        turn.advance.effects.push(Effect::Run { step, attempt: state.attempt, job });
    }

    pub(super) fn attempt_begins(&mut self, turn: &mut Turn<'_>, step: usize) {
        let state = &mut self.state.steps[step];
        state.attempt += 1;
        state.error = None;
        state.started_at.get_or_insert(turn.setting.now);
        state.attempt_at = Some(turn.setting.now);
        self.say(turn, Said::StepStarted { step });
    }

    /// One attempt failed: the next one is due after a pause, or the step has failed.
    fn attempt_failed(&mut self, turn: &mut Turn<'_>, step: usize, error: String) {
        let planned = &self.definition.steps[step];
        let attempt = self.state.steps[step].attempt;
        if attempt > planned.max_retries {
            return self.fail(turn, step, error);
        }
        let pause = planned.backoff.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(LONGEST_BACKOFF);
        let state = &mut self.state.steps[step];
        state.stage = Stage::Retrying { at: turn.setting.now.plus_millis(pause) };
        state.error = Some(error);
        self.say(turn, Said::StepRetrying { step, pause });
    }

    fn complete(&mut self, turn: &mut Turn<'_>, step: usize, output: Value) {
        self.state.variables.record_output(&self.definition.steps[step].name, &output);
        self.state.steps[step].output = Some(output);
        self.end_step(turn.setting.now, step, Stage::Completed);
        self.say(turn, Said::StepCompleted { step });
    }

    pub(super) fn fail(&mut self, turn: &mut Turn<'_>, step: usize, error: String) {
        self.state.variables.record_no_output(&self.definition.steps[step].name);
        self.state.steps[step].error = Some(error);
        self.end_step(turn.setting.now, step, Stage::Failed);
        self.say(turn, Said::StepFailed { step });
    }

    pub(super) fn skip(&mut self, turn: &mut Turn<'_>, step: usize, reason: String) {
        self.state.variables.record_no_output(&self.definition.steps[step].name);
        self.state.steps[step].error = Some(reason);
        self.end_step(turn.setting.now, step, Stage::Skipped);
        self.say(turn, Said::StepSkipped { step });
    }

    fn stop(&mut self, turn: &mut Turn<'_>, step: usize) {
        let state = &self.state.steps[step];
        if matches!(state.stage, Stage::Running { .. }) {
            turn.advance.effects.push(Effect::Stop { step, attempt: state.attempt });
        }
    }

    fn end_step(&mut self, now: Timestamp, step: usize, stage: Stage) {
        let state = &mut self.state.steps[step];
        state.stage = stage;
        state.completed_at = Some(now);
    }

    pub(super) fn end(&mut self, turn: &mut Turn<'_>, status: RunStatus) {
        self.state.status = status;
        self.state.completed_at = Some(turn.setting.now);
        self.say(turn, Said::Ended);
    }

    fn say(&self, turn: &mut Turn<'_>, said: Said) {
        turn.advance.events.push(self.word(said, turn.setting.now));
    }
}

/// One input being worked on.
pub(super) struct Turn<'a> {
    setting: &'a Setting<'a>,
    advance: Advance,
}
