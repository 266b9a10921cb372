//! `/snapshot` (see section 9.10 of docs/protocol.md): the whole state for whoever cannot resume. Never how it is made.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};

use orrery_protocol::snapshot::NDJSON;

use super::workspaces::EVENT_CURSOR;
use crate::accept::weight_of;
use crate::app::Shared;
use crate::auth::Caller;
use crate::error::Refusal;
use crate::page::{Encoding, accepted};
use crate::snapshot::{Encoded, Form, Format};

const STATE_HASH: HeaderName = HeaderName::from_static("x-state-hash");

pub async fn get(State(app): State<Shared>, caller: Caller, headers: HeaderMap) -> Result<Response, Refusal> {
    caller.must_operate()?;
    let form = wanted(&headers);
    let encoded = app.snapshots.take(format(&headers), form).await?;
    answer(&encoded, form).ok_or(Refusal::Internal)
}

pub fn wanted(headers: &HeaderMap) -> Form {
    if accepted(headers).contains(&Encoding::Gzip) { Form::Gzip } else { Form::Plain }
}

/// NDJSON for clients that ask for it by name, and do not prefer JSON.
pub fn format(headers: &HeaderMap) -> Format {
    let weight = |name| weight_of(headers, ACCEPT, name).unwrap_or_default();
    match weight(NDJSON) > 0.0 && weight(NDJSON) >= weight("application/json") {
        true => Format::Ndjson,
        false => Format::Json,
    }
}

/// Its bytes follow as they are made.
pub fn answer(encoded: &Arc<Encoded>, form: Form) -> Option<Response> {
    let bytes = encoded.read(form)?;
    let content_type = if encoded.format == Format::Ndjson { NDJSON } else { "application/json" };
    let told = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (VARY, "accept, accept-encoding".to_owned()),
        (EVENT_CURSOR, encoded.cursor.to_string()),
        (STATE_HASH, format!("{:016x}", encoded.hash)),
    ];
    let mut response = (told, Body::from_stream(bytes)).into_response();
    let encoding = if form == Form::Gzip { Encoding::Gzip } else { Encoding::Identity };
    if let Some(name) = encoding.header() {
        response.headers_mut().insert(CONTENT_ENCODING, name);
    }
    Some(response)
}
