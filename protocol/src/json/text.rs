//! JSON's quoted texts. Never what they say.

use std::borrow::Cow;

use crate::fields::Read;

/// Where the text that begins with a quote there is over; otherwise where it is none.
pub(super) fn end(text: &str, from: usize) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut at = from + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => match bytes.get(at + 1) {
                Some(b'u') if hexadecimal(text, at + 2).is_some() => at += 6,
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                _ => return Err(at),
            },
            None | Some(..=0x1f) => return Err(at.min(bytes.len())),
            Some(_) => at += 1,
        }
    }
}

/// What a quoted text says; it is borrowed unless it has an escape in it.
pub(crate) fn plain(quoted: &str) -> Read<Cow<'_, str>> {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Ok(Cow::Borrowed(inner));
    }
    let (mut said, mut rest) = (String::with_capacity(inner.len()), inner);
    while let Some(at) = rest.find('\\') {
        said.push_str(&rest[..at]);
        let sign = match rest.as_bytes()[at + 1] {
            b'u' => {
                let (sign, length) = escaped(rest, at)?;
                rest = &rest[at + length..];
                said.push(sign);
                continue;
            }
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            itself => char::from(itself),
        };
        said.push(sign);
        rest = &rest[at + 2..];
    }
    said.push_str(rest);
    Ok(Cow::Owned(said))
}

/// The character that is written as `\u….` there, or as two of them, and how long that is.
fn escaped(text: &str, at: usize) -> Read<(char, usize)> {
    let half = || format!("half a character, at byte {} of a text", at + 1);
    let first = hexadecimal(text, at + 2).ok_or_else(half)?;
    if !(0xd800..0xe000).contains(&first) {
        return Ok((char::from_u32(first).ok_or_else(half)?, 6));
    }
    let second = text.get(at + 6..).filter(|rest| rest.starts_with("\\u")).and_then(|_| hexadecimal(text, at + 8));
    let (high, low) = (first.checked_sub(0xd800), second.and_then(|it| it.checked_sub(0xdc00)));
    match (high, low) {
        (Some(high @ ..=0x3ff), Some(low @ ..=0x3ff)) => {
            Ok((char::from_u32(0x10000 + (high << 10 | low)).ok_or_else(half)?, 12))
        }
        _ => Err(half()),
    }
}

/// Four digits.
fn hexadecimal(text: &str, at: usize) -> Option<u32> {
    let digits = text.as_bytes().get(at..at + 4)?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}
