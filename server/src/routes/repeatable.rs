//! Requests with an `Idempotency-Key`: they may be repeated to learn the outcome of the first one.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use orrery_protocol::WorkspaceId;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::body::{JsonBytes, read};
use crate::app::Shared;
use crate::auth::{Caller, Token};
use crate::error::Refusal;
use crate::log::{Outcome, Write};
use crate::publish::{Decision, Door, Once};

/// The longest idempotency key, in characters.
pub const LONGEST_KEY: usize = 256;

/// A JSON body, as `Body` reads it, and the key of the request. An empty body is an empty object.
pub struct Repeatable<T>(pub Once, pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Repeatable<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refusal> {
        let key = key(request.headers())?.map(str::to_owned);
        let scope = match (&key, Caller::of(request.headers(), &app.credentials)?.0) {
            (None, _) | (_, Caller::Operator | Caller::Claimed(_)) => String::new(),
            (_, Caller::Agent(own)) => format!("{own}/"),
        };
        let asked = format!("{} {}\n", request.method(), request.uri());
        let JsonBytes(bytes) = JsonBytes::from_request(request, app).await?;
        let once =
            key.map_or_else(Once::never, |key| Once::new(format!("{scope}request:{key}"), digest(&asked, &bytes)));
        let bytes = if bytes.trim_ascii().is_empty() { &b"{}"[..] } else { &bytes[..] };
        Ok(Self(once, read(bytes)?))
    }
}

/// Returns a digest of a request: the same key for another request is a mistake.
pub fn digest(head: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(head).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the header. An empty one is none.
pub fn key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match std::str::from_utf8(value.as_bytes()) {
        Ok(key) if key.chars().count() <= LONGEST_KEY => Ok(Some(key).filter(|key| !key.is_empty())),
        _ => Err(Refusal::BadRequest(format!("Idempotency-Key has at most {LONGEST_KEY} characters, in UTF-8"))),
    }
}

/// Completes a repeated answer with tokens. Only hashes are kept, so each workspace in it gets a new token, and the earlier
/// one ends; a process that runs here keeps its own.
pub async fn with_tokens(app: &Shared, door: &Door, refusal: Refusal) -> Refusal {
    let Refusal::Repeated(mut outcome) = refusal else { return refusal };
    match add_tokens(app, door, &mut outcome).await {
        Ok(()) => Refusal::Repeated(outcome),
        Err(refusal) => refusal,
    }
}

async fn add_tokens(app: &Shared, door: &Door, outcome: &mut Outcome) -> Result<(), Refusal> {
    let mut told: Vec<_> = match outcome.body.get_mut("sub_workspaces").and_then(|children| children.as_array_mut()) {
        Some(children) => children.iter_mut().collect(),
        None => vec![&mut outcome.body],
    };
    let ids = told.iter().filter_map(|told| told["id"].as_str()?.parse::<WorkspaceId>().ok());
    let new: Vec<(WorkspaceId, Token)> =
        ids.filter(|id| !app.provisioner.runs(id)).map(|id| (id, Token::mint())).collect();
    let hashes: Vec<_> = new.iter().map(|(id, token)| (id.clone(), token.hash())).collect();
    let there = door.publish(move |state| {
        let there: Vec<_> = hashes.into_iter().filter(|(id, _)| state.known(id).is_ok()).collect();
        let answer: Vec<WorkspaceId> = there.iter().map(|(id, _)| id.clone()).collect();
        let writes = there.into_iter().map(|(workspace_id, hash)| Write::Token { workspace_id, hash }).collect();
        Ok(Decision { events: Vec::new(), writes, answer })
    });
    let there = there.await?;
    for (id, token) in new.iter().filter(|(id, _)| there.contains(id)) {
        // The first request may have ended between its commit and the start of its process.
        app.provisioner.start(app, id, token);
        if let Some(told) = told.iter_mut().find(|told| told["id"].as_str() == Some(id.as_str())) {
            told["auth_token"] = token.expose().into();
        }
    }
    Ok(())
}
