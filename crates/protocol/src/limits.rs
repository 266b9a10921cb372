//! Limits on JSON text that comes from outside, checked before any reader sees it: depth, numbers and unpaired surrogates.
//!
//! Every reader behind this (`serde_json`, the one of this crate, PostgreSQL, SQLite, a browser) takes more than these
//! limits allow, so whatever passes can be stored, read back and sent on.

use std::borrow::Cow;

/// The most levels of lists and objects inside each other.
pub const MAX_DEPTH: usize = 64;
/// The same for what a server wrote: events, rows and snapshots wrap their own levels around a value.
pub const MAX_STORED_DEPTH: usize = MAX_DEPTH + 16;

/// How many digits of a number an error repeats.
const QUOTED: usize = 40;

/// A limit that a text exceeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    #[error("JSON has at most {0} levels of nested lists and objects")]
    TooDeep(usize),
    #[error("{0} is too large a number")]
    TooLarge(String),
}

/// Returns the text with U+FFFD in place of unpaired surrogates, or the limit that it exceeds. Malformed JSON passes: the
/// parser says what is wrong with it.
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
    fn run(&mut self) -> Result<(), Exceeded> {
        let mut depth = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' if depth == self.deepest => return Err(Exceeded::TooDeep(self.deepest)),
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
    fn number(&mut self) -> Result<(), Exceeded> {
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
            Ok(number) if number.is_infinite() => Err(Exceeded::TooLarge(text.chars().take(QUOTED).collect())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
