//! Which pages may use this server: its own, and those of --allow-origin. A browser's word, so never a credential.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::error::Refusal;

/// Where `trunk serve` shows a page in development. Accepted only while no admin token is set.
const DEVELOPMENT_ORIGINS: [&str; 2] = ["http://127.0.0.1:8080", "http://localhost:8080"];

/// Callers that are not browsers send no origin.
pub fn allowed_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // Browsers alone set this header, and only where the page and the request share scheme, host and port: a proxy that
    // drops the port of `Host` changes nothing about it.
    let is_same = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    let own = host.and_then(|host| Origin::of_host(host, origin)).zip(Origin::parse(origin));
    own.is_some_and(|(own, named)| own == named || is_same && own.host == named.host)
        || allowed.iter().any(|allowed| is_equal(allowed, origin))
}

fn is_development_origin(headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.is_some_and(|origin| DEVELOPMENT_ORIGINS.contains(&origin))
}

fn is_equal(allowed: &str, origin: &str) -> bool {
    let parsed = Origin::parse(allowed);
    parsed.is_some() && parsed == Origin::parse(origin) || allowed.trim_end_matches('/').eq_ignore_ascii_case(origin)
}

/// An origin whose default port is written out (RFC 6454, section 4).
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    fn parse(origin: &str) -> Option<Self> {
        let (scheme, authority) = origin.trim().trim_end_matches('/').split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let authority: Authority = authority.parse().ok()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let port = authority.port_u16().unwrap_or(default_port);
        Some(Self { scheme, host: authority.host().to_ascii_lowercase(), port })
    }

    /// `Host` says no scheme: that of the page is meant.
    fn of_host(host: &str, origin: &str) -> Option<Self> {
        Self::parse(&format!("{}://{host}", origin.split_once("://")?.0))
    }
}

/// Refuses the pages of other origins, and tells browsers about the allowed ones (CORS).
pub async fn guard_origin(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_development = app.config.admin_token.is_none() && is_development_origin(headers);
    if !is_development && !allowed_origin(headers, &app.config.allow_origin) {
        let words = "pages of this origin may not use this server: allow it with --allow-origin, or if it is this server \
            behind a proxy, have the proxy pass Host with its port, or name the proxy with --trusted-proxy";
        return Refusal::Forbidden(words.into()).into_response();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        about: String,
        headers: Vec<(String, String)>,
        #[serde(default)]
        allowed: Vec<String>,
        is_allowed: bool,
    }

    #[test]
    fn own_and_named_origins_are_allowed() {
        let cases: Vec<Case> = serde_json::from_str(include_str!("../../tests/cases/origins.json")).unwrap();
        for Case { about, headers, allowed, is_allowed } in cases {
            let pair = |(name, value): (String, String)| {
                (axum::http::HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap())
            };
            let headers: HeaderMap = headers.into_iter().map(pair).collect();
            assert_eq!(allowed_origin(&headers, &allowed), is_allowed, "{about}");
        }
    }
}
