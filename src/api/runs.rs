//! Requests about workflows, tasks and their executions (see chapter 12 of docs/protocol.md).

use gloo_net::http::Method;
use orrery_protocol::{Execution, ExecutionId, RunId, StepId, TaskId, WorkflowId, WorkspaceId};
use serde_json::{Map, Value, json};

use super::{Api, ApiError, read, send_json, url_part};
use crate::store::RunRef;

/// A task to be created.
#[derive(Debug, Clone)]
pub struct NewTask {
    pub title: String,
    pub description: String,
    pub workspace: WorkspaceId,
    pub requires_approval: bool,
}

impl Api {
    /// Returns the workflows, newest first, as the server writes them.
    pub async fn list_workflows(&self) -> Result<Vec<Value>, ApiError> {
        read(&self.get("/api/workflows").await?)
    }

    /// Returns the tasks, newest first, as the server writes them.
    pub async fn list_tasks(&self) -> Result<Vec<Value>, ApiError> {
        read(&self.get("/api/tasks").await?)
    }

    /// Starts an execution of a workflow.
    pub async fn execute_workflow(&self, id: &WorkflowId, input: Map<String, Value>) -> Result<ExecutionId, ApiError> {
        let request = self.request(Method::POST, &format!("/api/workflows/{}/execute", url_part(id.as_str())));
        let answer: Value = read(&send_json(request, &json!({ "input_variables": input })).await?)?;
        id_field(&answer, "execution_id")
    }

    /// Creates a task.
    pub async fn create_task(&self, task: &NewTask) -> Result<TaskId, ApiError> {
        let body = json!({
            "title": task.title.trim(), "description": task.description.trim(), "workspace_id": task.workspace,
            "requires_approval": task.requires_approval,
        });
        let answer: Value = read(&send_json(self.request(Method::POST, "/api/tasks"), &body).await?)?;
        id_field(&answer, "task_id")
    }

    /// Starts a run of a task.
    pub async fn run_task(&self, id: &TaskId) -> Result<RunId, ApiError> {
        let answer: Value =
            read(&send_json(self.request(Method::POST, "/api/runs"), &json!({ "task_id": id })).await?)?;
        id_field(&answer, "run_id")
    }

    /// Returns an execution or a run, with its steps and their outputs.
    pub async fn load_run(&self, run: &RunRef) -> Result<Execution, ApiError> {
        read(&self.get(&path(run)).await?)
    }

    /// Returns the timeline of an execution as the server writes it: its attempts and their events. `null` for a run.
    pub async fn load_timeline(&self, run: &RunRef) -> Result<Value, ApiError> {
        match run {
            RunRef::Execution(_) => read(&self.get(&format!("{}/timeline", path(run))).await?),
            RunRef::Run(_) => Ok(Value::Null),
        }
    }

    /// Cancels an execution or a run.
    pub async fn cancel_run(&self, run: &RunRef) -> Result<(), ApiError> {
        self.post(&format!("{}/cancel", path(run)), json!({})).await
    }

    /// Approves or rejects a step that waits for approval.
    pub async fn resolve_approval(&self, run: &RunRef, step: &StepId, approved: bool) -> Result<(), ApiError> {
        let path = match run {
            RunRef::Execution(_) => format!("{}/steps/{}/approve", path(run), url_part(step.as_str())),
            RunRef::Run(_) => format!("{}/approve", path(run)),
        };
        self.post(&path, json!({ "approved": approved })).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<(), ApiError> {
        send_json(self.request(Method::POST, path), &body).await.map(drop)
    }
}

fn path(run: &RunRef) -> String {
    match run {
        RunRef::Execution(id) => format!("/api/workflows/executions/{}", url_part(id.as_str())),
        RunRef::Run(id) => format!("/api/runs/{}", url_part(id.as_str())),
    }
}

/// Reads the id in a field of an answer.
fn id_field<T: std::str::FromStr>(answer: &Value, key: &str) -> Result<T, ApiError> {
    let id = answer.get(key).and_then(Value::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiError::Unreadable(format!("it has no field {key}")))
}
