//! The requests about what runs (wire §7): workflows, executions, and what a person decides. Never waits for a run.

use gloo_net::http::Method;
use orrery_protocol::{Execution, ExecutionId, StepId, WorkflowId};
use serde_json::{Map, Value, json};

use super::{Api, ApiError, read, send_json};

impl Api {
    /// The newest first, as the server writes them.
    pub async fn workflows(&self) -> Result<Vec<Value>, ApiError> {
        read(&self.get("/api/workflows").await?)
    }

    pub async fn execute(&self, id: &WorkflowId, input: Map<String, Value>) -> Result<ExecutionId, ApiError> {
        let request = self.request(Method::POST, &format!("/api/workflows/{id}/execute"));
        let answer: Value = read(&send_json(request, &json!({ "input_variables": input })).await?)?;
        let id = answer.get("execution_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        id.ok_or_else(|| ApiError::Unreadable("it names no execution".to_owned()))
    }

    /// With what its steps put out.
    pub async fn execution(&self, id: &ExecutionId) -> Result<Execution, ApiError> {
        read(&self.get(&format!("/api/workflows/executions/{id}")).await?)
    }

    /// As the server writes it: attempts, and the events behind them.
    pub async fn timeline(&self, id: &ExecutionId) -> Result<Value, ApiError> {
        read(&self.get(&format!("/api/workflows/executions/{id}/timeline")).await?)
    }

    pub async fn cancel(&self, id: &ExecutionId) -> Result<(), ApiError> {
        self.tell(&format!("/api/workflows/executions/{id}/cancel"), json!({})).await
    }

    pub async fn decide(&self, id: &ExecutionId, step: &StepId, approved: bool) -> Result<(), ApiError> {
        self.tell(&format!("/api/workflows/executions/{id}/steps/{step}/approve"), json!({ "approved": approved }))
            .await
    }

    async fn tell(&self, path: &str, body: Value) -> Result<(), ApiError> {
        send_json(self.request(Method::POST, path), &body).await.map(drop)
    }
}
