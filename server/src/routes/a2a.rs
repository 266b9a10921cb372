//! `POST /workspaces/{id}/a2a`: passes a JSON-RPC message on to a workspace's agent and logs it as an activity (see section 9.14
//! of docs/protocol.md).

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use orrery_model::visibility;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::body::{Body, Id};
use super::workspaces::known;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::decide::activity::{self, Log};
use crate::error::Refusal;
use crate::publish::State as Decided;
use crate::runner::agent_call::call;

/// Less than a request may take, so that the caller learns why there is no answer.
const TIMEOUT: Duration = Duration::from_secs(25);

pub async fn post(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Body(message): Body<Value>,
) -> Result<Json<Value>, Refusal> {
    let Some(method) = message["method"].as_str().filter(|_| message["jsonrpc"] == "2.0") else {
        return Err(Refusal::BadRequest(
            r#"a message is JSON-RPC: {"jsonrpc": "2.0", "id", "method", "params"}"#.into(),
        ));
    };
    let source = caller.agent().cloned();
    let (url, can_talk) = known(&app, &id, |canvas, target| {
        let url = canvas.get(target).and_then(|row| row.url.clone());
        let source = source.as_ref().map(|source| canvas.find(source));
        let can_talk = |source: orrery_model::Slot| visibility::can_communicate(canvas, source, target);
        (url, source.is_none_or(|source| source.is_some_and(can_talk)))
    })
    .await?;
    if !can_talk {
        return Err(Refusal::Forbidden(format!("this token's workspace cannot talk to {id}")));
    }
    let url = url.ok_or_else(|| Refusal::Conflict(format!("{id} has not registered a url to be called at")))?;
    let began = Instant::now();
    let answer = match tokio::time::timeout(TIMEOUT, call(&app, &url, &message)).await {
        Ok(answer) => answer.map_err(|failure| failure.reason),
        Err(_) => Err(format!("the agent did not answer in {} s", TIMEOUT.as_secs())),
    };
    let raw = |value: &Value| RawValue::from_string(value.to_string()).ok();
    let is_ok = answer.as_ref().is_ok_and(|answer| answer.get("error").is_none_or(Value::is_null));
    let entry = Log {
        activity_type: "a2a_receive".into(),
        method: Some(method.to_owned()),
        summary: Some(format!("{method} → {id}")),
        status: Some(if is_ok { "ok" } else { "error" }.into()),
        source_id: source,
        target_id: Some(id.clone()),
        duration_ms: u32::try_from(began.elapsed().as_millis()).ok(),
        request_body: raw(&message),
        response_body: answer.as_ref().ok().and_then(raw),
        error_detail: answer.as_ref().err().and_then(|reason| raw(&json!(reason))),
    };
    log(&app, &caller, &id, entry).await?;
    answer.map(Json).map_err(Refusal::BadGateway)
}

async fn log(app: &App, caller: &Caller, id: &orrery_protocol::WorkspaceId, entry: Log) -> Result<(), Refusal> {
    let (subject, activity_id) = (id.clone(), clock::mint_text());
    let door = match caller.workspace() {
        Some(own) => app.door.for_workspace(caller, &own),
        None => app.door.for_operator(),
    };
    door.publish(move |state: &Decided| activity::log(state, &subject, entry, activity_id)).await.map(drop)
}
