//! `/workspaces` and `/workspaces/{id}` (see section 9.4 of docs/protocol.md). Never what a call means: that is decided in `decide`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use orrery_model::Canvas;
use orrery_protocol::{Cursor, Status, Workspace, WorkspaceId};
use serde_json::{Value, json};

use super::body::{Body, Id, Query};
use super::repeatable::{Repeatable, with_tokens};
use crate::app::{App, Shared};
use crate::auth::{Caller, Token};
use crate::clock;
use crate::decide::workspace::{self, Create, Identity, Patch, Remove};
use crate::error::Refusal;

pub const EVENT_CURSOR: HeaderName = HeaderName::from_static("x-event-cursor");

pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
) -> Result<([(HeaderName, String); 1], Json<Vec<Workspace>>), Refusal> {
    caller.must_operate()?;
    let still = app.hub.read(Canvas::snapshot);
    let (seq, rows) = (still.seq, still.workspaces.into_iter());
    let mut rows: Vec<Workspace> = rows.map(Arc::unwrap_or_clone).collect();
    rows.iter_mut().for_each(|row| app.heard.overlay(row));
    // A reader can rely on an order: the oldest first, as our ids sort.
    rows.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(([(EVENT_CURSOR, cursor(&app, seq))], Json(rows)))
}

pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    Repeatable(once, said): Repeatable<Create>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    caller.must_operate()?;
    let (token, identity) = identity();
    let id = identity.id.clone();
    let (shared, door) = (app.clone(), app.door.for_operator());
    let mut answer = json!({ "id": id, "status": Status::Provisioning });
    let kept = answer.clone();
    let created = door
        .publish_once(
            once,
            |()| (201, kept),
            move |state| {
                let mut decision = workspace::create(state, &said, &identity)?;
                shared.provisioner.own(state, [&identity.id], &mut decision.writes)?;
                shared.heard.touch(&identity.id);
                Ok(decision)
            },
        )
        .await;
    if let Err(refusal) = created {
        return Err(with_tokens(&app, &door, refusal).await);
    }
    app.provisioner.start(&app, &id, &token);
    answer["auth_token"] = token.expose().into();
    Ok((StatusCode::CREATED, Json(answer)))
}

pub async fn get(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
) -> Result<([(HeaderName, String); 1], Json<Workspace>), Refusal> {
    caller.must_own(&id)?;
    let (seq, row) = app.hub.read(|canvas| (canvas.seq(), canvas.workspace(&id).cloned()));
    let Some(mut row) = row else { return Err(missing(&app, &id).await) };
    app.heard.overlay(&mut row);
    Ok(([(EVENT_CURSOR, cursor(&app, seq))], Json(row)))
}

pub async fn patch(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Body(said): Body<Patch>,
) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let moved = app.door.for_operator().publish(move |state| workspace::patch(state, &id, &said)).await?;
    Ok(Json(match moved.is_empty() {
        true => json!({ "status": "updated" }),
        false => json!({ "status": "updated", "moved": moved }),
    }))
}

pub async fn remove(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Query(said): Query<Remove>,
) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let mut gone = app.door.for_operator().publish(move |state| workspace::remove(state, &id, &said)).await?;
    farewell(&app, &gone);
    // The last is the one that was asked for.
    gone.pop();
    Ok(Json(json!({ "status": Status::Removed, "cascade_deleted": gone })))
}

pub async fn restart(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Repeatable(once, _): Repeatable<Value>,
) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    // An agent that comes by itself keeps its token; a process that we start is told a new one.
    let token = app.provisioner.has_processes().then(Token::mint);
    let (hash, shared, subject) = (token.as_ref().map(Token::hash), app.clone(), id.clone());
    app.door
        .for_operator()
        .publish_once(
            once,
            |()| (200, json!({ "status": Status::Provisioning })),
            move |state| {
                let mut decision = workspace::restart(state, &subject, hash)?;
                shared.provisioner.own(state, [&subject], &mut decision.writes)?;
                shared.heard.touch(&subject);
                Ok(decision)
            },
        )
        .await?;
    if let Some(token) = token {
        app.provisioner.start(&app, &id, &token);
    }
    Ok(Json(json!({ "status": Status::Provisioning })))
}

/// A new workspace's ids, and its token to tell.
pub(super) fn identity() -> (Token, Identity) {
    let token = Token::mint();
    let identity = Identity { id: clock::mint(), agent: clock::mint(), token: token.hash() };
    (token, identity)
}

/// What ends with a workspace besides its record.
pub(super) fn farewell(app: &App, gone: &[WorkspaceId]) {
    for id in gone {
        app.provisioner.stop(id);
        app.heard.forget(id);
    }
}

pub(super) fn cursor(app: &App, seq: u64) -> String {
    Cursor { epoch: app.hub.epoch().clone(), seq }.to_string()
}

/// Was it removed, or was it never there?
pub(super) async fn missing(app: &App, id: &WorkspaceId) -> Refusal {
    let id = id.clone();
    let asked = app.door.publish(move |state| Err::<crate::publish::Decision<()>, _>(why_missing(state, &id)));
    asked.await.err().unwrap_or(Refusal::Internal)
}

fn why_missing(state: &crate::publish::State, id: &WorkspaceId) -> Refusal {
    match state.known(id) {
        Err(refusal) => refusal,
        // It came between the two looks.
        Ok(_) => Refusal::Unavailable(format!("{id} has just arrived: ask again")),
    }
}

/// A workspace that is on the canvas, and what `look` sees there.
pub(super) async fn known<T>(
    app: &App,
    id: &WorkspaceId,
    look: impl FnOnce(&Canvas, orrery_model::Slot) -> T,
) -> Result<T, Refusal> {
    match app.hub.read(|canvas| canvas.find(id).map(|slot| look(canvas, slot))) {
        Some(seen) => Ok(seen),
        None => Err(missing(app, id).await),
    }
}
