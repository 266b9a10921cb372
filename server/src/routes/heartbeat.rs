//! `POST /registry/heartbeat`: whoever sends one is alive, whatever else can be read of it.

use axum::Json;
use axum::extract::State;
use orrery_protocol::WorkspaceId;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::body::JsonBytes;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock;
use crate::decide::registry::{self, Heartbeat};
use crate::error::{ECHO, Refusal, shortened};
use crate::json::{self, JsonError};
use crate::lenient;
use crate::limits::text;
use crate::liveness::Vitals;

pub async fn post(
    State(app): State<Shared>,
    caller: Caller,
    JsonBytes(body): JsonBytes,
) -> Result<Json<Value>, Refusal> {
    let Sender { workspace_id } = json::parse_ignoring_depth(&body)?;
    caller.must_own(&workspace_id)?;
    app.metrics.heartbeats.add(1);
    let answer = match read(&body) {
        Ok((heartbeat, ignored)) => publish(&app, &caller, heartbeat).await.map(|()| ignored),
        Err(error) => Err(error.into()),
    };
    if let Err(Refusal::BadRequest(_)) = answer {
        let is_known = app.hub.read(|canvas| canvas.find(&workspace_id).is_some());
        is_known.then(|| app.heard.touch(&workspace_id));
    }
    Ok(Json(match answer? {
        ignored if ignored.is_empty() => json!({ "status": "ok" }),
        ignored => json!({ "status": "ok", "ignored": ignored }),
    }))
}

async fn publish(app: &App, caller: &Caller, said: Heartbeat) -> Result<(), Refusal> {
    let heard = app.heard.clone();
    let door = app.door.for_workspace(caller, &said.workspace_id);
    // A sign of life even when what it says exceeds the workspace's quota.
    let decide = move |state: &crate::publish::State| {
        let decision = registry::heartbeat(state, &said)?;
        let vitals = Vitals {
            // Not the state's: that one stands still after the clock was set back, and another server would take two
            // heartbeats for one.
            last_heartbeat_at: clock::now(),
            error_rate: said.error_rate,
            sample_error: said
                .sample_error
                .filter(|error| !error.is_empty())
                .map(|error| text::cut(error, text::SAMPLE_ERROR)),
            uptime_seconds: said.uptime_seconds as u64,
        };
        heard.beat(&said.workspace_id, vitals);
        Ok(decision)
    };
    door.publish(decide).await
}

#[derive(Deserialize)]
struct Sender {
    workspace_id: WorkspaceId,
}

/// The rest of one whose texts cannot be read.
#[derive(Deserialize)]
struct Numbers {
    workspace_id: WorkspaceId,
    #[serde(default, deserialize_with = "lenient::number_or_zero")]
    error_rate: f64,
    #[serde(default, deserialize_with = "lenient::whole_or_zero")]
    active_tasks: u32,
    #[serde(default, deserialize_with = "lenient::number_or_zero")]
    uptime_seconds: f64,
}

#[derive(Deserialize)]
struct Texts<'a> {
    #[serde(borrow, default)]
    current_task: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sample_error: Option<&'a RawValue>,
}

/// Returns the heartbeat, and which of its texts are left out because they are none.
fn read(body: &[u8]) -> Result<(Heartbeat, Vec<String>), JsonError> {
    if let Ok(heartbeat) = json::parse_request(body) {
        return Ok((heartbeat, Vec::new()));
    }
    let Numbers { workspace_id, error_rate, active_tasks, uptime_seconds } = json::parse_ignoring_depth(body)?;
    let texts: Texts<'_> = json::parse_ignoring_depth(body)?;
    let mut ignored = Vec::new();
    let mut text = |name: &str, raw: Option<&RawValue>| {
        let read: Result<Option<String>, JsonError> = raw.map_or(Ok(None), |raw| json::parse(raw.get().as_bytes()));
        read.map_err(|error| ignored.push(shortened(&format!("{name}: {error}"), ECHO)))
    };
    let current_task = text("current_task", texts.current_task);
    let sample_error = text("sample_error", texts.sample_error).unwrap_or_default();
    let keeps_task = current_task.is_err();
    let current_task = current_task.unwrap_or_default();
    let heartbeat =
        Heartbeat { workspace_id, error_rate, sample_error, active_tasks, uptime_seconds, current_task, keeps_task };
    Ok((heartbeat, ignored))
}
