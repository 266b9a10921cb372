//! The cookie of a canvas that signed in: no script can read it, and no page of another site can send it.
//! Never what it holds (`sign_in`).

use axum::http::{HeaderMap, HeaderValue, header};
use orrery_protocol::Epoch;

use super::TokenHash;

/// Returns the name of the cookie. Browsers keep cookies by host, not by port: the name differs from log to log, so that
/// servers on one host do not replace each other's, and is the same for servers that share a log.
pub fn name(epoch: &Epoch) -> String {
    format!("orrery_session_{}", &TokenHash::of(epoch.as_str()).to_string()[..16])
}

/// What the cookie of this name holds, unread.
pub fn of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `Set-Cookie` below this path: for so many seconds; for none, it is taken away.
pub fn set(name: &str, value: &str, seconds: u64, path: &str, headers: &HeaderMap) -> HeaderValue {
    let secure = if is_encrypted(headers) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).expect("names, digits and dots are plain ASCII")
}

/// A proxy in front says how it was reached; who says so falsely harms only itself.
fn is_encrypted(headers: &HeaderMap) -> bool {
    let says = |name: &str, what: &str| {
        let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| value.to_ascii_lowercase().split([',', ';']).any(|part| part.trim() == what))
    };
    says("x-forwarded-proto", "https") || says("forwarded", "proto=https")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn it_is_found_among_others() {
        let of = |pairs| of(&headers(pairs), "orrery_session").map(str::to_owned);
        assert_eq!(of(&[("cookie", "a=b; orrery_session=1.2.3; c=d")]).as_deref(), Some("1.2.3"));
        assert_eq!(of(&[("cookie", "a=b"), ("cookie", "orrery_session=x")]).as_deref(), Some("x"));
        assert_eq!(of(&[("cookie", "not_orrery_session=x; orrery_session2=y")]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn the_name_is_the_logs_own() {
        let of = |epoch: &str| name(&Epoch::new(epoch));
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a"), of("b"));
        assert_eq!(of("a").len(), "orrery_session_".len() + 16);
    }

    #[test]
    fn it_stays_in_encrypted_lines_when_it_was_set_there() {
        let plain = "orrery_session=1.2.3; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        let set = |value: &str, seconds, headers: &HeaderMap| set("orrery_session", value, seconds, "/", headers);
        assert_eq!(set("1.2.3", 60, &HeaderMap::new()), plain);
        for told in [("x-forwarded-proto", "https"), ("forwarded", "for=1.2.3.4;Proto=HTTPS")] {
            assert_eq!(set("1.2.3", 60, &headers(&[told])), format!("{plain}; Secure").as_str());
        }
        assert_eq!(set("1.2.3", 60, &headers(&[("x-forwarded-proto", "http")])), plain);
    }
}
