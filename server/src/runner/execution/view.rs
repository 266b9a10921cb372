//! An execution as REST answers it (see section 5.4 of docs/protocol.md). Never changes one.

use orrery_protocol as protocol;

use super::wording::seconds;
use super::{Execution, Stage};

impl Execution {
    pub fn record(&self) -> protocol::Execution {
        let state = &self.state;
        let count = |stage: Stage| state.steps.iter().filter(|step| step.stage == stage).count() as u32;
        protocol::Execution {
            execution_id: state.execution_id.clone(),
            workflow_id: self.definition.workflow.workflow_id.clone(),
            workflow_name: Some(self.definition.workflow.name.clone()),
            status: state.status.clone(),
            started_at: Some(state.started_at),
            completed_at: state.completed_at,
            duration_seconds: state.completed_at.map(|end| seconds(state.started_at, end)),
            error_message: state.error_message.clone(),
            step_count: state.steps.len() as u32,
            completed_steps: count(Stage::Completed),
            failed_steps: count(Stage::Failed),
            skipped_steps: count(Stage::Skipped),
            steps: (0..state.steps.len()).map(|step| self.step_record(step)).collect(),
        }
    }

    fn step_record(&self, step: usize) -> protocol::Step {
        let (written, state) = (&self.definition.workflow.steps[step], &self.state.steps[step]);
        protocol::Step {
            step_id: written.step_id.clone().expect("a stored workflow's steps have ids"),
            step_name: Some(written.name.clone()),
            step_type: Some(written.step_type.clone()),
            step_order: Some(self.order(step)),
            depends_on_steps: written.depends_on_steps.clone(),
            status: state.stage.status(),
            attempt: state.attempt,
            workspace_id: state.workspace_id.clone().or_else(|| written.workspace_id.clone()),
            started_at: state.started_at,
            completed_at: state.completed_at,
            duration_seconds: self.step_seconds(step),
            error_message: state.error.clone(),
            output_data: state.output.clone(),
        }
    }
}
