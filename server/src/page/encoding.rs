//! Which squeezed forms a client can take. Never the squeezing.

use axum::http::header::ACCEPT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};

use crate::accept::weight_of;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// Of the file that lies beside the plain one.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`.
    pub fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// The best first; the plain form is always one of them.
pub fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let is_accepted = |name| weight_of(headers, ACCEPT_ENCODING, name).is_some_and(|weight| weight > 0.0);
    let squeezed = [(Encoding::Brotli, "br"), (Encoding::Gzip, "gzip")].into_iter();
    squeezed.filter(|(_, name)| is_accepted(name)).map(|(encoding, _)| encoding).chain([Encoding::Identity]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_and_others_say() {
        use Encoding::*;
        let cases: [(&str, &[Encoding]); 7] = [
            ("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]),
            ("br;q=0, GZIP;q=0.5", &[Gzip, Identity]),
            ("gzip;q=0.0", &[Identity]),
            ("identity", &[Identity]),
            ("", &[Identity]),
            ("brr", &[Identity]),
            (" br ; q=1.0 ", &[Brotli, Identity]),
        ];
        for (text, expected) in cases {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(text))]);
            assert_eq!(accepted(&headers), expected, "{text}");
        }
        assert_eq!(accepted(&HeaderMap::new()), [Identity]);
    }
}
