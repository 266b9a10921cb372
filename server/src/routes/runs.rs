//! `/api/tasks` and `/api/runs`: work for one agent, planned, approved and done (see section 12.9 of docs/protocol.md). A run is executed by the same
//! runner as a workflow; its events speak of the run. Never a second runner.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orrery_protocol::id::optional_id;
use orrery_protocol::workflow::{AgentRequirements, RunIf, StepDefinition};
use orrery_protocol::{RunId, RunStatus, Step, TaskId, Workflow, WorkspaceId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::body::JsonBytes;
use super::repeatable::Repeatable;
use super::workflows::{Decide, decide, not_over};
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::error::{Refusal, quoted};
use crate::lenient;
use crate::log::{RunnerWrite, Write};
use crate::publish::Decision;
use crate::runner::definition::Definition;
use crate::runner::execution::{Execution, Stage, Subject};
use crate::runner::variables::Variables;
use crate::runner::{Word, begin, restored, say};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Given by the server.
    #[serde(default, deserialize_with = "optional_id")]
    task_id: Option<TaskId>,
    title: String,
    /// What the agent is told: the title, when left out.
    description: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    workspace_id: Option<WorkspaceId>,
    #[serde(default, deserialize_with = "lenient::optional")]
    agent_requirements: Option<AgentRequirements>,
    #[serde(default = "yes", deserialize_with = "yes_unless_given")]
    requires_approval: bool,
    #[serde(default, deserialize_with = "lenient::number")]
    timeout_seconds: Option<f64>,
    #[serde(default, deserialize_with = "lenient::whole_or_zero")]
    max_retries: u32,
}

fn yes() -> bool {
    true
}

fn yes_unless_given<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(lenient::optional(from)?.unwrap_or(true))
}

pub async fn create_task(
    State(app): State<Shared>,
    caller: Caller,
    Repeatable(once, mut task): Repeatable<Task>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_operate()?;
    Definition::check(task.plan()).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let (id, created_at) = (clock::mint::<TaskId>(), clock::now());
    task.task_id = Some(id.clone());
    let record = json!(task);
    let write = Write::Runner(RunnerWrite::Task { id, record: record.clone(), created_at });
    let (door, kept) = (app.door.for_operator(), record.clone());
    let decision = Decision { events: Vec::new(), writes: vec![write], answer: () };
    door.publish_once(once, |()| (201, kept), move |_| Ok(decision)).await?;
    Ok((StatusCode::CREATED, Json(record)))
}

/// Newest first.
pub async fn tasks(State(app): State<Shared>, caller: Caller) -> Result<Json<Vec<Value>>, Refusal> {
    caller.must_operate()?;
    Ok(Json(app.log.tasks().await?))
}

#[derive(Debug, Deserialize)]
pub struct Start {
    task_id: TaskId,
}

pub async fn create_run(
    State(app): State<Shared>,
    caller: Caller,
    Repeatable(once, said): Repeatable<Start>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_operate()?;
    let missing = || Refusal::NotFound(format!("there is no task {}", said.task_id));
    let record = app.log.task(&said.task_id).await?.ok_or_else(missing)?;
    let task: Task = serde_json::from_value(record).map_err(|_| Refusal::Internal)?;
    let (run_id, workspace_id) = (clock::mint::<RunId>(), task.workspace_id.clone());
    let subject = Subject::Task { task_id: said.task_id, run_id, workspace_id };
    let execution = begin(&app, task.plan(), subject, Map::new(), (once, record_of)).await?;
    Ok((StatusCode::ACCEPTED, Json(record_of(&execution))))
}

pub async fn run(State(app): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    Ok(Json(record_of(&found(&app, &id).await?)))
}

pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBytes(body): JsonBytes,
) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let decision = Decide::read(&body)?;
    let execution = found(&app, &id).await?;
    let waits = |stage: Stage| matches!(stage, Stage::WaitingApproval { .. });
    not_over(&execution)?;
    let step = execution.state.steps.iter().position(|step| waits(step.stage));
    let step = step.ok_or_else(|| Refusal::Conflict("the run does not wait for an approval".into()))?;
    decide(&app, &execution, step, decision).await?;
    Ok(Json(record_of(&found(&app, &id).await?)))
}

