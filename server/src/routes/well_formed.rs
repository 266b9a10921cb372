//! Middleware that refuses requests whose head no route should have to look at: a missing or repeated `Host` (RFC 9112,
//! section 3.2), a head beyond its limit, and a path or query that is not text.

use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderName, HeaderValue, Uri, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::error::{Refusal, shortened};
use crate::serve::HEAD_BYTES;

/// The headers of this protocol that a request has once.
const OWN_HEADERS: [&str; 2] = ["idempotency-key", "x-workspace-id"];

pub async fn check(request: Request, next: Next) -> Response {
    match head(&request) {
        Ok(()) => in_json(next.run(request).await).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn head(request: &Request) -> Result<(), Refusal> {
    let bad = |words: &str| Err(Refusal::BadRequest(words.into()));
    if head_bytes(request) > HEAD_BYTES {
        let words = format!("the head of a request has at most {} KiB", HEAD_BYTES / 1024);
        return Err(Refusal::HeadTooLarge(words));
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) if request.version() >= Version::HTTP_11 => return bad("a request needs a Host header"),
        (Some(_), Some(_)) => return bad("a request has one Host header, not several"),
        (Some(host), None) if !is_host(host) => return bad("the Host header is not a host name with an optional port"),
        (Some(host), None) if !names_host(request.uri(), host) => {
            return bad("the request target names another host than the Host header");
        }
        _ => {}
    }
    // Which of several would count is a guess, and a proxy may guess differently.
    let single = [AUTHORIZATION, CONTENT_TYPE, ORIGIN].into_iter().chain(OWN_HEADERS.map(HeaderName::from_static));
    let mut repeated = single.filter(|name| request.headers().get_all(name).iter().nth(1).is_some());
    if let Some(name) = repeated.next() {
        return bad(&format!("a request has one {name} header, not several"));
    }
    check_text("path", request.uri().path())?;
    check_text("query", request.uri().query().unwrap_or_default())
}

/// As it came over the wire, but for optional blanks.
fn head_bytes(request: &Request) -> usize {
    const LINE_END: usize = 2;
    let uri = request.uri().path_and_query().map_or(1, |it| it.as_str().len());
    let line = request.method().as_str().len() + uri + "  HTTP/1.1".len() + LINE_END;
    let field = |(name, value): (&axum::http::HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 4;
    line + request.headers().iter().map(field).sum::<usize>() + LINE_END
}

/// A request target in absolute form names the host that is meant: two different ones are two different requests to a
/// proxy and to this server.
fn names_host(target: &Uri, host: &HeaderValue) -> bool {
    let Some(authority) = target.authority() else { return true };
    let default_port = if target.scheme_str() == Some("https") { ":443" } else { ":80" };
    let named = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    host.to_str().is_ok_and(|host| named(host) == named(authority.as_str()))
}

/// Only what can stand in a URI's authority.
fn is_host(host: &HeaderValue) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'@' | b',' | b'?' | b'#' | b'\\');
    host.as_bytes().iter().all(allowed)
}

/// Neither log can look for NUL, and what is not UTF-8 is nobody's name.
fn check_text(part: &str, encoded: &str) -> Result<(), Refusal> {
    let Ok(text) = percent_decode_str(encoded).decode_utf8() else {
        return Err(Refusal::BadRequest(format!("the {part} is not UTF-8 text once it is percent-decoded")));
    };
    match text.contains('\0') {
        true => Err(Refusal::BadRequest(format!("the {part} holds a NUL character (%00)"))),
        false => Ok(()),
    }
}

/// Errors are JSON, those of the framework's extractors too.
async fn in_json(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !status.is_client_error() || !kind.starts_with(b"text/plain") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let words = axum::body::to_bytes(body, 4096).await.unwrap_or_default();
    let words = shortened(&String::from_utf8_lossy(&words), crate::error::ECHO);
    let json = axum::Json(serde_json::json!({ "error": words })).into_response();
    for name in [CONTENT_TYPE, axum::http::header::CONTENT_LENGTH] {
        parts.headers.remove(&name);
        parts.headers.extend(json.headers().get(&name).map(|value| (name.clone(), value.clone())));
    }
    Response::from_parts(parts, json.into_body())
}
