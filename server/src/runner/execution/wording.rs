//! The words of an execution's events (see section 4.4 of docs/protocol.md): a workflow's own, or those of a task's run. Never decides anything.

use orrery_protocol::{RunEvent, RunEventKind as Kind, RunStatus, Timestamp};
use serde_json::{Map, Value, json};

use super::{Execution, Stage, Subject};
use crate::runner::definition::Work;

/// What there is to say. The details are read from the execution, which has just moved there.
#[derive(Debug)]
pub(super) enum Said {
    Started,
    StepStarted { step: usize },
    StepRetrying { step: usize, pause: i64 },
    StepCompleted { step: usize },
    StepFailed { step: usize },
    StepSkipped { step: usize },
    ApprovalRequired { step: usize, title: String },
    Decided { step: usize, approved: bool, feedback: Option<String> },
    Ended,
}

impl Execution {
    pub(super) fn word(&self, said: Said, now: Timestamp) -> RunEvent {
        let mut event = match &self.state.subject {
            Subject::Workflow => self.workflow_words(&said, now),
            Subject::Task { .. } => self.run_words(&said, now),
        };
        match &self.state.subject {
            Subject::Workflow => {
                event.workflow_id.clone_from(&self.definition.workflow.workflow_id);
                event.workflow_execution_id = Some(self.state.execution_id.clone());
                if let Some(step) = said.step() {
                    event.workflow_step_id.clone_from(&self.definition.workflow.steps[step].step_id);
                    event.workspace_id.clone_from(&self.state.steps[step].workspace_id);
                }
            }
            Subject::Task { task_id, run_id, workspace_id } => {
                let step = said.step().and_then(|step| self.state.steps[step].workspace_id.clone());
                event.task_id = Some(task_id.clone());
                event.run_id = Some(run_id.clone());
                event.workspace_id = step.or_else(|| workspace_id.clone());
            }
        }
        event
    }

    fn workflow_words(&self, said: &Said, now: Timestamp) -> RunEvent {
        let workflow = &*self.definition.workflow.name;
        let (kind, data, message) = match said {
            Said::Started => (
                Kind::WorkflowStarted,
                json!({ "workflow_name": workflow, "input_variables": self.state.variables,
                        "step_count": self.state.steps.len(), "steps": self.plan() }),
                format!("Workflow '{workflow}' started execution"),
            ),
            Said::Ended => self.workflow_ended(now),
            Said::StepStarted { step } => (
                Kind::StepStarted,
                self.step_data(*step, json!({ "step_type": self.definition.workflow.steps[*step].step_type, "attempt": self.state.steps[*step].attempt })),
                format!("Step '{}' started", self.name(*step)),
            ),
            Said::StepRetrying { step, pause } => (
                Kind::StepRetrying,
                self.step_data(*step, json!({ "error_message": self.state.steps[*step].error, "attempt": self.state.steps[*step].attempt,
                        "max_retries": self.definition.steps[*step].max_retries, "retry_in_seconds": *pause as f64 / 1000.0 })),
                format!("Step '{}' is tried again: {}", self.name(*step), self.error(*step)),
            ),
            Said::StepCompleted { step } => (
                Kind::StepCompleted,
                self.step_data(*step, json!({ "output_data": self.state.steps[*step].output, "duration_seconds": self.step_seconds(*step) })),
                format!("Step '{}' completed", self.name(*step)),
            ),
            Said::StepFailed { step } => (
                Kind::StepFailed,
                self.step_data(*step, json!({ "error_message": self.state.steps[*step].error, "duration_seconds": self.step_seconds(*step),
                        "attempt": self.state.steps[*step].attempt })),
                format!("Step '{}' failed: {}", self.name(*step), self.error(*step)),
            ),
            Said::StepSkipped { step } => (
                Kind::StepSkipped,
                self.step_data(*step, json!({ "reason": self.state.steps[*step].error })),
                format!("Step '{}' skipped: {}", self.name(*step), self.error(*step)),
            ),
            Said::ApprovalRequired { step, title } => (
                Kind::ApprovalRequired,
                self.step_data(*step, json!({ "title": title, "attempt": self.state.steps[*step].attempt })),
                format!("'{}' waits for approval: {title}", self.name(*step)),
            ),
            Said::Decided { step, approved, feedback } => (
                if *approved { Kind::Approved } else { Kind::Rejected },
                self.step_data(*step, json!({ "feedback": feedback })),
                format!("'{}' was {}", self.name(*step), if *approved { "approved" } else { "rejected" }),
            ),
        };
        event(kind, now, data, message)
    }

    fn workflow_ended(&self, now: Timestamp) -> (Kind, Value, String) {
        let workflow = &*self.definition.workflow.name;
        let mut data = self.counts();
        data.insert("duration_seconds".into(), json!(seconds(self.state.started_at, now)));
        if let Some(error) = &self.state.error_message {
            data.insert("error_message".into(), json!(error));
        }
        let (kind, word) = match self.state.status {
            RunStatus::Completed => (Kind::WorkflowCompleted, "completed"),
            RunStatus::Cancelled => (Kind::WorkflowCancelled, "was cancelled"),
            _ => (Kind::WorkflowFailed, "failed"),
        };
        let cause = self.state.error_message.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        (kind, data.into(), format!("Workflow '{workflow}' {word}{cause}"))
    }

