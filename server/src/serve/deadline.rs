//! A request that is not read and answered in time is over. Never a request's own rules.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::Refusal;

pub async fn keep(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    // In a task of its own: a caller that goes away must not leave what was committed without what follows from it.
    let mut answering = tokio::spawn(next.run(request));
    match tokio::time::timeout(limit, &mut answering).await {
        Ok(Ok(response)) => response,
        Ok(Err(panicked)) => {
            tracing::error!(%panicked, "a request ended badly");
            Refusal::Internal.into_response()
        }
        Err(_) => {
            // It may be waiting for a body that never comes.
            answering.abort();
            let words = Json(json!({ "error": "the request took too long" }));
            (StatusCode::REQUEST_TIMEOUT, [(header::CONNECTION, "close")], words).into_response()
        }
    }
}
