//! Each limit at its boundary, and the replacement of unpaired surrogates.

use serde_json::json;

use super::*;

fn check(text: &str) -> Result<Cow<'_, str>, Exceeded> {
    super::check(text, MAX_DEPTH)
}

fn read(text: &str) -> Option<String> {
    serde_json::from_str(&check(text).ok()?).ok()
}

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn depth_is_limited_and_brackets_in_strings_do_not_count() {
    for depth in 0..=200 {
        let expected = if depth <= MAX_DEPTH { Ok(()) } else { Err(Exceeded::TooDeep(MAX_DEPTH)) };
        let text = nested(depth);
        assert_eq!(check(&text).map(drop), expected, "{depth}");
        let object = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert_eq!(check(&object).map(drop), expected, "{depth}");
    }
    assert!(check(&json!(["[".repeat(500), "\"[[\\"]).to_string()).is_ok());
    assert!(check(&"[],".repeat(1000)).is_ok() && check(&"]".repeat(1000)).is_ok());
    assert_eq!(check(&"[".repeat(1_000_000)), Err(Exceeded::TooDeep(MAX_DEPTH)));
}

#[test]
fn unpaired_surrogates_become_replacement_characters() {
    let cases = [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""a\udE00b""#, "a\u{fffd}b"),
        (r#""\ud83d\ud83d\ude00\ude00""#, "\u{fffd}\u{1F600}\u{fffd}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\\ud83d""#, "\\ud83d"),
        (r#""\"\\\ud83d""#, "\"\\\u{fffd}"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
    assert!(matches!(check(r#""\ud83d\ude00 é""#), Ok(Cow::Borrowed(_))), "valid text is not copied");
    for broken in [r#""\ud83"#, r#""\u"#, r#"""#, r#""\"#, r#""\ud83d"#] {
        assert_eq!(read(broken), None, "{broken}");
    }
}

#[test]
fn numbers_beyond_f64_are_rejected() {
    for text in ["1e999", "[-1E+400]", &format!("{}.0", "9".repeat(400)), &"9".repeat(400)] {
        assert!(matches!(check(text), Err(Exceeded::TooLarge(words)) if words.len() < 60), "{text}");
    }
    for text in ["1e308", "-1e-999", "0.1", "18446744073709551616", r#""1e999""#, r#"{"1e999":1}"#] {
        assert!(check(text).is_ok(), "{text}");
    }
}
