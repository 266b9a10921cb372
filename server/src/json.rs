//! Parses JSON that comes from outside, within the limits of `orrery_protocol::limits`.
//!
//! The size of a request body is limited by `routes::BODY_LIMIT`, that of a client's message by `websocket`, that of an
//! answer by `runner::job`.

mod unique_keys;

use std::borrow::Cow;

use orrery_protocol::limits::{self, Exceeded, MAX_DEPTH, MAX_STORED_DEPTH};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{ECHO, Refusal, shortened};

/// Why JSON from outside is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error(transparent)]
    Limit(#[from] Exceeded),
    #[error("{0}")]
    Malformed(String),
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

/// Parses JSON within the limits; the error names the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    read(&check(utf8(bytes)?)?)
}

/// Parses the body of a request. A key that an object has twice is an error: readers would disagree about which one counts.
pub fn parse_request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let text = check(utf8(bytes)?)?;
    unique_keys::check(&text).map_err(|words| JsonError::Malformed(shortened(&words, ECHO)))?;
    read(&text)
}

/// Parses a list without parsing its items, so that one that is malformed or exceeds a limit does not spoil the others.
pub fn parse_list(bytes: &[u8]) -> Result<Vec<Box<RawValue>>, JsonError> {
    read(utf8(bytes)?)
}

/// The same for a type that takes only plain values or `RawValue`s: what it ignores may be anything at all.
pub fn parse_ignoring_depth<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, JsonError> {
    read(utf8(bytes)?)
}

fn utf8(bytes: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(bytes).map_err(|_| JsonError::Malformed("this is not UTF-8 text".into()))
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let malformed = |words: String| JsonError::Malformed(shortened(&words, ECHO));
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.path().to_string() {
        path if path == "." => malformed(error.inner().to_string()),
        path => malformed(format!("{path}: {}", error.inner())),
    })?;
    json.end().map_err(|error| malformed(error.to_string()))?;
    Ok(value)
}

/// Returns the text as every reader can take it: see `limits::check`.
pub fn check(text: &str) -> Result<Cow<'_, str>, JsonError> {
    Ok(limits::check(text, MAX_DEPTH)?)
}

/// Returns an error if the value has more levels than JSON from outside may have.
pub fn check_value(value: &Value) -> Result<(), JsonError> {
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..=MAX_DEPTH {
        level = level
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(items) => items.iter().collect::<Vec<_>>(),
                Value::Object(map) => map.values().collect(),
                _ => Vec::new(),
            })
            .collect();
        if level.is_empty() {
            return Ok(());
        }
    }
    Err(Exceeded::TooDeep(MAX_DEPTH).into())
}

/// Returns whether text that this server wrote is shallow enough for every reader.
pub fn is_readable_depth(text: &str) -> bool {
    limits::check(text, MAX_STORED_DEPTH).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_have_the_same_limit() {
        for depth in 0..=120 {
            let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
            let expected = if depth <= MAX_DEPTH { Ok(()) } else { Err(Exceeded::TooDeep(MAX_DEPTH).into()) };
            assert_eq!(parse::<Value>(text.as_bytes()).map(drop), expected, "{depth}");
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(check_value(&value), expected, "{depth}");
        }
    }
}
