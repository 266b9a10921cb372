//! The cookie of a canvas that signed in: no script can read it, and no page of another site can send it.
//! Never what it holds (`sign_in`).

use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "orrery_session";

/// What the cookie holds, unread.
pub fn of(headers: &HeaderMap) -> Option<&str> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// `Set-Cookie`: for so many seconds; for none, it is taken away.
pub fn set(value: &str, seconds: u64, headers: &HeaderMap) -> HeaderValue {
    let secure = if is_encrypted(headers) { "; Secure" } else { "" };
    let text = format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).expect("digits and dots are plain ASCII")
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
        assert_eq!(of(&headers(&[("cookie", "a=b; orrery_session=1.2.3; c=d")])), Some("1.2.3"));
        assert_eq!(of(&headers(&[("cookie", "a=b"), ("cookie", "orrery_session=x")])), Some("x"));
        assert_eq!(of(&headers(&[("cookie", "not_orrery_session=x; orrery_session2=y")])), None);
        assert_eq!(of(&HeaderMap::new()), None);
    }

    #[test]
    fn it_stays_in_encrypted_lines_when_it_was_set_there() {
        let plain = "orrery_session=1.2.3; Path=/; Max-Age=60; HttpOnly; SameSite=Strict";
        assert_eq!(set("1.2.3", 60, &HeaderMap::new()), plain);
        for told in [("x-forwarded-proto", "https"), ("forwarded", "for=1.2.3.4;Proto=HTTPS")] {
            assert_eq!(set("1.2.3", 60, &headers(&[told])), format!("{plain}; Secure").as_str());
        }
        assert_eq!(set("1.2.3", 60, &headers(&[("x-forwarded-proto", "http")])), plain);
    }
}
