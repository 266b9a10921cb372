//! The reader beside `serde_json`: the same is refused, and the same is understood.

use proptest::prelude::*;
use serde_json::{Value, value::RawValue};

use super::*;

/// Both or neither; and the same.
fn check(text: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<Value>(text);
    // A text that is any value at all is read as the item of a list.
    let in_list = format!("[{text}]");
    let items = list(&in_list);
    match &theirs {
        Ok(expected) => {
            let items = items.map_err(TestCaseError::fail)?;
            prop_assert_eq!(items.len(), 1, "{}", text);
            let ours = value(items[0]).map_err(TestCaseError::fail)?;
            // Beside the value, too: -0 is 0 to whoever compares.
            prop_assert_eq!(ours.to_string(), expected.to_string(), "{}", text);
            prop_assert_eq!(object(text).is_ok(), expected.is_object());
            prop_assert_eq!(list(text).is_ok(), expected.is_array());
        }
        // What is only skipped is not looked at as closely: half a character, a number beyond all numbers.
        Err(_) => {
            let is_read = items.as_ref().is_ok_and(|items| items.len() == 1 && value(items[0]).is_ok());
            prop_assert!(!is_read, "{} is no JSON: {:?}", text, theirs);
            prop_assert_eq!(
                items.is_ok_and(|items| items.len() == 1),
                serde_json::from_str::<Vec<&RawValue>>(&in_list).is_ok_and(|items| items.len() == 1),
                "{}",
                text
            );
        }
    }
    Ok(())
}

/// Signs that mean something in JSON, in any order.
fn signs() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud834", "\\udd1e", "\\n", "a", "é", "𝄞", "true", "false",
        "null", "-", "+", "0", "1", "12", ".", "e", "E", "e9", "\"a\":", " ", "\n", "\t", "\u{1}",
    ]);
    prop::collection::vec(sign, 0..14).prop_map(|signs| signs.concat())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_signs(text in signs()) {
        check(&text)?;
    }

    #[test]
    fn any_json(value in json(), spaced in any::<bool>()) {
        check(&if spaced { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() })?;
    }

    #[test]
    fn any_number(text in "-?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,4})?") {
        check(&text)?;
    }

    #[test]
    fn a_number_is_exact_to_the_last_bit(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        if number.is_finite() {
            prop_assert_eq!(float(&format!("{number:e}")).unwrap().to_bits(), bits);
            prop_assert_eq!(float(&format!("{number}")).unwrap().to_bits(), bits);
        }
        // Those nearest to nothing have fewer bits.
        let small = f64::from_bits(bits >> (12 + bits % 40));
        prop_assert_eq!(float(&format!("{small:e}")), Some(small));
    }

    #[test]
    fn a_text_is_quoted_like_theirs(text in any::<String>()) {
        let mut quoted = String::new();
        quote(&text, &mut quoted);
        prop_assert_eq!(&quoted, &Value::from(text.as_str()).to_string());
        prop_assert_eq!(plain(&quoted).unwrap(), text);
    }
}

#[test]
fn the_borders_of_numbers() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e400",
        "-1e400",
        "1e-400",
        "0e99999999999",
        "4.9e-324",
        "2.2250738585072011e-308",
        "1.7976931348623159e308",
        "01",
        "1.",
        ".5",
        "1e",
        "--1",
    ] {
        check(text).unwrap();
    }
    assert_eq!((whole("7"), whole("-7"), whole("7.0"), whole("\"7\"")), (Some(7), None, None, None));
}

#[test]
fn what_is_refused_says_what_was_expected_and_where() {
    let says = |text: &str| object(text).unwrap_err();
    assert_eq!(says("[]"), "`[` where a JSON object is expected, at byte 1");
    assert_eq!(says(r#"{"a":}"#), "`}` where a value is expected, at byte 6");
    assert_eq!(says(r#"{"a":1"#), "the end where `,` or `}` is expected, at byte 7");
    assert_eq!(says("{\"a\":1} x"), "`x` where the end is expected, at byte 9");
    assert_eq!(says("{\"a\":\"\u{1}\"}"), "`\u{1}` where a sign of a text is expected, at byte 7");
}

#[test]
fn what_goes_too_deep_is_refused() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(list(&nested(DEEPEST + 1)).is_ok() && list(&nested(DEEPEST + 2)).is_err());
    assert!(list(&"[".repeat(1_000_000)).is_err());
}
