//! `/workspaces/{id}/token`: another token for a workspace, or none; the old one and its sockets are out at once.
//! Never shows a token a second time.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::body::Id;
use crate::app::Shared;
use crate::auth::{Caller, Token};
use crate::error::Refusal;
use crate::log::Write;
use crate::publish::Decision;

pub async fn renew(State(app): State<Shared>, caller: Caller, Id(id): Id) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    let token = Token::mint();
    let write = Write::Token { workspace_id: id.clone(), hash: token.hash() };
    app.door
        .for_operator()
        .publish(move |state| {
            state.known(&id)?;
            Ok(Decision { writes: vec![write], ..Decision::events(Vec::new(), ()) })
        })
        .await?;
    Ok(Json(json!({ "auth_token": token.expose() })))
}

pub async fn revoke(State(app): State<Shared>, caller: Caller, Id(id): Id) -> Result<Json<Value>, Refusal> {
    caller.must_operate()?;
    app.door
        .for_operator()
        .publish(move |state| {
            state.known(&id)?;
            Ok(Decision { writes: vec![Write::Revoked(id)], ..Decision::events(Vec::new(), ()) })
        })
        .await?;
    Ok(Json(json!({ "status": "revoked" })))
}
