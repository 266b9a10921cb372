//! `/registry/*`: agents register, are alive, and find each other (see section 9.8 of docs/protocol.md). Never what it means: that is in `decide`.

use axum::Json;
use axum::extract::State;
use orrery_model::visibility;
use orrery_protocol::{Workspace, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Body, Id};
use super::workspaces::known;
use crate::app::Shared;
use crate::auth::{Caller, Token};
use crate::decide::registry::{self, Register, UpdateCard};
use crate::error::Refusal;
use crate::publish::Lookups;

type Answer = Result<Json<Value>, Refusal>;

pub async fn register(State(app): State<Shared>, caller: Caller, Body(said): Body<Register>) -> Answer {
    caller.must_own(&said.id)?;
    let token = Token::mint();
    let (heard, hash) = (app.heard.clone(), token.hash());
    let lookups = Lookups { tokens: vec![said.id.clone()], ..Lookups::default() };
    let door = app.door.for_workspace(&caller, &said.id);
    let is_first = door.publish_with(lookups, move |state| {
        let decision = registry::register(state, &said, hash)?;
        heard.touch(&said.id);
        Ok(decision)
    });
    let mut answer = json!({ "status": "registered" });
    if is_first.await? {
        answer["auth_token"] = token.expose().into();
    }
    Ok(Json(answer))
}

pub async fn update_card(State(app): State<Shared>, caller: Caller, Body(said): Body<UpdateCard>) -> Answer {
    caller.must_own(&said.workspace_id)?;
    let door = app.door.for_workspace(&caller, &said.workspace_id);
    door.publish(move |state| registry::update_card(state, said)).await?;
    Ok(Json(json!({ "status": "updated" })))
}

#[derive(Debug, Deserialize)]
pub struct AskHeard {
    ids: Vec<WorkspaceId>,
}

/// More than anyone looks at.
const HEARD_AT_ONCE: usize = 500;

/// How long ago each was heard of, and after how long a silence it is offline. Who is not on the canvas is left out.
pub async fn heard(State(app): State<Shared>, caller: Caller, Body(said): Body<AskHeard>) -> Answer {
    caller.must_operate()?;
    if said.ids.len() > HEARD_AT_ONCE {
        return Err(Refusal::BadRequest(format!("ask for at most {HEARD_AT_ONCE} workspaces at once")));
    }
    let known = app.hub.read(|canvas| said.ids.into_iter().filter(|id| canvas.find(id).is_some()).collect::<Vec<_>>());
    let ago: serde_json::Map<String, Value> =
        known.into_iter().map(|id| (id.to_string(), app.heard.silence(&id).as_secs_f64().into())).collect();
    Ok(Json(json!({ "ttl_seconds": app.config.heartbeat_ttl.as_secs_f64(), "seconds_ago": ago })))
}

/// Everyone that it can talk to, without itself.
pub async fn peers(State(app): State<Shared>, caller: Caller, Id(id): Id) -> Result<Json<Vec<Workspace>>, Refusal> {
    caller.must_own(&id)?;
    let mut rows = known(&app, &id, |canvas, slot| {
        let peers = visibility::peers(canvas, slot).into_iter();
        peers.filter_map(|peer| canvas.get(peer).cloned()).collect::<Vec<_>>()
    })
    .await?;
    rows.iter_mut().for_each(|row| app.heard.overlay(row));
    Ok(Json(rows))
}

/// How to call another workspace.
pub async fn discover(State(app): State<Shared>, caller: Caller, Id(id): Id) -> Answer {
    let Some(own) = caller.workspace() else {
        return Err(Refusal::BadRequest("X-Workspace-ID must say who is asking".into()));
    };
    let asking = known(&app, &own, |_, slot| slot)
        .await
        .map_err(|_| Refusal::Forbidden(format!("{own}, which is asking, is not on the canvas")))?;
    let row = known(&app, &id, |canvas, slot| {
        let row = canvas.get(slot).filter(|_| visibility::can_communicate(canvas, asking, slot));
        row.map(|row| {
            json!({ "id": row.id, "name": row.name, "url": row.url.as_deref().unwrap_or_default(),
            "status": row.status, "agent_card": row.agent_card })
        })
    })
    .await?;
    row.map(Json).ok_or_else(|| Refusal::Forbidden(format!("{own} cannot talk to {id}")))
}

#[derive(Debug, Deserialize)]
pub struct CheckAccess {
    caller_id: WorkspaceId,
    target_id: WorkspaceId,
}

pub async fn check_access(State(app): State<Shared>, caller: Caller, Body(said): Body<CheckAccess>) -> Answer {
    caller.must_own(&said.caller_id)?;
    known(&app, &said.caller_id, |_, _| ()).await?;
    let CheckAccess { caller_id, target_id } = said;
    let allowed = known(&app, &target_id, |canvas, target| {
        canvas.find(&caller_id).is_some_and(|caller| visibility::can_communicate(canvas, caller, target))
    });
    Ok(Json(json!({ "allowed": allowed.await? })))
}
