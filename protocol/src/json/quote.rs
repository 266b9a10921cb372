//! A text as JSON writes it, with the fewest escapes. Never a whole value.

use std::fmt::Write;

pub(crate) fn quote(text: &str, into: &mut String) {
    into.push('"');
    for sign in text.chars() {
        match sign {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\u{8}' => into.push_str("\\b"),
            '\u{c}' => into.push_str("\\f"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            ..'\u{20}' => drop(write!(into, "\\u{:04x}", u32::from(sign))),
            sign => into.push(sign),
        }
    }
    into.push('"');
}
