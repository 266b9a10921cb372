//! Content types of request bodies: one rule for all routes (see section 1.1 of docs/protocol.md).

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::error::{Refusal, quoted};

/// Types of a body that is one JSON text. A request without a type, or with the one that `curl -d` and browsers give to a
/// text, is read as JSON too: whoever sends anything else to this server is mistaken.
const JSON: &[&str] = &["application/json", "text/json", "text/plain", "application/x-www-form-urlencoded"];
/// Types of a body with one JSON text a line.
const NDJSON: &[&str] = &[
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "text/x-ndjson",
];
/// Names of the only encoding of JSON (RFC 8259, section 8.1), and of its subset.
const CHARSETS: &[&str] = &["utf-8", "utf8", "us-ascii"];

/// How a body is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    Json,
    Ndjson,
}

/// Returns the type of a body that is one JSON text or several.
pub fn media_type(headers: &HeaderMap) -> Result<MediaType, Refusal> {
    read(headers, &[MediaType::Json, MediaType::Ndjson])
}

/// Returns an error unless the type is that of one JSON text.
pub fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    read(headers, &[MediaType::Json]).map(drop)
}

fn read(headers: &HeaderMap, accepted: &[MediaType]) -> Result<MediaType, Refusal> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(MediaType::Json) };
    let value = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    if let Some(charset) = charset.map(|name| name.trim_matches('"')).filter(|name| !CHARSETS.contains(name)) {
        return Err(Refusal::UnsupportedMediaType(format!("a body is UTF-8, not {}", quoted(charset))));
    }
    let media_type = match essence {
        json if json.is_empty() || JSON.contains(&json) || json.ends_with("+json") => Some(MediaType::Json),
        ndjson if NDJSON.contains(&ndjson) => Some(MediaType::Ndjson),
        _ => None,
    };
    media_type.filter(|media_type| accepted.contains(media_type)).ok_or_else(|| {
        let names: Vec<&str> = accepted.iter().map(|media_type| media_type.name()).collect();
        Refusal::UnsupportedMediaType(format!("Content-Type is {}, not {}", names.join(" or "), quoted(essence)))
    })
}

impl MediaType {
    fn name(self) -> &'static str {
        match self {
            Self::Json => JSON[0],
            Self::Ndjson => NDJSON[0],
        }
    }
}
