//! What every answer passes on its way out: it is counted, and one about a removed workspace is completed.
//! Never a decision.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use serde_json::value::RawValue;

use crate::app::Shared;
use crate::error::{AboutRemoved, Refusal};

pub async fn complete(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    app.metrics.requests.add(1);
    if response.status().as_u16() >= 400 {
        app.metrics.requests_refused.add(1);
    }
    match response.extensions().get::<AboutRemoved>() {
        Some(AboutRemoved(id)) => {
            let refusal = Refusal::Removed(id.clone());
            match app.log.last_word(id).await {
                Ok(Some(word)) => {
                    let last = RawValue::from_string(word.event).ok();
                    let mut body = json!({ "error": refusal.to_string(), "last_event": last });
                    if let Some(heir) = word.forwarded_to {
                        body["forwarded_to"] = json!(heir);
                    }
                    (refusal.status(), Json(body)).into_response()
                }
                _ => response,
            }
        }
        None => response,
    }
}

/// The path is there, but not for this method.
pub async fn not_allowed() -> Refusal {
    Refusal::MethodNotAllowed
}
