//! What the runner keeps in the log beside its events. Never the events, never a rule.

use std::collections::HashSet;
use std::sync::Arc;

use orrery_protocol::{ExecutionId, RunId, Seq, TaskId, Timestamp, Workflow, WorkflowId};
use serde_json::Value;

use super::{Log, LogError, Outcome};
use crate::ownership::Owner;
use crate::publish::Published;
use crate::runner::execution::State;

#[derive(Debug, Clone)]
pub enum RunnerWrite {
    Workflow {
        id: WorkflowId,
        definition: Workflow,
        created_at: Timestamp,
    },
    /// An execution begins.
    Begun {
        definition: Arc<Workflow>,
        state: Box<State>,
        owner: Owner,
    },
    /// It stands like this now.
    Moved(Box<State>),
    Task {
        id: TaskId,
        record: Value,
        created_at: Timestamp,
    },
    /// An event or a request with this key was taken in, and stands here.
    Ingested {
        key: String,
        seq: Seq,
        outcome: Option<Outcome>,
        at: Timestamp,
    },
}

/// An execution as it was left.
#[derive(Debug, Clone)]
pub struct Stored {
    pub definition: Workflow,
    pub state: State,
}

#[derive(Debug, Clone, Default)]
pub struct ExecutionFilter {
    pub status: Option<String>,
    pub workflow_id: Option<WorkflowId>,
    pub limit: u32,
}

impl Log {
    /// Newest first.
    pub async fn workflows(&self) -> Result<Vec<Workflow>, LogError> {
        read!(self, reader => reader.workflows().await)
    }

    pub async fn workflow(&self, id: &WorkflowId) -> Result<Option<Workflow>, LogError> {
        read!(self, reader => reader.workflow(id).await)
    }

    /// Of workflows, newest first.
    pub async fn executions(&self, filter: &ExecutionFilter) -> Result<Vec<Stored>, LogError> {
        read!(self, reader => reader.executions(filter).await)
    }

    /// Of workflows and tasks: those that a stop of the server has cut.
    pub async fn unfinished(&self) -> Result<Vec<Stored>, LogError> {
        read!(self, reader => reader.unfinished().await)
    }

    pub async fn execution(&self, id: &ExecutionId) -> Result<Option<Stored>, LogError> {
        read!(self, reader => reader.execution(id).await)
    }

    pub async fn run(&self, id: &RunId) -> Result<Option<Stored>, LogError> {
        read!(self, reader => reader.run(id).await)
    }

    /// The events that carry this execution's id, oldest first.
    pub async fn timeline(&self, id: &ExecutionId) -> Result<Vec<Arc<Published>>, LogError> {
        read!(self, reader => reader.timeline(id).await)
    }

    pub async fn task(&self, id: &TaskId) -> Result<Option<Value>, LogError> {
        read!(self, reader => reader.task(id).await)
    }

    /// Newest first.
    pub async fn tasks(&self) -> Result<Vec<Value>, LogError> {
        read!(self, reader => reader.tasks().await)
    }

    /// Which of these ids are executions or runs that this server runs or ran.
    pub async fn runs_of_ours(&self, ids: &[String]) -> Result<HashSet<String>, LogError> {
        read!(self, reader => reader.runs_of_ours(ids).await)
    }
}
