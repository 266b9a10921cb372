//! An agent's card as its owner published it: kept whole, read where it is shown. Never validates what a card may say.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value, value::RawValue};

use crate::json;

/// Kept as compact JSON text with sorted keys: a hundred thousand parsed cards would be most of a page's memory,
/// and two equal cards must hash alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentCard(Arc<str>);

impl AgentCard {
    pub fn new(card: &Map<String, Value>) -> Self {
        Self(canonical(card).into())
    }

    /// From its JSON text, which mostly is as we write it.
    pub fn read(text: &str) -> Result<Self, String> {
        json::object(text)?;
        if is_canonical(text) {
            return Ok(Self(text.into()));
        }
        json::map(text).map(|card| Self::new(&card))
    }

    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub fn to_map(&self) -> Map<String, Value> {
        // A card was read whole before it was kept.
        json::map(&self.0).unwrap_or_default()
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

/// `serde_json` keeps a map's keys sorted unless some crate in the build asks for insertion order; sort in any case.
fn canonical(map: &Map<String, Value>) -> String {
    let mut text = String::new();
    write_map(map, &mut text);
    text
}

/// Is this JSON text surely written as `canonical` would? Without spaces, escapes, long numbers, and with sorted keys.
fn is_canonical(text: &str) -> bool {
    let (mut keys, mut at) = (vec![None], 0);
    while let Some(byte) = text.as_bytes().get(at) {
        let rest = &text[at + 1..];
        at += 1;
        match byte {
            b'{' | b'[' => keys.push(None),
            b'}' | b']' => drop(keys.pop()),
            b'"' => {
                let Some(end) = rest.find(['"', '\\']).filter(|end| rest.as_bytes()[*end] == b'"') else {
                    return false;
                };
                at += end + 1;
                if text.as_bytes().get(at) == Some(&b':') {
                    let key = Some(&rest[..end]);
                    match keys.last_mut() {
                        Some(last) if *last < key => *last = key,
                        _ => return false,
                    }
                }
            }
            b'-' | b'0'..=b'9' => {
                let end = rest.find([',', '}', ']']).unwrap_or(rest.len());
                if *byte == b'-' && rest.starts_with('0')
                    || end > 15
                    || !rest[..end].bytes().all(|it| it.is_ascii_digit())
                {
                    return false;
                }
                at += end;
            }
            byte if byte.is_ascii_whitespace() => return false,
            _ => {}
        }
    }
    true
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
        json::quote(key, text);
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
        Value::String(said) => json::quote(said, text),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Null => text.push_str("null"),
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
        let text = Box::<RawValue>::deserialize(from)?;
        Self::read(text.get()).map_err(de::Error::custom)
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
    fn a_card_as_we_write_it_is_taken_as_it_is() {
        let spelled = |text: &str| (is_canonical(text), json::map(text).map(|card| canonical(&card)).unwrap());
        for text in [r#"{}"#, r#"{"":1,"a":[{"x":"é","y":-12},{"a":true}],"b":{"a":null}}"#] {
            assert_eq!(spelled(text), (true, text.to_owned()));
        }
        for text in [
            r#"{"a": 1}"#,
            r#"{"b":1,"a":1}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":1.50}"#,
            r#"{"a":-0}"#,
            r#"{"a":99999999999999999999}"#,
        ] {
            assert!(!spelled(text).0, "{text}");
            assert_eq!(AgentCard::read(text).unwrap().as_json(), spelled(text).1);
        }
        assert!(AgentCard::read("[]").is_err() && AgentCard::read("{").is_err());
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