pub async fn cancel(State(app): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let execution = found(&app, &id).await?;
    not_over(&execution)?;
    say(&app, &execution.state.execution_id, Word::Cancel { reason: None }).await?;
    Ok(Json(record_of(&found(&app, &id).await?)))
}

/// The steps that wait for an approval, those that began to wait in the oldest execution first.
pub async fn pending_approvals(State(app): State<Shared>, caller: Caller) -> Result<Json<Vec<Value>>, Refusal> {
    caller.must_operate()?;
    let unfinished = app.log.unfinished().await?.into_iter().filter_map(restored);
    let mut unfinished: Vec<Execution> = unfinished.collect();
    unfinished.sort_by_key(|execution| (execution.state.started_at, execution.state.execution_id.clone()));
    Ok(Json(unfinished.iter().flat_map(pending_steps).collect()))
}

fn pending_steps(execution: &Execution) -> Vec<Value> {
    let record = record_of(execution);
    let waiting = execution.record().steps.into_iter().filter(|step| step.status == RunStatus::WaitingApproval);
    let approval = |step: Step| {
        let ids = ["execution_id", "workflow_id", "workflow_name", "task_id", "run_id", "workspace_id"];
        let mut approval: Map<String, Value> =
            ids.iter().map(|key| ((*key).to_owned(), record.get(key).cloned().unwrap_or_default())).collect();
        approval.insert("step_id".into(), json!(step.step_id));
        approval.insert("step_name".into(), json!(step.step_name));
        approval.insert("since".into(), json!(step.started_at));
        Value::Object(approval)
    };
    waiting.map(approval).collect()
}

async fn found(app: &App, id: &str) -> Result<Execution, Refusal> {
    let missing = || Refusal::NotFound(format!("there is no run {}", quoted(id)));
    let id: RunId = id.parse().map_err(|_| missing())?;
    app.log.run(&id).await?.and_then(restored).ok_or_else(missing)
}

fn record_of(execution: &Execution) -> Value {
    let mut record = json!(execution.record());
    let waits = execution.state.steps.iter().any(|step| matches!(step.stage, Stage::WaitingApproval { .. }));
    if let Subject::Task { task_id, run_id, workspace_id } = &execution.state.subject {
        record["task_id"] = json!(task_id);
        record["run_id"] = json!(run_id);
        record["workspace_id"] = json!(workspace_id);
    }
    if waits {
        record["status"] = json!("waiting_approval");
    }
    record
}

impl Task {
    /// A task as the steps that its run takes.
    fn plan(&self) -> Workflow {
        let step = |name: &str, kind: &str, config: Value, after: &[&str]| StepDefinition {
            step_id: Some(clock::mint()),
            name: name.into(),
            step_type: kind.into(),
            step_order: None,
            config: config.as_object().cloned().unwrap_or_default(),
            depends_on_steps: after.iter().map(|&name| name.to_owned()).collect(),
            run_if: RunIf::default(),
            timeout_seconds: None,
            max_retries: 0,
            retry_backoff_seconds: None,
            condition_expression: None,
            workspace_id: None,
            agent_requirements: None,
        };
        let message = self.description.as_ref().filter(|text| !text.trim().is_empty()).unwrap_or(&self.title);
        // A person's words: nothing in them is a variable.
        let message = Variables::escape(message);
        let approve = step("approve", "approval", json!({ "title": Variables::escape(&self.title) }), &[]);
        let after: &[&str] = if self.requires_approval { &["approve"] } else { &[] };
        let work = StepDefinition {
            workspace_id: self.workspace_id.clone(),
            agent_requirements: self.agent_requirements.clone(),
            timeout_seconds: self.timeout_seconds,
            max_retries: self.max_retries,
            ..step("work", "agent", json!({ "message": message }), after)
        };
        Workflow {
            workflow_id: None,
            name: self.title.clone(),
            description: self.description.clone(),
            variables: Vec::new(),
            timeout_seconds: None,
            steps: self.requires_approval.then_some(approve).into_iter().chain([work]).collect(),
            created_at: None,
        }
    }
}