    fn run_words(&self, said: &Said, now: Timestamp) -> RunEvent {
        let title = &*self.definition.workflow.name;
        let progress = |step: usize, word: &str| {
            let done = self.state.steps.iter().filter(|step| step.stage.is_terminal()).count();
            let of = self.state.steps.len();
            let data = json!({ "step_name": self.name(step), "step_status": word, "completed_steps": done, "step_count": of,
                               "percent": 100 * done / of.max(1), "attempt": self.state.steps[step].attempt });
            let cause = self.state.steps[step].error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            (Kind::Progress, data, format!("{} {word}{cause}", self.name(step)))
        };
        let (kind, data, message) = match said {
            Said::Started => (
                Kind::PlanReady,
                json!({ "title": title, "plan": self.plan(), "step_count": self.state.steps.len() }),
                format!("The plan of '{title}' is ready"),
            ),
            Said::StepStarted { step } => progress(*step, "started"),
            Said::StepRetrying { step, .. } => progress(*step, "retrying"),
            Said::StepCompleted { step } => progress(*step, "completed"),
            Said::StepFailed { step } => progress(*step, "failed"),
            Said::StepSkipped { step } => progress(*step, "skipped"),
            Said::ApprovalRequired { title, .. } => {
                (Kind::ApprovalRequired, json!({ "title": title }), format!("Waits for approval: {title}"))
            }
            Said::Decided { approved: true, feedback, .. } => {
                (Kind::Approved, json!({ "feedback": feedback }), format!("'{title}' was approved"))
            }
            Said::Decided { feedback, .. } => {
                (Kind::Rejected, json!({ "feedback": feedback }), format!("'{title}' was rejected"))
            }
            Said::Ended => {
                let took = seconds(self.state.started_at, now);
                let error = self.state.error_message.clone();
                match self.state.status {
                    RunStatus::Completed => {
                        let output = self.state.steps.last().and_then(|step| step.output.clone());
                        let data = json!({ "output_data": output, "duration_seconds": took });
                        (Kind::Completion, data, format!("'{title}' is done"))
                    }
                    RunStatus::Cancelled => {
                        let data = json!({ "error_message": error, "duration_seconds": took });
                        (Kind::Cancelled, data, format!("'{title}' was cancelled"))
                    }
                    _ => {
                        let message = format!("'{title}' failed: {}", error.as_deref().unwrap_or("unknown"));
                        (Kind::Failure, json!({ "error_message": error, "duration_seconds": took }), message)
                    }
                }
            }
        };
        event(kind, now, data, message)
    }

    /// Beyond the contract: the steps with their ids, so that whoever hears the start can draw the whole graph.
    fn plan(&self) -> Value {
        let steps = self.definition.workflow.steps.iter().zip(&self.definition.steps).enumerate();
        let step = |(place, (written, planned)): (usize, (&orrery_protocol::workflow::StepDefinition, _))| {
            let planned: &crate::runner::definition::Step = planned;
            json!({ "workflow_step_id": written.step_id, "step_name": written.name, "step_type": written.step_type,
                    "step_order": self.order(place), "depends_on_steps": written.depends_on_steps,
                    "run_if": written.run_if, "workspace_id": match &planned.work { Work::Agent { .. } => json!(written.workspace_id), _ => Value::Null } })
        };
        steps.map(step).collect()
    }

    fn step_data(&self, step: usize, more: Value) -> Value {
        let mut data = Map::from_iter([
            ("step_name".to_owned(), json!(self.name(step))),
            ("step_order".to_owned(), json!(self.order(step))),
        ]);
        if let Value::Object(more) = more {
            data.extend(more);
        }
        data.into()
    }

    fn counts(&self) -> Map<String, Value> {
        let count = |stage: Stage| json!(self.state.steps.iter().filter(|step| step.stage == stage).count());
        Map::from_iter([
            ("step_count".to_owned(), json!(self.state.steps.len())),
            ("completed_steps".to_owned(), count(Stage::Completed)),
            ("failed_steps".to_owned(), count(Stage::Failed)),
            ("skipped_steps".to_owned(), count(Stage::Skipped)),
            ("cancelled_steps".to_owned(), count(Stage::Cancelled)),
        ])
    }

    fn name(&self, step: usize) -> &str {
        &self.definition.steps[step].name
    }

    pub(super) fn order(&self, step: usize) -> u32 {
        self.definition.workflow.steps[step].step_order.unwrap_or(step as u32 + 1)
    }

    fn error(&self, step: usize) -> &str {
        self.state.steps[step].error.as_deref().unwrap_or_default()
    }

    pub(super) fn step_seconds(&self, step: usize) -> Option<f64> {
        let state = &self.state.steps[step];
        Some(seconds(state.started_at?, state.completed_at?))
    }
}

impl Said {
    fn step(&self) -> Option<usize> {
        match self {
            Self::Started | Self::Ended => None,
            Self::StepStarted { step }
            | Self::StepRetrying { step, .. }
            | Self::StepCompleted { step }
            | Self::StepFailed { step }
            | Self::StepSkipped { step }
            | Self::ApprovalRequired { step, .. }
            | Self::Decided { step, .. } => Some(*step),
        }
    }
}

fn event(kind: Kind, now: Timestamp, data: Value, message: String) -> RunEvent {
    let mut event = RunEvent::new(kind, now);
    event.data = if let Value::Object(data) = data { data } else { Map::new() };
    event.message = Some(message);
    event
}

pub(super) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    // The clock may have been set back in between.
    (to.millis() - from.millis()).max(0) as f64 / 1000.0
}
