//! Reads JSON text into a type, with errors that name the field.

use serde::Deserialize;

/// How many characters of an error are kept: it may quote the wrong value, which may be long.
const MAX_REASON: usize = 160;

/// Why a JSON text could not be read, and in which field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", if path.is_empty() { String::new() } else { format!("{path}: ") })]
pub struct JsonError {
    /// The path of the field, as `payload.children[0].id`; empty for the text as a whole.
    pub path: String,
    pub reason: String,
}

/// Reads a value from a whole JSON text.
pub fn from_json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        JsonError::new(path, error.inner())
    })?;
    json.end().map_err(|error| JsonError::new(String::new(), &error))?;
    Ok(value)
}

/// Reads the value of `field`, which is a part of a larger text: errors name it.
pub(crate) fn from_json_field<'de, T: Deserialize<'de>>(field: &str, text: &'de str) -> Result<T, JsonError> {
    from_json(text).map_err(|error: JsonError| JsonError {
        path: match error.path.as_str() {
            "" => field.to_owned(),
            inner => format!("{field}.{inner}"),
        },
        ..error
    })
}

impl JsonError {
    fn new(path: String, error: &serde_json::Error) -> Self {
        let mut reason = error.to_string();
        // The path says where; a line and a column of a part of the text would mislead.
        if error.is_data()
            && let Some(at) = reason.rfind(" at line ")
        {
            reason.truncate(at);
        }
        if let Some((end, _)) = reason.char_indices().nth(MAX_REASON) {
            reason.truncate(end);
            reason.push('…');
        }
        // A path may hold a key of the text itself.
        let path = path.chars().take(MAX_REASON).collect();
        Self { path, reason }
    }
}
