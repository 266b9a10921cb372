//! Limits on JSON that comes from outside, checked before it is parsed: depth, numbers and unpaired surrogates.
//!
//! Every reader behind this (`serde_json`, the protocol's own, PostgreSQL, SQLite, a browser) takes more than these limits
//! allow, so whatever is accepted here can be stored, read back and sent on. The size of a request body is limited by
//! `routes::BODY_LIMIT`, that of a client's WebSocket message by `websocket`, that of an answer by `runner::job`.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{ECHO, Refusal, shortened};

/// The most levels of lists and objects inside each other.
pub const MAX_DEPTH: usize = 64;
/// What the server itself wraps around a value in an event or a row.
pub const MAX_STORED_DEPTH: usize = MAX_DEPTH + 16;

/// Why JSON from outside is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("JSON has at most {MAX_DEPTH} levels of nested lists and objects")]
    TooDeep,
    #[error("{0} is too large a number")]
    TooLarge(String),
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

/// Returns the text with U+FFFD in place of unpaired surrogates, or the limit that it exceeds. Malformed JSON passes: the
/// parser says what is wrong with it.
pub fn check(text: &str) -> Result<Cow<'_, str>, JsonError> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, deepest: MAX_DEPTH, unpaired: Vec::new() };
    scan.run()?;
    if scan.unpaired.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let mut repaired = text.to_owned();
    for at in scan.unpaired {
        repaired.replace_range(at..at + ESCAPE, "\\ufffd");
    }
    Ok(Cow::Owned(repaired))
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
    Err(JsonError::TooDeep)
}

/// Returns whether text that this server wrote is shallow enough for every reader.
pub fn is_readable_depth(text: &str) -> bool {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, deepest: MAX_STORED_DEPTH, unpaired: Vec::new() };
    scan.run() != Err(JsonError::TooDeep)
}

/// `\u1234`
const ESCAPE: usize = 6;
/// No shorter number without an exponent exceeds an `f64`.
const SURELY_FITS: usize = 300;

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    deepest: usize,
    /// Where escapes of surrogates begin that have no other half.
    unpaired: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), JsonError> {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' if depth == self.deepest => return Err(JsonError::TooDeep),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => self.string(),
                b'0'..=b'9' => self.number()?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Goes on behind the closing quote.
    fn string(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.escape(),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) {
        match (self.unit(self.at), self.unit(self.at + ESCAPE)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => self.at += 2 * ESCAPE,
            (Some(0xd800..0xe000), _) => {
                self.unpaired.push(self.at);
                self.at += ESCAPE;
            }
            (Some(_), _) => self.at += ESCAPE,
            (None, _) => self.at += 2,
        }
    }

    /// The UTF-16 code unit that is escaped there.
    fn unit(&self, at: usize) -> Option<u16> {
        let digits = self.bytes.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
    }

    /// From behind its first digit to its end.
    fn number(&mut self) -> Result<(), JsonError> {
        let rest = &self.bytes[self.at - 1..];
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += length - 1;
        let digits = &rest[..length];
        if length <= SURELY_FITS && !digits.iter().any(|byte| matches!(byte, b'e' | b'E')) {
            return Ok(());
        }
        let text = String::from_utf8_lossy(digits);
        match text.parse::<f64>() {
            Ok(number) if number.is_infinite() => Err(JsonError::TooLarge(shortened(&text, 40))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
