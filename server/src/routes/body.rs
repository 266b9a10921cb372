//! What callers send: bodies, path ids and queries, with errors that name the field. Never what it means.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use bytes::Bytes;
use orrery_protocol::WorkspaceId;
use serde::de::DeserializeOwned;

use super::media_type::require_json;
use crate::error::Refusal;
use crate::json;

/// The bytes of a body that is one JSON text, or is left out.
pub struct JsonBytes(pub Bytes);

/// A JSON body.
pub struct Body<T>(pub T);

/// A JSON body that may be left out.
pub struct MaybeBody<T>(pub T);

/// The `{id}` of the path.
pub struct Id(pub WorkspaceId);

/// What stands after the `?`.
pub struct Query<T>(pub T);

impl<S: Send + Sync> FromRequest<S> for JsonBytes {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let type_error = require_json(request.headers()).err();
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        match type_error.filter(|_| !bytes.trim_ascii().is_empty()) {
            None => Ok(Self(bytes)),
            Some(error) => Err(error),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        read(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let JsonBytes(bytes) = JsonBytes::from_request(request, state).await?;
        match bytes.trim_ascii().is_empty() {
            true => Ok(Self(T::default())),
            false => read(&bytes).map(Self),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| no_such_id())?;
        let id = params.iter().find(|(name, _)| *name == "id").and_then(|(_, text)| text.parse().ok());
        id.map(Self).ok_or_else(no_such_id)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = axum::extract::Query::try_from_uri(&parts.uri);
        query.map(|axum::extract::Query(query)| Self(query)).map_err(|error| Refusal::BadRequest(error.body_text()))
    }
}

/// Reads JSON; the error names the field.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    Ok(json::parse_request(bytes)?)
}

pub(super) fn unread(rejection: BytesRejection) -> Refusal {
    match rejection.status().as_u16() {
        413 => Refusal::TooLarge(format!("a body has at most {} KiB", super::BODY_LIMIT / 1024)),
        _ => Refusal::BadRequest(rejection.body_text()),
    }
}

/// What could not be an id is nobody's.
fn no_such_id() -> Refusal {
    Refusal::NotFound("there is no workspace with this id".into())
}
