//! Middleware that decompresses request bodies (`Content-Encoding: gzip`). The limit of a body holds for what was sent and, where
//! it is read, for what it is decompressed to.

use std::convert::Infallible;

use axum::RequestExt;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::{ServiceExt, service_fn};
use tower_http::decompression::{DecompressionBody, RequestDecompression};

use crate::error::Refusal;

pub async fn decompress(mut request: Request, next: Next) -> Response {
    let Some(encoding) = request.headers_mut().get_mut(CONTENT_ENCODING) else { return next.run(request).await };
    // Names of encodings are case-insensitive, which the layer does not know (RFC 9110, section 8.4.1).
    if encoding.as_bytes().eq_ignore_ascii_case(b"gzip") || encoding.as_bytes().eq_ignore_ascii_case(b"x-gzip") {
        *encoding = HeaderValue::from_static("gzip");
    }
    let inner = service_fn(move |request: Request<DecompressionBody<Body>>| {
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request.map(Body::new)).await) }
    });
    let Ok(response) = RequestDecompression::new(inner).oneshot(request.with_limited_body()).await;
    // The layer answers an encoding that it does not know without a body.
    let is_unknown = response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE
        && response.headers().contains_key(axum::http::header::ACCEPT_ENCODING);
    match is_unknown {
        true => Refusal::UnsupportedMediaType("Content-Encoding is gzip, or left out".into()).into_response(),
        false => response.map(Body::new),
    }
}
