//! The built page: its files, squeezed as the browser can take them, and kept by it as long as they are true.
//! Never what the page does.

mod files;
mod encoding;
mod headers;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

pub use encoding::{Encoding, accepted};
pub use files::Files;
pub use headers::secure;

use crate::accept::weight_of;
use crate::app::Shared;
use crate::error::Refusal;

const INDEX: &str = "index.html";
const NO_PAGE: &str = "The page is not built yet: run `cargo xtask build`, then start this server again \
(or name a folder with --dist). The API answers all the same: see /workspaces and /health/ready.\n";

/// Everything that no route has taken.
pub async fn page(State(app): State<Shared>, request: Request) -> Response {
    let (path, headers) = (request.uri().path().trim_start_matches('/'), request.headers());
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return nothing();
    }
    let name = if path.is_empty() { INDEX } else { path };
    if let Some(response) = file(&app.page, name, headers).await {
        return response;
    }
    match name {
        "config.json" => ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], "{}").into_response(),
        // The page finds its own way from any address that a person may have been sent.
        _ if name == INDEX || is_a_place(name, headers) => match file(&app.page, INDEX, headers).await {
            Some(response) => response,
            None => (StatusCode::SERVICE_UNAVAILABLE, NO_PAGE).into_response(),
        },
        _ => nothing(),
    }
}

async fn file(files: &Files, name: &str, asked: &HeaderMap) -> Option<Response> {
    let (encoding, bytes) = files.find(name, &accepted(asked)).await?;
    let tag = files::tag(&bytes, encoding);
    let cache = if files::is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let always = [(CACHE_CONTROL, cache), (ETAG, &tag), (VARY, "accept-encoding")];
    let known = asked.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag) {
        return Some((StatusCode::NOT_MODIFIED, always).into_response());
    }
    let mut response = (always, [(CONTENT_TYPE, files::content_type(name))], bytes).into_response();
    if let Some(name) = encoding.header() {
        response.headers_mut().insert(CONTENT_ENCODING, name);
    }
    Some(response)
}

/// An address of the page, not of a file.
fn is_a_place(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let wants_html = weight_of(headers, ACCEPT, "text/html").is_some_and(|weight| weight > 0.0);
    !last.contains('.') && wants_html
}

fn nothing() -> Response {
    Refusal::NotFound("there is nothing at this path".into()).into_response()
}
