//! A request that is not read and answered in time is over. Never a request's own rules.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub async fn keep(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let words = Json(json!({ "error": "the request took too long" }));
            (StatusCode::REQUEST_TIMEOUT, [(header::CONNECTION, "close")], words).into_response()
        }
    }
}
