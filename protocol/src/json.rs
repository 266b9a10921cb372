//! JSON text, taken apart only as far as somebody asks: an object's fields and a list's items stay text. Never which
//! fields a message has.
//!
//! A reader of its own, because a page downloads all of it: this one is a tenth of a derived one, reads a frame once
//! instead of twice, and its tests hold it against `serde_json` on anything at all.

mod number;
mod quote;
mod text;

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::fields::Read;

pub(crate) use number::{float, whole};
pub(crate) use quote::quote;
pub(crate) use text::plain;

/// Beyond it a text is refused: what goes deeper means nothing here, and each level costs stack.
const DEEPEST: usize = 127;

/// The keys and values of a text that is one object.
pub(crate) fn object(text: &str) -> Read<Vec<(Cow<'_, str>, &str)>> {
    let mut entries = Vec::new();
    let mut keys = Ok(());
    Scan::whole(text, b'{', "a JSON object", &mut |key, value| match plain(key) {
        Ok(key) => entries.push((key, value)),
        Err(error) => keys = Err(error),
    })?;
    keys.map(|()| entries)
}

/// The items of a text that is one list.
pub(crate) fn list(text: &str) -> Read<Vec<&str>> {
    let mut items = Vec::new();
    Scan::whole(text, b'[', "a JSON list", &mut |_, value| items.push(value))?;
    Ok(items)
}

/// The whole of a text that is known to be one JSON value.
pub(crate) fn value(text: &str) -> Read<Value> {
    Ok(match text.as_bytes().first() {
        Some(b'{') => Value::Object(map(text)?),
        Some(b'[') => Value::Array(list(text)?.into_iter().map(value).collect::<Read<_>>()?),
        Some(b'"') => Value::String(plain(text)?.into_owned()),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        _ => Value::Number(number::exact(text)?),
    })
}

pub(crate) fn map(text: &str) -> Read<Map<String, Value>> {
    let mut map = Map::new();
    // Not collected: that would sort, and no other part of a page needs that sort.
    for (key, inner) in object(text)? {
        map.insert(key.into_owned(), value(inner)?);
    }
    Ok(map)
}

/// Given the key as it is written, quotes and all, which is empty in a list, and the value.
type Each<'a, 'e> = &'e mut dyn FnMut(&'a str, &'a str);

struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn whole(text: &'a str, open: u8, what: &str, each: Each<'a, '_>) -> Read<()> {
        let mut scan = Scan { text, at: 0 };
        if scan.next() != Some(open) {
            return Err(scan.says(what));
        }
        scan.parts(DEEPEST, each)?;
        match scan.next() {
            None => Ok(()),
            Some(_) => Err(scan.says("the end")),
        }
    }

    /// The first byte that is no space, which is where it stands then.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let spaces = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        self.at += spaces.unwrap_or(rest.len());
        self.here()
    }

    fn here(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn says(&self, wanted: &str) -> String {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let found = found.map_or("the end".to_owned(), |sign| format!("`{sign}`"));
        format!("{found} where {wanted} is expected, at byte {}", self.at + 1)
    }

    /// From an opening bracket to the one that closes it.
    fn parts(&mut self, deeper: usize, each: Each<'a, '_>) -> Read<()> {
        let is_object = self.here() == Some(b'{');
        let close = if is_object { b'}' } else { b']' };
        self.at += 1;
        if self.next() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            let mut key = "";
            if is_object {
                if self.next() != Some(b'"') {
                    return Err(self.says("a key"));
                }
                key = self.quoted()?;
                if self.next() != Some(b':') {
                    return Err(self.says("`:`"));
                }
                self.at += 1;
            }
            each(key, self.value(deeper)?);
            match self.next() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.says(if is_object { "`,` or `}`" } else { "`,` or `]`" })),
            }
        }
    }

    fn value(&mut self, deeper: usize) -> Read<&'a str> {
        let first = self.next();
        let from = self.at;
        match first {
            Some(b'"') => return self.quoted(),
            Some(b'{' | b'[') if deeper > 0 => self.parts(deeper - 1, &mut |_, _| {})?,
            Some(b'{' | b'[') => return Err(self.says("something less deep")),
            Some(b'-' | b'0'..=b'9') => match number::end(self.text, from) {
                Some(end) => self.at = end,
                None => return Err(self.says("a number")),
            },
            _ => {
                let rest = &self.text.as_bytes()[from..];
                let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word.as_bytes()));
                self.at += word.ok_or_else(|| self.says("a value"))?.len();
            }
        }
        Ok(&self.text[from..self.at])
    }

    /// From quote to quote.
    fn quoted(&mut self) -> Read<&'a str> {
        let from = self.at;
        match text::end(self.text, from) {
            Ok(end) => self.at = end,
            Err(place) => {
                self.at = place;
                return Err(self.says("a sign of a text"));
            }
        }
        Ok(&self.text[from..self.at])
    }
}

#[cfg(test)]
mod tests;
