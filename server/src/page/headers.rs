//! What every answer forbids the browser (Content-Security-Policy and its kin). Never who may call.

use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// Other pages cannot embed an answer; those that are allowed to ask read it by CORS.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The page sets styles by CSSOM (`style:left=…` in a view is `style.setProperty`), which `style-src 'self'` allows; a
/// `style="…"` attribute would be ignored. Pictures may be made by the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
frame-ancestors 'none'; connect-src 'self'";

pub async fn secure(request: Request, next: Next) -> Response {
    let policy = policy(request.headers().get(HOST));
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Not every browser counts a WebSocket to the page's own server as `'self'`.
fn policy(host: Option<&HeaderValue>) -> HeaderValue {
    let is_plain = |host: &&str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
    };
    let host = host.and_then(|host| host.to_str().ok()).filter(is_plain).filter(|host| !host.is_empty());
    let named = host.map(|host| format!("{POLICY} ws://{host} wss://{host}"));
    named.and_then(|policy| HeaderValue::try_from(policy).ok()).unwrap_or(HeaderValue::from_static(POLICY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_its_own_sockets_and_cannot_add_a_rule() {
        let policy = |host: &'static str| policy(Some(&HeaderValue::from_static(host)));
        assert!(policy("127.0.0.1:8000").to_str().unwrap().ends_with(" ws://127.0.0.1:8000 wss://127.0.0.1:8000"));
        for bad in ["", "x; script-src *", "a b", "*"] {
            assert_eq!(policy(bad), POLICY, "{bad}");
        }
    }
}
