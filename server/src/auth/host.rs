//! Checks the `Host` of requests in open mode, so that a page cannot reach this server under a foreign name that was
//! mapped to loopback (DNS rebinding).
//!
//! With an admin token the check is not needed: a browser sends no cookie of this server to a foreign name.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header, uri::Authority};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::config::Config;
use crate::error::Refusal;

/// Refuses requests to a name that is not this server's. Returns 421 and names the flag that helps.
pub async fn guard_host(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if app.credentials.secured() || allowed_host(request.headers(), &app.config) {
        return next.run(request).await;
    }
    let refusal = "without an admin token this server answers to loopback names only: start it with --allow-host and \
        the name in the address, or with --admin-token";
    Refusal::Misdirected(refusal.into()).into_response()
}

/// A request without a `Host` does not come from a browser.
fn allowed_host(headers: &HeaderMap, config: &Config) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Some(name) = host.to_str().ok().and_then(name_of) else { return false };
    let origins = config.allow_origin.iter().filter_map(|origin| name_of(origin.split_once("://")?.1));
    let hosts = config.allow_host.iter().filter_map(|host| name_of(host));
    is_loopback(&name) || is_address(&name, config.listen.ip()) || origins.chain(hosts).any(|allowed| allowed == name)
}

/// Returns the host of `host:port` in lower case, without the root's dot and an IPv6 address's brackets.
fn name_of(host: &str) -> Option<String> {
    let authority: Authority = host.trim().trim_end_matches('/').parse().ok()?;
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    Some(name).filter(|name| !name.is_empty() && !authority.as_str().contains('@'))
}

fn is_loopback(name: &str) -> bool {
    let address = name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    address || name == "localhost" || name.ends_with(".localhost")
}

fn is_address(name: &str, address: IpAddr) -> bool {
    name.parse::<IpAddr>().is_ok_and(|named| named.to_canonical() == address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_names_are_allowed() {
        let mut config = Config::in_folder("x");
        config.allow_origin = vec!["https://canvas.example".into()];
        config.allow_host = vec!["Orrery.Example".into(), "other.example:8443".into()];
        let allows = |host: &str| {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
            allowed_host(&headers, &config)
        };
        for own in [
            "localhost",
            "LOCALHOST:8000",
            "localhost.:1",
            "a.b.localhost",
            "127.0.0.1:8000",
            "127.8.9.10",
            "[::1]",
            "[::1]:80",
            "[::ffff:127.0.0.1]:80",
            "canvas.example:8000",
            "orrery.example",
            "other.example",
        ] {
            assert!(allows(own), "{own}");
        }
        for foreign in [
            "",
            "evil.example",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "evil.example@localhost",
            "localhost@evil.example",
            "128.0.0.1",
            "0.0.0.0:8000",
            "[::]",
            "127.1",
            "canvas.example.evil.example",
            "ä",
        ] {
            let foreign = foreign.as_bytes();
            let headers = HeaderMap::from_iter([(header::HOST, axum::http::HeaderValue::from_bytes(foreign).unwrap())]);
            assert!(!allowed_host(&headers, &config), "{}", String::from_utf8_lossy(foreign));
        }
        assert!(allowed_host(&HeaderMap::new(), &config));
    }
}
