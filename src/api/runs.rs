//! The requests about what runs (see chapter 12 of docs/protocol.md): workflows, tasks, what runs of them, and what a person decides. Never waits for a run.

use gloo_net::http::Method;
use orrery_protocol::{Execution, ExecutionId, RunId, StepId, TaskId, WorkflowId, WorkspaceId};
use serde_json::{Map, Value, json};

use super::{Api, ApiError, read, send_json};
use crate::session::Subject;

#[derive(Debug, Clone)]
pub struct NewTask {
    pub title: String,
    pub description: String,
    pub workspace: WorkspaceId,
    pub requires_approval: bool,
}

impl Api {
    /// The newest first, as the server writes them.
    pub async fn workflows(&self) -> Result<Vec<Value>, ApiError> {
        read(&self.get("/api/workflows").await?)
    }

    /// The newest first, as the server writes them.
    pub async fn tasks(&self) -> Result<Vec<Value>, ApiError> {
        read(&self.get("/api/tasks").await?)
    }

    pub async fn execute(&self, id: &WorkflowId, input: Map<String, Value>) -> Result<ExecutionId, ApiError> {
        let request = self.request(Method::POST, &format!("/api/workflows/{id}/execute"));
        let answer: Value = read(&send_json(request, &json!({ "input_variables": input })).await?)?;
        named(&answer, "execution_id")
    }

    pub async fn plan_task(&self, new: &NewTask) -> Result<TaskId, ApiError> {
        let body = json!({
            "title": new.title.trim(), "description": new.description.trim(), "workspace_id": new.workspace,
            "requires_approval": new.requires_approval,
        });
        let answer: Value = read(&send_json(self.request(Method::POST, "/api/tasks"), &body).await?)?;
        named(&answer, "task_id")
    }

    pub async fn run_task(&self, id: &TaskId) -> Result<RunId, ApiError> {
        let answer: Value =
            read(&send_json(self.request(Method::POST, "/api/runs"), &json!({ "task_id": id })).await?)?;
        named(&answer, "run_id")
    }

    /// With what its steps put out. A run of a task has steps, too.
    pub async fn running(&self, of: &Subject) -> Result<Execution, ApiError> {
        read(&self.get(&path(of)).await?)
    }

    /// As the server writes it: attempts, and the events behind them. A run of a task has none.
    pub async fn timeline(&self, of: &Subject) -> Result<Value, ApiError> {
        match of {
            Subject::Execution(_) => read(&self.get(&format!("{}/timeline", path(of))).await?),
            Subject::Run(_) => Ok(Value::Null),
        }
    }

    pub async fn cancel(&self, of: &Subject) -> Result<(), ApiError> {
        self.tell(&format!("{}/cancel", path(of)), json!({})).await
    }

    pub async fn decide(&self, of: &Subject, step: &StepId, approved: bool) -> Result<(), ApiError> {
        let path = match of {
            Subject::Execution(_) => format!("{}/steps/{step}/approve", path(of)),
            Subject::Run(_) => format!("{}/approve", path(of)),
        };
        self.tell(&path, json!({ "approved": approved })).await
    }

    async fn tell(&self, path: &str, body: Value) -> Result<(), ApiError> {
        send_json(self.request(Method::POST, path), &body).await.map(drop)
    }
}

fn path(of: &Subject) -> String {
    match of {
        Subject::Execution(id) => format!("/api/workflows/executions/{id}"),
        Subject::Run(id) => format!("/api/runs/{id}"),
    }
}

fn named<T: std::str::FromStr>(answer: &Value, key: &str) -> Result<T, ApiError> {
    let id = answer.get(key).and_then(Value::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiError::Unreadable(format!("it has no {key}")))
}
