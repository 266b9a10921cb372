//! Expanding into a team and collapsing it again (see section 9.5 of docs/protocol.md). Never what it means: that is decided in `decide`.

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::body::{Id, MaybeBody};
use super::repeatable::{Repeatable, with_tokens};
use super::workspaces::{farewell, identity};
use crate::app::Shared;
use crate::auth::Caller;
use crate::decide::team::{self, Expand};
use crate::error::Refusal;
use crate::limits::{EXPAND_CHILDREN, Room};

/// Beyond the contract's answer it tells the children's tokens: nobody else could.
pub async fn expand(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Repeatable(once, said): Repeatable<Expand>,
) -> Result<Json<Value>, Refusal> {
    caller.must_own(&id)?;
    if said.sub_workspaces.len() > EXPAND_CHILDREN {
        return Err(Refusal::BadRequest(format!(
            "sub_workspaces has {} entries, and a request may have {EXPAND_CHILDREN}: send the rest in further requests",
            said.sub_workspaces.len()
        )));
    }
    let room = match caller.workspace() {
        Some(own) => {
            app.quotas.check(&own, Instant::now())?;
            Some(Room::of(&app.config.limits, app.provisioner.has_processes()))
        }
        None => None,
    };
    let (tokens, identities): (Vec<_>, Vec<_>) = said.sub_workspaces.iter().map(|_| identity()).unzip();
    let (shared, children) = (app.clone(), identities.clone());
    let told = children.iter().zip(&said.sub_workspaces);
    let mut told: Vec<Value> = told.map(|(child, said)| json!({ "id": child.id, "name": said.name })).collect();
    let ids: Vec<_> = children.iter().map(|child| &child.id).collect();
    let answer = |told: &[Value]| json!({ "status": "expanded", "sub_workspace_ids": ids, "sub_workspaces": told });
    let (kept, door) = (answer(&told), app.door.for_workspace(&caller, &id));
    let expanded = door
        .publish_once(
            once,
            |()| (200, kept),
            move |state| {
                if let Some(room) = room {
                    room.check(&state.canvas, &id, identities.len())?;
                }
                let mut decision = team::expand(state, &id, &said, &identities)?;
                shared.provisioner.own(state, identities.iter().map(|child| &child.id), &mut decision.writes)?;
                identities.iter().for_each(|child| shared.heard.touch(&child.id));
                Ok(decision)
            },
        )
        .await;
    if let Err(refusal) = expanded {
        return Err(with_tokens(&app, &door, refusal).await);
    }
    for ((child, token), told) in children.iter().zip(&tokens).zip(&mut told) {
        app.provisioner.start(&app, &child.id, token);
        told["auth_token"] = token.expose().into();
    }
    Ok(Json(answer(&told)))
}

pub async fn collapse(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    _: MaybeBody<Value>,
) -> Result<Json<Value>, Refusal> {
    caller.must_own(&id)?;
    let door = app.door.for_workspace(&caller, &id);
    let gone = door.publish(move |state| team::collapse(state, &id)).await?;
    farewell(&app, &gone);
    Ok(Json(json!({ "status": "collapsed", "removed_sub_workspace_ids": gone })))
}
