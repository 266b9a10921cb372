//! `/workspaces/{id}/agent` (see section 9.6 of docs/protocol.md). Never what a call means: that is decided in `decide`.

use axum::Json;
use axum::extract::State;
use orrery_protocol::Agent;
use serde_json::{Value, json};

use super::body::{Body, Id, MaybeBody};
use super::repeatable::Repeatable;
use crate::app::Shared;
use crate::auth::Caller;
use crate::clock;
use crate::decide::agent::{self, Model, Reason, Target};
use crate::error::Refusal;

type Answer = Result<Json<Value>, Refusal>;

pub async fn assign(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Repeatable(once, said): Repeatable<Model>,
) -> Answer {
    caller.must_operate()?;
    let (new, door) = (clock::mint(), app.door.for_operator());
    let answer = |agent: &Agent| (200, told("assigned", agent.clone()).0);
    let agent = door.publish_once(once, answer, move |state| agent::assign(state, &id, &said, &new)).await?;
    Ok(told("assigned", agent))
}

pub async fn replace(State(app): State<Shared>, caller: Caller, Id(id): Id, Body(said): Body<Model>) -> Answer {
    caller.must_operate()?;
    let agent = app.door.for_operator().publish(move |state| agent::replace(state, &id, &said)).await?;
    Ok(told("replaced", agent))
}

pub async fn remove(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    MaybeBody(said): MaybeBody<Reason>,
) -> Answer {
    caller.must_operate()?;
    let agent = app.door.for_operator().publish(move |state| agent::remove(state, &id, &said)).await?;
    Ok(told("removed", agent))
}

pub async fn relocate(State(app): State<Shared>, caller: Caller, Id(id): Id, Body(said): Body<Target>) -> Answer {
    caller.must_operate()?;
    let new = clock::mint();
    let agent = app.door.for_operator().publish(move |state| agent::relocate(state, &id, &said, &new)).await?;
    Ok(told("moved", agent))
}

fn told(status: &str, agent: Agent) -> Json<Value> {
    Json(json!({ "status": status, "agent_id": agent.id, "model": agent.model }))
}
