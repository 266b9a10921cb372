//! Reads fields of the data that a run event carries.

use serde_json::{Map, Value};

/// Returns a text that is not empty.
pub(super) fn text(data: &Map<String, Value>, key: &str) -> Option<String> {
    data.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Returns a number that is not negative and has no fraction.
pub(super) fn count(data: &Map<String, Value>, key: &str) -> Option<u32> {
    let value = data.get(key)?;
    // Some systems write every number as a float.
    let whole = |number: f64| (number.fract() == 0.0 && number >= 0.0).then_some(number as u64);
    let count = value.as_u64().or_else(|| whole(value.as_f64()?))?;
    u32::try_from(count).ok()
}
