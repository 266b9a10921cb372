//! From an HTTP request to an agreed WebSocket (RFC 6455 §4.2). Never who may connect, never what is said then.

use axum::extract::FromRequestParts;
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, request::Parts};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;

/// Joined to the client's key so that nothing but a WebSocket server answers right (RFC 6455 §1.3).
const SIGNATURE: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A request that asks properly. Nothing is agreed until `response` is sent.
pub struct Upgrade {
    accept: HeaderValue,
    connection: OnUpgrade,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAWebSocket {
    #[error("this address speaks WebSocket: connect with a WebSocket client, for example `wscat -c ws://…`")]
    PlainRequest,
    #[error("this server speaks WebSocket version 13")]
    OtherVersion,
    #[error("Sec-WebSocket-Key must be 16 bytes in base64")]
    BadKey,
}

impl Upgrade {
    /// The 101 answer; the connection itself is handed over once it has been sent.
    pub fn agree(self) -> (Response, OnUpgrade) {
        let headers = [
            (CONNECTION, HeaderValue::from_static("Upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        ((StatusCode::SWITCHING_PROTOCOLS, headers).into_response(), self.connection)
    }
}

impl<S: Sync> FromRequestParts<S> for Upgrade {
    type Rejection = NotAWebSocket;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NotAWebSocket> {
        let accept = check(&parts.method, parts.version, &parts.headers)?;
        let connection = parts.extensions.remove::<OnUpgrade>().ok_or(NotAWebSocket::PlainRequest)?;
        Ok(Self { accept, connection })
    }
}

impl IntoResponse for NotAWebSocket {
    fn into_response(self) -> Response {
        let status = match self {
            Self::PlainRequest | Self::OtherVersion => StatusCode::UPGRADE_REQUIRED,
            Self::BadKey => StatusCode::BAD_REQUEST,
        };
        let words = axum::Json(serde_json::json!({ "error": self.to_string() }));
        (status, [(CONNECTION, "Upgrade"), (UPGRADE, "websocket"), (SEC_WEBSOCKET_VERSION, "13")], words)
            .into_response()
    }
}

fn check(method: &Method, version: Version, headers: &HeaderMap) -> Result<HeaderValue, NotAWebSocket> {
    let asks = method == Method::GET
        && version == Version::HTTP_11
        && names(headers, CONNECTION, "upgrade")
        && names(headers, UPGRADE, "websocket");
    if !asks {
        return Err(NotAWebSocket::PlainRequest);
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(NotAWebSocket::OtherVersion);
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(NotAWebSocket::BadKey)?.as_bytes();
    match STANDARD.decode(key) {
        Ok(nonce) if nonce.len() == 16 => Ok(accept(key)),
        _ => Err(NotAWebSocket::BadKey),
    }
}

/// Whether a comma-separated header has this word, whatever its case.
fn names(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
}

fn accept(key: &[u8]) -> HeaderValue {
    let mut digest = sha1_smol::Sha1::new();
    digest.update(key);
    digest.update(SIGNATURE.as_bytes());
    let text = STANDARD.encode(digest.digest().bytes());
    HeaderValue::from_str(&text).expect("base64 is plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[(&str, &str)] = &[
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    fn ask(headers: &[(&'static str, &'static str)], version: Version) -> Result<HeaderValue, NotAWebSocket> {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        check(&Method::GET, version, &headers)
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        assert_eq!(ask(GOOD, Version::HTTP_11).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn anything_less_is_refused_with_its_reason() {
        let without = |name: &str| GOOD.iter().copied().filter(|(header, _)| *header != name).collect::<Vec<_>>();
        let with = |name: &'static str, value| [without(name), vec![(name, value)]].concat();
        for (headers, reason) in [
            (without("connection"), NotAWebSocket::PlainRequest),
            (with("upgrade", "h2c"), NotAWebSocket::PlainRequest),
            (with("sec-websocket-version", "8"), NotAWebSocket::OtherVersion),
            (without("sec-websocket-version"), NotAWebSocket::OtherVersion),
            (without("sec-websocket-key"), NotAWebSocket::BadKey),
            (with("sec-websocket-key", "c2hvcnQ="), NotAWebSocket::BadKey),
        ] {
            assert_eq!(ask(&headers, Version::HTTP_11), Err(reason));
        }
        assert_eq!(ask(GOOD, Version::HTTP_10), Err(NotAWebSocket::PlainRequest));
    }
}
