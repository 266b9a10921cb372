//! `/workspaces/{id}/activity`: logged here, read here with the bodies (see section 9.7 of docs/protocol.md). Never the event's way to a socket.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use orrery_protocol::{Cursor, Seq};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Id, Query};
use super::events::place;
use super::repeatable::Repeatable;
use super::workspaces::known;
use crate::app::Shared;
use crate::auth::Caller;
use crate::clock;
use crate::decide::activity::{self, Log};
use crate::error::Refusal;
use crate::lenient;
use crate::log::{ActivityFilter, ActivityRow};
use crate::publish::State as Decided;

const PAGE: u32 = 50;
const LARGEST_PAGE: u32 = 500;

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "type")]
    kind: Option<String>,
    source: Option<String>,
    #[serde(default, deserialize_with = "lenient::parsed")]
    limit: Option<u32>,
    /// The `seq` (or cursor) of the last row of the page before.
    #[serde(default, deserialize_with = "lenient::parsed")]
    before: Option<String>,
}

pub async fn log(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Repeatable(once, said): Repeatable<Log>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_own(&id)?;
    let activity_id = clock::mint_text();
    let new = activity_id.clone();
    let door = app.door.for_workspace(&caller, &id);
    let answer = move |cursor: &Cursor| json!({ "status": "logged", "id": activity_id, "cursor": cursor });
    let kept = answer.clone();
    let agent = caller.agent().cloned();
    let log = move |state: &Decided| {
        agent.map_or(Ok(()), |agent| activity::check_source(state, &agent, &said))?;
        activity::log(state, &id, said, new)
    };
    let logged = door.publish_once(once, move |cursor| (201, kept(cursor)), log);
    Ok((StatusCode::CREATED, Json(answer(&logged.await?))))
}

/// Newest first.
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<ActivityRow>>, Refusal> {
    caller.must_own(&id)?;
    known(&app, &id, |_, _| ()).await?;
    let before = asked.before.as_deref().map(|text| place(&app, "before", text)).transpose()?;
    let filter = ActivityFilter {
        kind: asked.kind.filter(|kind| !kind.is_empty()),
        source: asked.source.filter(|source| !source.is_empty()),
        before: before.unwrap_or(Seq::MAX >> 1),
        limit: asked.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE),
    };
    Ok(Json(app.log.activity(&id, &filter).await?))
}
