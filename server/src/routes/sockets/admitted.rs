//! Who may open a socket, and on what that rests. Never what it then hears.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use orrery_protocol::message::CloseCode;
use tokio::time::timeout;

use crate::app::Shared;
use crate::auth::{Caller, Proof};
use crate::error::Refusal;
use crate::hub::Closing;
use crate::serve::Seated;
use crate::session;
use crate::websocket::{Socket, Upgrade};

pub struct Admitted {
    pub caller: Caller,
    pub proof: Proof,
    pub upgrade: Upgrade,
}

/// How long the refusal may take to be read.
const FAREWELL: Duration = Duration::from_secs(5);

impl FromRequestParts<Shared> for Admitted {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        match Caller::admit(&parts.headers, app).await {
            Ok((caller, proof)) => {
                let upgrade = Upgrade::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
                Ok(Self { caller, proof, upgrade })
            }
            // A page cannot read the answer to its handshake: it is let in, told why, and shown out.
            Err(refusal @ Refusal::Unauthorized(_)) if parts.headers.contains_key(ORIGIN) => {
                match Upgrade::from_request_parts(parts, app).await {
                    Ok(upgrade) => Err(show_out(upgrade, &refusal)),
                    Err(_) => Err(refusal.into_response()),
                }
            }
            Err(refusal) => Err(refusal.into_response()),
        }
    }
}

fn show_out(upgrade: Upgrade, refusal: &Refusal) -> Response {
    let closing = Closing { code: CloseCode::Unauthorized as u16, reason: refusal.to_string().into() };
    let (response, agreed) = upgrade.agree();
    tokio::spawn(async move {
        if let Some((stream, _seat, unread)) = Seated::take_back(agreed).await {
            let _ = timeout(FAREWELL, session::refuse(Socket::new(stream, unread), closing)).await;
        }
    });
    response
}
