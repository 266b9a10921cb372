//! Fuzzes the readers that face the network with random text and damaged messages: they do not panic, errors are short, and what
//! is read round-trips.
//!
//! `PROPTEST_CASES=1000000 cargo test -p orrery-protocol --test fuzz` runs longer.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use orrery_protocol::message::{ClientMessage, Frame};
use orrery_protocol::{Cursor, EventEnvelope, Timestamp, Workspace, WorkspaceId};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Returns an example of each kind of message.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    files.collect()
}

/// Generates valid messages with some damage: bytes are changed, parts removed, repeated, or inserted from another message.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4u8, any::<u8>());
    let examples = prop::sample::select(examples());
    (examples.clone(), examples, prop::collection::vec(damage, 1..6)).prop_map(|(text, other, damages)| {
        let (mut bytes, other) = (text.into_bytes(), other.into_bytes());
        for (from, to, what, byte) in damages {
            if bytes.is_empty() {
                break;
            }
            let (one, two) = (from.index(bytes.len()), to.index(bytes.len()));
            let range = one.min(two)..one.max(two);
            match what {
                0 => bytes[one] = byte,
                1 => drop(bytes.drain(range)),
                2 => bytes.splice(range.clone(), bytes[range].repeat(2)).for_each(drop),
                _ => bytes.splice(one..one, other[to.index(other.len())..].iter().copied()).for_each(drop),
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Generates JSON whose keys and texts include those of the protocol.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-zA-Z_:0-9.-]{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["WORKSPACE_ONLINE", "TASK_UPDATED", "step_started", "2026-03-30T12:00:00Z"])
            .prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "event",
            "event_type",
            "type",
            "workspace_id",
            "timestamp",
            "payload",
            "seq",
            "data"
        ])
        .prop_map(str::to_owned),
        "[a-z_]{1,8}",
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match EventEnvelope::read(text) {
        Ok(envelope) => {
            let again = EventEnvelope::read(&envelope.to_json());
            prop_assert_eq!(again.as_ref(), Ok(&envelope), "written back: {}", envelope.to_json());
        }
        Err(error) => check_length(&error.to_string(), text)?,
    }
    match Frame::read(text) {
        Ok(Frame::Batch(parts)) => {
            for error in parts.into_iter().filter_map(Result::err) {
                check_length(&error.to_string(), text)?;
            }
        }
        Ok(_) => {}
        Err(error) => check_length(&error.to_string(), text)?,
    }
    if let Err(error) = serde_json::from_str::<ClientMessage>(text) {
        check_length(&error.to_string(), text)?;
    }
    let _ = serde_json::from_str::<Workspace>(text);
    Ok(())
}

/// Checks that an error has words, and does not repeat the whole message.
fn check_length(error: &str, text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!error.trim().is_empty() && error.len() <= 700, "{} bytes about {text}: {error}", error.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn reads_any_text(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn reads_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn reads_any_json(value in json()) {
        check(&value.to_string())?;
    }

    #[test]
    fn reads_damaged_messages(text in damaged()) {
        check(&text)?;
    }

    #[test]
    fn cursors_timestamps_and_ids_round_trip(text in prop_oneof![any::<String>(), "[a-f0-9:]{0,40}", "[0-9a-f]{1,16}:[0-9]{1,25}"]) {
        match text.parse::<Cursor>() {
            Ok(cursor) => prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor)),
            Err(error) => {
                prop_assert!(error.to_string().contains("epoch:seq"));
                check_length(&error.to_string(), &text)?;
            }
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            prop_assert_eq!(time.to_string().parse::<Timestamp>().ok(), Some(time));
        }
        if let Ok(id) = text.parse::<WorkspaceId>() {
            prop_assert!(id.as_str() == text && (1..=128).contains(&text.len()));
        }
    }
}

#[test]
fn deep_and_long_messages_are_rejected_with_short_errors() {
    let deep = 200_000;
    let nested = [
        "[".repeat(deep),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        "{\"payload\":".repeat(deep),
        format!(r#"{{"event":"WORKSPACE_ONLINE","payload":{}1{}}}"#, "[".repeat(deep), "]".repeat(deep)),
        format!(r#"{{"event":"{}","workspace_id":1}}"#, "x".repeat(1_000_000)),
        format!(r#"{{"event":"WORKSPACE_ONLINE","workspace_id":"{}"}}"#, "é".repeat(500_000)),
        format!("{}:1", "e".repeat(1_000_000)),
    ];
    for text in nested {
        check(&text).unwrap_or_else(|error| panic!("{}…: {}", &text[..40], &error.to_string()[..200]));
        assert!(text.parse::<Cursor>().is_err());
    }
}

/// Replaces each value in turn by one of another type.
#[test]
fn errors_name_the_field_with_the_wrong_type() {
    let (mut rejected, mut checked) = (0, 0);
    for text in examples() {
        let whole: Value = serde_json::from_str(&text).unwrap();
        for path in paths(&whole, "") {
            for wrong in [json!({ "un": "expected" }), json!(["un", "expected"]), json!(-0.5), json!(true)] {
                let mut message = whole.clone();
                *message.pointer_mut(&path).unwrap() = wrong;
                checked += 1;
                if let Err(error) = Frame::read(&message.to_string()) {
                    rejected += 1;
                    let field = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap();
                    assert!(error.to_string().contains(field), "{path} is wrong, but the error is: {error}\n{message}");
                }
            }
        }
    }
    assert!(rejected > 200 && checked > rejected, "{rejected} of {checked}");
}

fn paths(value: &Value, at: &str) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (format!("{at}/{key}"), value)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)).collect()
        }
        _ => Vec::new(),
    };
    inside.into_iter().flat_map(|(path, value)| std::iter::once(path.clone()).chain(paths(value, &path))).collect()
}
