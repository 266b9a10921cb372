//! An agent's card as its owner published it: kept whole, read where it is shown. Never validates what a card may say.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::{Map, Value, value::RawValue};

use crate::decode::{JsonError, from_json};

/// Kept as compact JSON text with sorted keys: a hundred thousand parsed cards would be most of a page's memory,
/// and two equal cards must hash alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentCard(Arc<str>);

impl AgentCard {
    pub fn new(card: Map<String, Value>) -> Self {
        let mut card = Value::Object(card);
        // A no-op unless some crate of the build makes `serde_json` keep the order of insertion.
        card.sort_all_objects();
        Self(card.to_string().into())
    }

    /// Reads a card from its JSON text, which must be an object.
    pub fn read(text: &str) -> Result<Self, JsonError> {
        from_json(text)
    }

    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub fn to_map(&self) -> Map<String, Value> {
        // A card was read whole before it was kept.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    pub fn name(&self) -> Option<String> {
        self.to_map().get("name").and_then(Value::as_str).map(str::to_owned)
    }

    /// Skills come as strings or as objects with `name` or `id` (see section 5.2 of docs/protocol.md).
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

impl Serialize for AgentCard {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).map_err(ser::Error::custom)?;
        raw.serialize(to)
    }
}

impl<'de> Deserialize<'de> for AgentCard {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Map::deserialize(from).map(Self::new)
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
