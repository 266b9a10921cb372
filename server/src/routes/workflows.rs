//! `/api/workflows`: definitions and their executions (see section 12.6 of docs/protocol.md). Never what a definition means: that is in `runner`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orrery_protocol as protocol;
use orrery_protocol::id::optional_id;
use orrery_protocol::{ExecutionId, Workflow, WorkflowId};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::{JsonBytes, MaybeBody, Query, read};
use super::draft::Draft;
use super::repeatable::Repeatable;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::error::{Refusal, quoted};
use crate::lenient;
use crate::limits::text;
use crate::log::{ExecutionFilter, RunnerWrite, Write};
use crate::publish::Decision;
use crate::runner::definition::Definition;
use crate::runner::execution::{Execution, Subject};
use crate::runner::{Word, begin, restored, say, size, timeline};

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;

pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Repeatable(once, Draft(mut said)): Repeatable<Draft>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_operate()?;
    let (id, created_at) = (clock::mint::<WorkflowId>(), clock::now());
    said.workflow_id = Some(id.clone());
    said.created_at = Some(created_at);
    for (place, step) in said.steps.iter_mut().enumerate() {
        step.step_id = Some(clock::mint());
        step.step_order = step.step_order.or(u32::try_from(place + 1).ok());
    }
    let checked = Definition::check(said).map_err(|error| Refusal::BadRequest(error.to_string()))?;
    let definition = checked.workflow;
    let write = Write::Runner(RunnerWrite::Workflow { id, definition: definition.clone(), created_at });
    let answer = with_ids(&definition);
    let (door, kept) = (app.door.for_operator(), answer.clone());
    let decision = Decision { events: Vec::new(), writes: vec![write], answer: () };
    door.publish_once(once, |()| (201, kept), move |_| Ok(decision)).await?;
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Newest first.
pub async fn list(State(app): State<Shared>, caller: Caller) -> Result<Json<Vec<Value>>, Refusal> {
    caller.must_operate()?;
    Ok(Json(app.log.workflows().await?.iter().map(with_ids).collect()))
}

pub async fn get(State(app): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    Ok(Json(with_ids(&workflow(&app, &id).await?)))
}

/// A definition in which the workflow and its steps have `id` beside `workflow_id` and `step_id`: clients use either.
fn with_ids(workflow: &Workflow) -> Value {
    let mut answer = json!(workflow);
    answer["id"] = answer["workflow_id"].clone();
    for step in answer["steps"].as_array_mut().into_iter().flatten() {
        step["id"] = step["step_id"].clone();
    }
    answer
}

/// An empty body starts without inputs. An unknown key is refused: a misspelt one would start with the defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    #[serde(default, deserialize_with = "lenient::optional")]
    input_variables: Option<Map<String, Value>>,
}

pub async fn execute(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Repeatable(once, said): Repeatable<Execute>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_operate()?;
    let definition = workflow(&app, &id).await?;
    let given = said.input_variables.unwrap_or_default();
    let execution = begin(&app, definition, Subject::Workflow, given, (once, begun)).await?;
    Ok((StatusCode::ACCEPTED, Json(begun(&execution))))
}

fn begun(execution: &Execution) -> Value {
    let (execution_id, status) = (&execution.state.execution_id, &execution.state.status);
    let workflow_id = &execution.definition.workflow.workflow_id;
    json!({ "execution_id": execution_id, "workflow_id": workflow_id, "status": status })
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    status: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    workflow_id: Option<WorkflowId>,
    #[serde(default, deserialize_with = "lenient::parsed")]
    limit: Option<u32>,
}

