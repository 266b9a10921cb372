//! `/canvas/positions` and `/canvas/tidy`: moves many workspaces at once (see section 9.11 of docs/protocol.md).

use axum::Json;
use axum::extract::State;
use orrery_protocol::Rearranged;

use super::body::{Body, MaybeBody};
use crate::app::Shared;
use crate::auth::Caller;
use crate::decide::positions::{self, SetPositions, TidyUp};
use crate::error::Refusal;

pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Body(request): Body<SetPositions>,
) -> Result<Json<Rearranged>, Refusal> {
    caller.must_operate()?;
    Ok(Json(app.door.for_operator().publish(move |state| positions::set(state, &request)).await?))
}

pub async fn tidy_up(
    State(app): State<Shared>,
    caller: Caller,
    MaybeBody(request): MaybeBody<TidyUp>,
) -> Result<Json<Rearranged>, Refusal> {
    caller.must_operate()?;
    Ok(Json(app.door.for_operator().publish(move |state| positions::tidy_up(state, &request)).await?))
}
