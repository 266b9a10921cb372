//! What the events leave out of a run: outputs, attempts and approval requests, as the server answers them.

use orrery_protocol::{Execution, RunStatus, StepId};
use serde_json::Value;

use super::spans::{Attempt, parse_attempts};
use crate::api::{Api, ApiError};
use crate::session::Subject;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunDetails {
    pub execution: Execution,
    pub attempts: Vec<Attempt>,
    pub approval_requests: Vec<ApprovalRequest>,
}

/// What a step requests approval for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ApprovalRequest {
    pub step: StepId,
    pub title: String,
}

impl RunDetails {
    pub(super) async fn load(api: Api, subject: Subject) -> Result<Self, ApiError> {
        let execution = api.running(&subject).await?;
        let timeline = api.timeline(&subject).await?;
        let approval_requests = match subject {
            Subject::Execution(_) => parse_approval_requests(&timeline),
            Subject::Run(_) => task_approval_requests(&execution),
        };
        Ok(Self { attempts: parse_attempts(&timeline), approval_requests, execution })
    }

    /// Returns what is to be approved at a step that waits for an approval.
    pub(super) fn open_request(&self, step: &StepId) -> Option<&ApprovalRequest> {
        let waits = |status: &RunStatus| *status == RunStatus::WaitingApproval;
        let is_open = self.execution.steps.iter().any(|it| it.step_id == *step && waits(&it.status));
        self.approval_requests.iter().rev().find(|request| request.step == *step).filter(|_| is_open)
    }
}

fn parse_approval_requests(timeline: &Value) -> Vec<ApprovalRequest> {
    let events = timeline.get("events").and_then(Value::as_array);
    let request = |event: &Value| {
        let is_request = event.get("event_type")?.as_str()? == "approval_required";
        let step = event.get("workflow_step_id")?.as_str()?.parse().ok()?;
        let title = event.get("data")?.get("title")?.as_str()?.to_owned();
        is_request.then_some(ApprovalRequest { step, title })
    };
    events.into_iter().flatten().filter_map(request).collect()
}

/// A task run asks for the approval of its task.
fn task_approval_requests(execution: &Execution) -> Vec<ApprovalRequest> {
    let Some(title) = &execution.workflow_name else { return Vec::new() };
    execution.steps.iter().map(|step| ApprovalRequest { step: step.step_id.clone(), title: title.clone() }).collect()
}