/// Newest first.
pub async fn executions(
    State(app): State<Shared>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<protocol::Execution>>, Refusal> {
    caller.must_operate()?;
    let filter = ExecutionFilter {
        status: asked.status.filter(|status| !status.is_empty()),
        workflow_id: asked.workflow_id,
        limit: asked.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE),
    };
    let stored = app.log.executions(&filter).await?;
    let record = |execution: Execution| {
        let mut record = execution.record();
        record.steps.iter_mut().filter_map(|step| step.output_data.as_mut()).for_each(size::shorten_output);
        record
    };
    Ok(Json(stored.into_iter().filter_map(restored).map(record).collect()))
}

pub async fn execution(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<protocol::Execution>, Refusal> {
    caller.must_operate()?;
    Ok(Json(found(&app, &id).await?.record()))
}

/// Every attempt of every step with its times, and the events it was read from.
pub async fn timeline_of(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let execution = found(&app, &id).await?;
    let events = app.log.timeline(&execution.state.execution_id).await?;
    Ok(Json(timeline::of(&execution.record(), &events)))
}

#[derive(Debug, Default, Deserialize)]
pub struct Reason {
    reason: Option<String>,
}

pub async fn cancel(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    MaybeBody(said): MaybeBody<Reason>,
) -> Result<Json<protocol::Execution>, Refusal> {
    caller.must_operate()?;
    let execution = found(&app, &id).await?;
    not_over(&execution)?;
    let id = &execution.state.execution_id;
    say(&app, id, Word::Cancel { reason: said.reason.map(|reason| text::cut(reason, text::REASON)) }).await?;
    Ok(Json(found(&app, id.as_str()).await?.record()))
}

/// A decision on an approval. `approved` has no default: a body that does not decide is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    pub approved: bool,
    pub feedback: Option<String>,
}

impl Decide {
    /// Reads the body of an `…/approve` call.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        read(body).map_err(|error| {
            let expected = r#"send {"approved": true} or {"approved": false}, with "feedback" if there is any"#;
            match body.trim_ascii().is_empty() {
                true => Refusal::BadRequest(format!("the body is empty: {expected}")),
                false => Refusal::BadRequest(format!("{error}: {expected}")),
            }
        })
    }
}

/// The step by its id, or by its name.
pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, step)): Path<(String, String)>,
    JsonBytes(body): JsonBytes,
) -> Result<Json<protocol::Execution>, Refusal> {
    caller.must_operate()?;
    let decision = Decide::read(&body)?;
    let execution = found(&app, &id).await?;
    let mut steps = execution.definition.workflow.steps.iter();
    let place = steps.position(|it| it.step_id.as_ref().is_some_and(|id| id.as_str() == step) || it.name == step);
    let place = place.ok_or_else(|| Refusal::NotFound(format!("the execution has no step {}", quoted(&step))))?;
    decide(&app, &execution, place, decision).await?;
    Ok(Json(found(&app, &id).await?.record()))
}

pub(super) async fn decide(app: &App, execution: &Execution, step: usize, said: Decide) -> Result<(), Refusal> {
    not_over(execution)?;
    let Decide { approved, feedback } = said;
    let feedback = feedback.map(|feedback| text::cut(feedback, text::REASON));
    say(app, &execution.state.execution_id, Word::Decide { step, approved, feedback }).await
}

pub(super) fn not_over(execution: &Execution) -> Result<(), Refusal> {
    match &execution.state.status {
        status if status.is_terminal() => Err(Refusal::Conflict(format!("the execution is over: it is {status}"))),
        _ => Ok(()),
    }
}

async fn workflow(app: &App, id: &str) -> Result<Workflow, Refusal> {
    let missing = || Refusal::NotFound(format!("there is no workflow {}", quoted(id)));
    let id: WorkflowId = id.parse().map_err(|_| missing())?;
    app.log.workflow(&id).await?.ok_or_else(missing)
}

async fn found(app: &App, id: &str) -> Result<Execution, Refusal> {
    let missing = || Refusal::NotFound(format!("there is no execution {}", quoted(id)));
    let id: ExecutionId = id.parse().map_err(|_| missing())?;
    app.log.execution(&id).await?.and_then(restored).ok_or_else(missing)
}
