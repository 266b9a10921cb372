//! Ids of other systems, from `tests/cases/ids.json`.

use serde_json::Value;

use super::*;

#[test]
fn ids_of_other_systems_are_read_as_they_are() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../../../tests/cases/ids.json")).unwrap();
    for case in cases {
        let (json, expected) = (&case["json"], case["id"].as_str());
        let read = serde_json::from_value::<RunId>(json.clone());
        assert_eq!(read.as_ref().ok().map(RunId::as_str), expected, "{json}");
        let text = json.as_str().map(RunId::parse).and_then(Result::ok);
        assert_eq!(text.as_ref().map(RunId::as_str), expected.filter(|_| json.is_string()), "{json}");
    }
}

#[test]
fn the_length_of_an_id_is_limited_in_bytes() {
    for (text, is_valid) in
        [("a".repeat(256), true), ("a".repeat(257), false), ("研".repeat(85), true), ("研".repeat(86), false)]
    {
        assert_eq!(WorkspaceId::parse(&text).is_ok(), is_valid);
        assert_eq!(serde_json::from_value::<AgentId>(text.into()).is_ok(), is_valid);
    }
}
