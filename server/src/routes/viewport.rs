//! `/canvas/viewport`: where the canvas was last looked at (see section 9.11 of docs/protocol.md). Not an event: nobody else's view moves.

use axum::Json;
use axum::extract::State;
use orrery_protocol::record::Viewport;

use super::body::Body;
use crate::app::Shared;
use crate::auth::Caller;
use crate::error::Refusal;
use crate::log::Write;
use crate::publish::Decision;

pub async fn get(State(app): State<Shared>, caller: Caller) -> Result<Json<Viewport>, Refusal> {
    caller.must_operate()?;
    Ok(Json(app.log.viewport().await?.unwrap_or_default()))
}

pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Body(said): Body<Viewport>,
) -> Result<Json<Viewport>, Refusal> {
    caller.must_operate()?;
    if said.zoom <= 0.0 {
        return Err(Refusal::BadRequest(format!("zoom is more than 0, not {}", said.zoom)));
    }
    let keep = move |_: &_| Ok(Decision { events: Vec::new(), writes: vec![Write::Viewport(said)], answer: said });
    Ok(Json(app.door.publish(keep).await?))
}
