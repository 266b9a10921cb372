//! The body of `POST /api/workflows`: a definition in which no key is misspelt. Without the key that was meant, a step would run
//! too early, with the wrong agent, or at all.

use orrery_protocol::Workflow;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

pub struct Draft(pub Workflow);

/// Keys that tools add to what they store; they mean nothing here.
const IGNORED: [&str; 3] = ["id", "description", "metadata"];

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let draft = Value::deserialize(from)?;
        let workflow: Workflow = serde_path_to_error::deserialize(&draft).map_err(|error| match error.path() {
            path if path.to_string() == "." => D::Error::custom(error.inner()),
            path => D::Error::custom(format!("{path}: {}", error.inner())),
        })?;
        // Every key that a definition knows, in the shape of this one.
        check_keys(&draft, &json!(workflow), "").map_err(D::Error::custom)?;
        Ok(Self(workflow))
    }
}

/// Returns an error that names the first key of the draft that the definition does not have.
fn check_keys(draft: &Value, known: &Value, at: &str) -> Result<(), String> {
    match (draft, known) {
        (Value::Object(draft), Value::Object(known)) => {
            for (key, value) in draft {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                match known.get(key) {
                    // What is in it is the step type's, or a value of any shape.
                    Some(_) if matches!(&**key, "config" | "default") => {}
                    Some(known) => check_keys(value, known, &path)?,
                    None if IGNORED.contains(&&**key) => {}
                    None => {
                        return Err(format!("{path}: unknown key; the nearest that exists is {}", nearest(key, known)));
                    }
                }
            }
            Ok(())
        }
        (Value::Array(draft), Value::Array(known)) => {
            let mut items = draft.iter().zip(known).enumerate();
            items.try_for_each(|(index, (draft, known))| check_keys(draft, known, &format!("{at}[{index}]")))
        }
        _ => Ok(()),
    }
}

/// Returns the key that shares the longest beginning with this one.
fn nearest<'a>(key: &str, known: &'a Map<String, Value>) -> &'a str {
    let shared = |other: &&String| key.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    known.keys().max_by_key(shared).map_or("", |key| key)
}
