//! Limits on JSON text from outside, checked before it is parsed: depth, numbers and unpaired surrogates.
//!
//! Each later reader (`serde_json`, PostgreSQL, SQLite, browsers) accepts more than these limits allow, so text that passes can be
//! stored, read back and forwarded.

use std::borrow::Cow;

/// Maximum number of nested lists and objects.
pub const MAX_DEPTH: usize = 64;
/// The same for text that a server wrote: events, rows and snapshots nest a value a few levels deeper.
pub const MAX_STORED_DEPTH: usize = MAX_DEPTH + 16;

/// Number of digits of a number that the error repeats.
const QUOTED: usize = 40;

/// The limit that a text exceeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    #[error("JSON has at most {0} levels of nested lists and objects")]
    TooDeep(usize),
    #[error("{0} is too large a number")]
    TooLarge(String),
}

/// Returns the text with U+FFFD in place of unpaired surrogates, or the limit that it exceeds. Malformed JSON passes, because
/// the parser describes its errors better.
pub fn check(text: &str, deepest: usize) -> Result<Cow<'_, str>, Exceeded> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, deepest, unpaired: Vec::new() };
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

/// Length of an escape such as `\u1234` in bytes.
const ESCAPE: usize = 6;
/// Length in bytes up to which a number without an exponent fits an `f64`.
const MAX_SAFE_LENGTH: usize = 300;

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    deepest: usize,
    /// Offsets of the escapes of unpaired surrogates.
    unpaired: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), Exceeded> {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' if depth == self.deepest => return Err(Exceeded::TooDeep(self.deepest)),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => self.skip_string(),
                b'0'..=b'9' => self.skip_number()?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves past the closing quote.
    fn skip_string(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.skip_escape(),
                _ => self.at += 1,
            }
        }
    }

    /// Moves past an escape, and notes it if it is an unpaired surrogate.
    fn skip_escape(&mut self) {
        match (self.code_unit(self.at), self.code_unit(self.at + ESCAPE)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => self.at += 2 * ESCAPE,
            (Some(0xd800..0xe000), _) => {
                self.unpaired.push(self.at);
                self.at += ESCAPE;
            }
            (Some(_), _) => self.at += ESCAPE,
            (None, _) => self.at += 2,
        }
    }

    /// Returns the UTF-16 code unit of the escape at an offset.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.bytes.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)? as u16))
    }

    /// Moves past a number whose first digit was read.
    ///
    /// Returns an error if it does not fit an `f64`.
    fn skip_number(&mut self) -> Result<(), Exceeded> {
        let rest = &self.bytes[self.at - 1..];
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += length - 1;
        let digits = &rest[..length];
        if length <= MAX_SAFE_LENGTH && !digits.iter().any(|byte| matches!(byte, b'e' | b'E')) {
            return Ok(());
        }
        let text = String::from_utf8_lossy(digits);
        // Not `str::parse`: its tables would be 12 KB of the page, which has a reader of numbers in `serde_json` already.
        match serde_json::from_str::<f64>(&text) {
            Err(error) if error.to_string().starts_with("number out of range") => {
                Err(Exceeded::TooLarge(text.chars().take(QUOTED).collect()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
