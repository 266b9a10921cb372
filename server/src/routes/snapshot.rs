//! `/snapshot` (wire §5): the whole state for whoever cannot resume. Never how it is made.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};

use super::workspaces::EVENT_CURSOR;
use crate::app::Shared;
use crate::auth::Caller;
use crate::error::Refusal;
use crate::page::{Encoding, accepted};

const STATE_HASH: HeaderName = HeaderName::from_static("x-state-hash");

pub async fn get(State(app): State<Shared>, caller: Caller, headers: HeaderMap) -> Result<Response, Refusal> {
    caller.must_operate()?;
    let gzip = accepted(&headers).contains(&Encoding::Gzip);
    let encoded = app.snapshots.take(gzip).await.ok_or(Refusal::Internal)?;
    let (encoding, body) = match &encoded.gzip {
        Some(squeezed) if gzip => (Encoding::Gzip, squeezed.clone()),
        _ => (Encoding::Identity, encoded.json.clone()),
    };
    let told = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (VARY, "accept-encoding".to_owned()),
        (EVENT_CURSOR, encoded.cursor.to_string()),
        (STATE_HASH, format!("{:016x}", encoded.hash)),
    ];
    let mut response = (told, body).into_response();
    if let Some(name) = encoding.header() {
        response.headers_mut().insert(CONTENT_ENCODING, name);
    }
    Ok(response)
}
