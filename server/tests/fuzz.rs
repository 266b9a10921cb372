//! Anything at all as the body of a request, through the readers that the routes use: nothing panics, and what is refused
//! is refused in a few plain words. Never a server: `bad_input` has one.

use orrery_server::decide::registry::{Heartbeat, Register};
use orrery_server::decide::workspace::{Create, Patch};
use orrery_server::routes::body::read;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn refusal<T: DeserializeOwned>(body: &[u8]) -> Option<String> {
    read::<T>(body).err().map(|refusal| refusal.to_string())
}

fn check(body: &[u8]) -> Result<(), TestCaseError> {
    let refusals = [
        refusal::<Create>(body),
        refusal::<Patch>(body),
        refusal::<Heartbeat>(body),
        refusal::<Register>(body),
        refusal::<Value>(body),
    ];
    for words in refusals.into_iter().flatten() {
        prop_assert!(!words.is_empty() && words.len() <= 700, "{} bytes: {words}", words.len());
    }
    Ok(())
}

/// A good body of each kind in which one value is something else.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let bodies = vec![
        json!({ "name": "A", "role": "r", "tier": 2, "config": { "a": 1 }, "parent_id": "p", "canvas": { "x": 1.5, "y": 2 } }),
        json!({ "workspace_id": "w", "error_rate": 0.5, "sample_error": "e", "active_tasks": 1, "uptime_seconds": 3, "current_task": "t" }),
        json!({ "id": "w", "url": "http://x", "agent_card": { "name": "A", "skills": ["s", { "name": "t" }] } }),
    ];
    let other = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!([[[]]])),
        Just(json!({ "": { "": 1e308 } })),
        Just(json!("x".repeat(100_000))),
    ];
    (prop::sample::select(bodies), any::<prop::sample::Index>(), other, any::<prop::sample::Index>(), 0..3u8).prop_map(
        |(mut body, field, other, cut, what)| {
            let fields = body.as_object_mut().unwrap();
            let name = fields.keys().nth(field.index(fields.len())).unwrap().clone();
            fields.insert(name, other);
            let mut bytes = body.to_string().into_bytes();
            match what {
                0 => bytes.truncate(cut.index(bytes.len())),
                1 => bytes.extend(b"{}"),
                _ => {}
            }
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_body(body in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&body)?;
    }

    #[test]
    fn a_body_that_is_nearly_good(body in nearly()) {
        check(&body)?;
    }
}

#[test]
fn a_wrong_field_is_named() {
    let good = json!({ "workspace_id": "w", "error_rate": 0.5, "sample_error": "", "active_tasks": 1, "uptime_seconds": 3, "current_task": "t" });
    for field in ["workspace_id", "error_rate", "active_tasks", "current_task"] {
        let mut body = good.clone();
        body[field] = json!([1]);
        let words = refusal::<Heartbeat>(body.to_string().as_bytes()).unwrap();
        assert!(words.contains(field), "{field}: {words}");
    }
    let deep = "[".repeat(200_000);
    assert!(refusal::<Value>(deep.as_bytes()).unwrap().len() < 200);
}
