//! An agent's card (see section 5.2 of docs/protocol.md), stored as published and read where it is shown.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::{Map, Value, value::RawValue};

use crate::decode::{JsonError, from_json};

/// The JSON object that an agent published, as compact text with sorted keys: parsed, the cards of a large fleet would be most of
/// the page's memory, and equal cards must have equal hashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentCard(Arc<str>);

impl AgentCard {
    /// Returns a card with these fields.
    pub fn new(card: Map<String, Value>) -> Self {
        let mut card = Value::Object(card);
        // Does nothing unless a crate of the build enables `preserve_order` of `serde_json`.
        card.sort_all_objects();
        Self(card.to_string().into())
    }

    /// Reads a card from JSON text.
    ///
    /// Returns an error if the text is not an object.
    pub fn read(text: &str) -> Result<Self, JsonError> {
        from_json(text)
    }

    /// Returns the JSON text.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// Returns the fields of the card.
    pub fn to_map(&self) -> Map<String, Value> {
        // Cannot fail: the text was written from a map.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Returns the name that the card gives, if it is a string.
    pub fn name(&self) -> Option<String> {
        self.to_map().get("name").and_then(Value::as_str).map(str::to_owned)
    }

    /// Returns the names of the skills, which cards list as strings or as objects with `name` or `id`.
    pub fn skills(&self) -> Vec<String> {
        let card = self.to_map();
        let skills = card.get("skills").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let name_of = |skill: &Value| match skill {
            Value::String(name) => Some(name.clone()),
            object => object.get("name").or_else(|| object.get("id"))?.as_str().map(str::to_owned),
        };
        skills.iter().filter_map(name_of).collect()
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
    fn reads_skills_in_both_spellings() {
        let text = r#"{"skills":["a",{"name":"b"},{"id":"c"},{"other":1},7],"name":"N"}"#;
        let card: AgentCard = serde_json::from_str(text).unwrap();
        assert_eq!(card.skills(), ["a", "b", "c"]);
        assert_eq!(card.name().as_deref(), Some("N"));
    }

    #[test]
    fn cards_are_equal_regardless_of_key_order() {
        let one: AgentCard = serde_json::from_str(r#"{"b":{"y":1,"x":2}, "a":[]}"#).unwrap();
        let two: AgentCard = serde_json::from_str(r#"{"a":[],"b":{"x":2,"y":1}}"#).unwrap();
        assert_eq!(one, two);
        assert_eq!(serde_json::to_string(&one).unwrap(), one.as_json());
        assert!(serde_json::from_str::<AgentCard>("[]").is_err());
    }
}
