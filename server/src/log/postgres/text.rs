//! A character that PostgreSQL's text cannot hold, U+0000, in a spelling that it can. Never for JSON kept as text, which
//! spells it in its own way already.

/// Leads a spelling: `\u{1}0` is U+0000, `\u{1}1` itself.
const LEAD: char = '\u{1}';

/// The rows of one statement, as JSON text.
pub(super) fn keep(rows: String) -> String {
    // Inside JSON kept in JSON the backslash is doubled: what follows an even number of them is spelled out there.
    match rows.contains("\\u0000") || rows.contains("\\u0001") {
        true => respell(&rows),
        false => rows,
    }
}

fn respell(rows: &str) -> String {
    let mut kept = String::with_capacity(rows.len() + 16);
    let mut rest = rows;
    while let Some(at) = rest.find('\\') {
        kept.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (spelling, length) = match escape {
            _ if escape.starts_with("\\u0000") => ("\\u00010", 6),
            _ if escape.starts_with("\\u0001") => ("\\u00011", 6),
            // Any other escape, a doubled backslash among them, is at least two characters.
            _ => (&escape[..2], 2),
        };
        kept.push_str(spelling);
        rest = &escape[length..];
    }
    kept + rest
}

pub(super) fn give(text: String) -> String {
    match text.contains(LEAD) {
        true => text.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in ["", "plain", "\0", "a\0b\u{1}0c", "\\u0000", "\\\0", "\u{1}1\u{1}\0", "\"\\\"\0"] {
            let inner = json!({ "text": text }).to_string();
            let kept: Value = serde_json::from_str(&keep(json!([text, inner]).to_string())).unwrap();
            let plain = kept[0].as_str().unwrap();
            assert!(!plain.contains('\0'), "{text:?}");
            assert_eq!(give(plain.to_owned()), text);
            // What is kept as JSON is not touched.
            assert_eq!(kept[1].as_str(), Some(inner.as_str()));
        }
    }
}
