//! Which pages may use this server: its own, and those of --allow-origin. A browser's word, so never a credential.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::error::Refusal;

/// Callers that are not browsers send no origin.
pub fn allowed_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = host.zip(origin.split_once("://")).is_some_and(|(host, (_, name))| name.eq_ignore_ascii_case(host));
    own || allowed.iter().any(|allowed| allowed.trim_end_matches('/').eq_ignore_ascii_case(origin))
}

/// Refuses the pages of other origins, and tells browsers about the allowed ones (CORS).
pub async fn guard_origin(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !allowed_origin(headers, &app.config.allow_origin) {
        return Refusal::Forbidden("pages of this origin may not use this server (see --allow-origin)".into())
            .into_response();
    }
    let origin = headers.get(header::ORIGIN).cloned();
    let preflight = request.method() == Method::OPTIONS && headers.contains_key("access-control-request-method");
    let mut response = match preflight {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    if let Some(origin) = origin {
        let to = response.headers_mut();
        to.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        to.append(header::VARY, HeaderValue::from_static("origin"));
        to.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        let exposed = HeaderValue::from_static("x-event-cursor, x-next-cursor, x-state-hash");
        to.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        if preflight {
            let methods = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
            to.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            let names = HeaderValue::from_static("authorization, content-type, idempotency-key, x-workspace-id");
            to.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
    }
    response
}
