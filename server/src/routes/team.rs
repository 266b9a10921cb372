//! Expanding into a team and collapsing it again (see section 9.5 of docs/protocol.md). Never what it means: that is decided in `decide`.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::body::{Body, Id, MaybeBody};
use super::workspaces::{farewell, identity};
use crate::app::Shared;
use crate::auth::Caller;
use crate::decide::team::{self, Expand};
use crate::error::Refusal;

/// Beyond the contract's answer it tells the children's tokens: nobody else could.
pub async fn expand(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    Body(said): Body<Expand>,
) -> Result<Json<Value>, Refusal> {
    caller.must_own(&id)?;
    let (tokens, identities): (Vec<_>, Vec<_>) = said.sub_workspaces.iter().map(|_| identity()).unzip();
    let (shared, children) = (app.clone(), identities.clone());
    let names: Vec<String> = said.sub_workspaces.iter().map(|child| child.name.clone()).collect();
    app.door
        .publish(move |state| {
            let mut decision = team::expand(state, &id, &said, &identities)?;
            shared.provisioner.own(state, identities.iter().map(|child| &child.id), &mut decision.writes)?;
            identities.iter().for_each(|child| shared.heard.touch(&child.id));
            Ok(decision)
        })
        .await?;
    let mut told = Vec::new();
    for ((child, token), name) in children.iter().zip(&tokens).zip(names) {
        app.provisioner.start(&app, &child.id, token);
        told.push(json!({ "id": child.id, "name": name, "auth_token": token.expose() }));
    }
    let ids: Vec<_> = children.iter().map(|child| &child.id).collect();
    Ok(Json(json!({ "status": "expanded", "sub_workspace_ids": ids, "sub_workspaces": told })))
}

pub async fn collapse(
    State(app): State<Shared>,
    caller: Caller,
    Id(id): Id,
    _: MaybeBody<Value>,
) -> Result<Json<Value>, Refusal> {
    caller.must_own(&id)?;
    let gone = app.door.publish(move |state| team::collapse(state, &id)).await?;
    farewell(&app, &gone);
    Ok(Json(json!({ "status": "collapsed", "removed_sub_workspace_ids": gone })))
}
