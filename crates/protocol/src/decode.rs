//! Reads JSON text into a type, with errors that name the field.
//!
//! The path of the field is searched after an error. `serde_path_to_error` tracks the path while it reads, which adds a layer to
//! the reader of every type: 17 KB of what the page downloads.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Maximum length of a reason in characters: it may quote the wrong value, which may be long.
const MAX_REASON: usize = 160;

/// Error of a JSON text that could not be read, with the path of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct JsonError {
    /// Path of the field, such as `payload.children.0.id`; empty for the text as a whole.
    pub path: String,
    pub reason: String,
}

/// Reads a value from a whole JSON text.
pub fn from_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError::new(text, &error))
}

/// Reads the value of `field`, which is a part of a larger text: errors name it.
pub(crate) fn from_json_field<'de, T: Deserialize<'de>>(field: &str, text: &'de str) -> Result<T, JsonError> {
    from_json(text).map_err(|error: JsonError| JsonError { path: joined(field, &error.path), ..error })
}

impl JsonError {
    fn new(text: &str, error: &serde_json::Error) -> Self {
        let mut reason = error.to_string();
        let mut path = String::new();
        if error.is_data() {
            path = path_at(text, offset_of(text, error.line(), error.column()));
            // A line and a column of a part of the text would mislead.
            reason.truncate(reason.rfind(" at line ").unwrap_or(reason.len()));
        }
        if let Some((end, _)) = reason.char_indices().nth(MAX_REASON) {
            reason.truncate(end);
            reason.push('…');
        }
        // A path may hold a key of the text itself.
        Self { path: path.chars().take(MAX_REASON).collect(), reason }
    }
}

/// Returns the offset in bytes of a line and a column, which count from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before + column
}

/// Returns the path of the innermost value at an offset; empty if that is the outermost value.
fn path_at(text: &str, offset: usize) -> String {
    let inside = |value: &RawValue| {
        let start = value.get().as_ptr() as usize - text.as_ptr() as usize;
        (start..=start + value.get().len()).contains(&offset).then_some(start)
    };
    let inner = |key: &str, value: &RawValue| {
        let start = inside(value)?;
        Some(joined(key, &path_at(value.get(), offset - start)))
    };
    let found = match text.trim_start().as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap_or_default();
            fields.into_iter().find_map(|(key, value)| inner(&key, value))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            items.into_iter().enumerate().find_map(|(index, value)| inner(&index.to_string(), value))
        }
        _ => None,
    };
    found.unwrap_or_default()
}

fn joined(outer: &str, inner: &str) -> String {
    if inner.is_empty() { outer.to_owned() } else { format!("{outer}.{inner}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Workspace;

    #[test]
    fn errors_name_the_path_of_the_field() {
        let path = |text: &str| from_json::<Vec<Workspace>>(text).unwrap_err().path;
        assert_eq!(path(r#"[{"id":"a"},{"id":"b","tier":"high"}]"#), "1.tier");
        assert_eq!(path("[\n  {\n    \"id\": \"a\",\n    \"agent\": { \"model\": [] }\n  }\n]"), "0.agent.model");
        assert_eq!(path(r#"[{"id":"a","agent":{"id":"x"}}]"#), "0.agent");
        assert_eq!(path(r#"[{"id":{}}]"#), "0.id");
        assert_eq!(path(r#"[{"name":"n"}]"#), "0");
        assert_eq!(path("7"), "");
        assert_eq!(path("[{"), "");
    }
}
