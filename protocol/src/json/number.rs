//! JSON's numbers, exact to the last bit: a coordinate read from a frame must be the very one that was folded. Never what
//! they count.

mod decimal;

use serde_json::Number;

use crate::fields::Read;

/// Where the number that begins there is over; none when it is no number.
pub(super) fn end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |at: usize| at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let some_digits = |at: usize| Some(digits(at)).filter(|end| *end > at);
    let start = from + usize::from(bytes[from] == b'-');
    let mut at = some_digits(start)?;
    if bytes[start] == b'0' && at > start + 1 {
        return None;
    }
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = some_digits(at + 1 + sign)?;
    }
    Some(at)
}

/// None when it is not whole, below zero or too large.
pub(crate) fn whole(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// Of a text that is known to be a number.
pub(super) fn exact(text: &str) -> Read<Number> {
    let is_whole = !text.contains(['.', 'e', 'E']);
    if let Some(number) = whole(text).filter(|_| is_whole) {
        return Ok(number.into());
    }
    match text.parse::<i64>() {
        Ok(number) if is_whole && number != 0 => Ok(number.into()),
        _ => float(text).and_then(Number::from_f64).ok_or_else(|| format!("{} is too large a number", short(text))),
    }
}

/// None when it is no number, or too large.
pub(crate) fn float(text: &str) -> Option<f64> {
    let (sign, number) = text.strip_prefix('-').map_or((1.0, text), |number| (-1.0, number));
    if !number.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    let digits: Vec<u8> =
        before.bytes().chain(after.bytes()).map(|digit| digit - b'0').skip_while(|digit| *digit == 0).collect();
    // Beyond a million the exponent alone says how large it is.
    let exponent = exponent.parse::<i32>().unwrap_or(if exponent.starts_with('-') { i32::MIN } else { i32::MAX });
    let value = decimal::nearest(&digits, i64::from(exponent) - after.len() as i64);
    value.is_finite().then_some(sign * value)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
