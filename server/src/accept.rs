//! Lists of what a client accepts, with weights, as in `Accept` and `Accept-Encoding` (RFC 9110, section 12.4.2).

use axum::http::{HeaderMap, HeaderName};

/// Returns how much the client wants something that the header names, in any case: 0 to 1. `None` if it is not named.
pub fn weight_of(headers: &HeaderMap, header: HeaderName, name: &str) -> Option<f32> {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|named| named.eq_ignore_ascii_case(name));
        is_named.then(|| parts.find_map(read_weight).unwrap_or(1.0))
    })
}

fn read_weight(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::ACCEPT;

    use super::*;

    #[test]
    fn a_weight_of_zero_refuses() {
        for (text, expected) in [
            ("application/x-ndjson", Some(1.0)),
            ("application/json, Application/X-NDJSON ; Q=0.5", Some(0.5)),
            ("application/x-ndjson;q=0", Some(0.0)),
            ("application/x-ndjson;version=1;q=0.000", Some(0.0)),
            ("application/x-ndjson2", None),
            ("*/*", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(text))]);
            assert_eq!(weight_of(&headers, ACCEPT, "application/x-ndjson"), expected, "{text}");
        }
    }
}
