//! Serde readers of optional fields in request bodies and queries, where `null` and `""` are the same as a missing field, and a
//! whole number may be written as a float (see section 1.4 of docs/protocol.md).

use std::fmt::Display;
use std::str::FromStr;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

/// Reads a count, such as `1` or `1.0`.
pub fn whole<'de, D: Deserializer<'de>, T: TryFrom<u64>>(from: D) -> Result<Option<T>, D::Error> {
    const EXPECTED: &str = "a whole number that is not negative";
    let Some(number) = number_or_none(from, EXPECTED)? else { return Ok(None) };
    let count = number.as_u64().or_else(|| whole_float(number.as_f64()?));
    let count = count.ok_or_else(|| D::Error::invalid_value(unexpected(&number), &EXPECTED))?;
    T::try_from(count).map(Some).map_err(|_| D::Error::custom(format_args!("{count} is too large")))
}

/// Reads a count that others measure with a fraction, and rounds it.
pub fn rounded<'de, D: Deserializer<'de>, T: TryFrom<u64>>(from: D) -> Result<Option<T>, D::Error> {
    let Some(number) = number(from)? else { return Ok(None) };
    let count = whole_float(number.round());
    let count = count.ok_or_else(|| D::Error::custom(format_args!("{number} is not between 0 and 10^18")))?;
    T::try_from(count).map(Some).map_err(|_| D::Error::custom(format_args!("{count} is too large")))
}

/// Reads a number.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(number_or_none(from, "a number")?.and_then(|number| number.as_f64()))
}

/// Reads a number; a missing one is 0.
pub fn number_or_zero<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(number(from)?.unwrap_or_default())
}

/// Reads a count; a missing one is 0.
pub fn whole_or_zero<'de, D: Deserializer<'de>, T: TryFrom<u64> + Default>(from: D) -> Result<T, D::Error> {
    Ok(whole(from)?.unwrap_or_default())
}

/// Reads a value of a query, which is text.
pub fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(from: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(from)?.filter(|text| !text.trim().is_empty());
    text.map(|text| text.trim().parse().map_err(D::Error::custom)).transpose()
}

/// Reads anything that may be missing, of which an empty text is none.
pub fn optional<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        value => T::deserialize(value).map(Some).map_err(D::Error::custom),
    }
}

fn number_or_none<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<Option<Number>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::Number(number) => Ok(Some(number)),
        Value::String(text) => Err(D::Error::invalid_type(Unexpected::Str(&text), &expected)),
        Value::Bool(value) => Err(D::Error::invalid_type(Unexpected::Bool(value), &expected)),
        Value::Array(_) => Err(D::Error::invalid_type(Unexpected::Seq, &expected)),
        Value::Object(_) => Err(D::Error::invalid_type(Unexpected::Map, &expected)),
    }
}

fn whole_float(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..1e18).contains(&number)).then_some(number as u64)
}

fn unexpected(number: &Number) -> Unexpected<'_> {
    match number.as_i64() {
        Some(number) => Unexpected::Signed(number),
        None => Unexpected::Float(number.as_f64().unwrap_or_default()),
    }
}
