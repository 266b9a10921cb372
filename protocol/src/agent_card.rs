//! An agent's card as its owner published it: kept whole, read where it is shown. Never validates what a card may say.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, value::RawValue};

/// Kept as compact JSON text with sorted keys: a hundred thousand parsed cards would be most of a page's memory,
/// and two equal cards must hash alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentCard(Arc<str>);

impl AgentCard {
    pub fn new(card: &Map<String, Value>) -> Self {
        Self(canonical(card).into())
    }

    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub fn to_map(&self) -> Map<String, Value> {
        serde_json::from_str(&self.0).expect("a card is written from a map")
    }

    pub fn name(&self) -> Option<String> {
        self.to_map().get("name").and_then(Value::as_str).map(str::to_owned)
    }

    /// Skills come as strings or as objects with `name` or `id` (wire §2).
    pub fn skills(&self) -> Vec<String> {
        let card = self.to_map();
        let skills = card.get("skills").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let named = |skill: &Value| match skill {
            Value::String(name) => Some(name.clone()),
            object => object.get("name").or_else(|| object.get("id"))?.as_str().map(str::to_owned),
        };
        skills.iter().filter_map(named).collect()
    }
}

/// `serde_json` keeps a map's keys sorted unless some crate in the build asks for insertion order; sort in any case.
fn canonical(map: &Map<String, Value>) -> String {
    let mut text = String::new();
    write_map(map, &mut text);
    text
}

fn write_map(map: &Map<String, Value>, text: &mut String) {
    let mut entries: Vec<(&String, &Value)> = Vec::with_capacity(map.len());
    for entry in map {
        let place = entries.partition_point(|(key, _)| *key < entry.0);
        entries.insert(place, entry);
    }
    text.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        text.push_str(if index == 0 { "" } else { "," });
        text.push_str(&Value::String(key.clone()).to_string());
        text.push(':');
        write_value(value, text);
    }
    text.push('}');
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => write_map(map, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_value(item, text);
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

impl Serialize for AgentCard {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).expect("a card is written from a map");
        raw.serialize(to)
    }
}

impl<'de> Deserialize<'de> for AgentCard {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::Object(card) => Ok(Self::new(&card)),
            other => Err(de::Error::custom(format_args!("an agent card is a JSON object, not {other}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skills_are_read_in_both_spellings() {
        let text = r#"{"skills":["a",{"name":"b"},{"id":"c"},{"other":1},7],"name":"N"}"#;
        let card: AgentCard = serde_json::from_str(text).unwrap();
        assert_eq!(card.skills(), ["a", "b", "c"]);
        assert_eq!(card.name().as_deref(), Some("N"));
    }

    #[test]
    fn equal_cards_are_equal_whatever_their_order() {
        let one: AgentCard = serde_json::from_str(r#"{"b":{"y":1,"x":2}, "a":[]}"#).unwrap();
        let two: AgentCard = serde_json::from_str(r#"{"a":[],"b":{"x":2,"y":1}}"#).unwrap();
        assert_eq!(one, two);
        assert_eq!(serde_json::to_string(&one).unwrap(), one.as_json());
        assert!(serde_json::from_str::<AgentCard>("[]").is_err());
    }
}
