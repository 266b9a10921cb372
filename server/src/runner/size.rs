//! How large JSON is, and how an event, a message or a body that is too large is truncated with a marker.

use std::io;

use orrery_protocol::RunEvent;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The most bytes of an event of the runner, as JSON.
pub const MAX_EVENT: usize = 256 * 1024;
/// The most bytes of a request or a response that is kept with an activity, as JSON.
pub const MAX_BODY: usize = 256 * 1024;
/// What the ids, the type and the timestamp of an event may take.
const ENVELOPE: usize = 4 * 1024;
/// How much is kept of what is truncated.
const PREVIEW: usize = 8 * 1024;

/// Returns the number of bytes of the value as JSON, without writing it.
pub fn json_length(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, value) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}

/// Truncates what is largest in the event's data until the event fits into `MAX_EVENT`.
pub(super) fn fit_event(event: &mut RunEvent) {
    let most = MAX_EVENT - ENVELOPE;
    if json_length(&event.data) + json_length(&event.message) <= most {
        return;
    }
    if let Some(message) = event.message.as_mut().filter(|message| message.len() > PREVIEW) {
        *message = shorten(message);
    }
    let left = most - json_length(&event.message);
    fit_map(&mut event.data, left);
}

/// Returns the value as JSON text of at most `MAX_BODY` bytes.
pub(super) fn fit_body(value: &Value) -> String {
    match json_length(value) > MAX_BODY {
        true => truncated(value).to_string(),
        false => value.to_string(),
    }
}

/// Truncates a value that a list only shows the start of.
pub fn shorten_output(value: &mut Value) {
    if json_length(value) > PREVIEW {
        *value = truncated(value);
    }
}

/// Returns the start of a text, at most `bytes` long, and `…` if there was more.
pub fn quote(text: &str, bytes: usize) -> String {
    match text.len() > bytes {
        true => format!("{}…", start_of(text, bytes)),
        false => text.to_owned(),
    }
}

/// Returns the longest start of a text that is at most `bytes` long.
fn start_of(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or_default()]
}

fn fit_map(data: &mut Map<String, Value>, most: usize) {
    // The steps come last: with them whoever hears the start can draw the whole graph.
    let is_graph = |key: &str| matches!(key, "steps" | "plan");
    let mut keys: Vec<(bool, usize, String)> =
        data.iter().map(|(key, value)| (!is_graph(key), json_length(value), key.clone())).collect();
    keys.sort_unstable();
    for (_, _, key) in keys.into_iter().rev() {
        if json_length(data) <= most {
            return;
        }
        if let Some(value) = data.get_mut(&key).filter(|value| json_length(*value) > PREVIEW) {
            *value = truncated(value);
        }
    }
}

/// A text stays a text; anything else becomes an object that says how large it was.
fn truncated(value: &Value) -> Value {
    match value {
        Value::String(text) => shorten(text).into(),
        other => {
            let text = other.to_string();
            json!({ "truncated": true, "bytes": text.len(), "preview": start_of(&text, PREVIEW) })
        }
    }
}

fn shorten(text: &str) -> String {
    format!("{}… (truncated: {} bytes)", start_of(text, PREVIEW), text.len())
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{RunEventKind, Timestamp};

    use super::*;

    #[test]
    fn a_large_event_is_truncated_with_a_marker() {
        let mut event = RunEvent::new(RunEventKind::StepCompleted, Timestamp::default());
        let data = json!({ "step_name": "a", "output_data": { "body": "é".repeat(300_000) }, "steps": [1, 2],
                           "text": "\u{1}".repeat(100_000) });
        event.data = data.as_object().unwrap().clone();
        event.message = Some("m".repeat(400_000));
        fit_event(&mut event);
        assert!(json_length(&event.data) + json_length(&event.message) <= MAX_EVENT - ENVELOPE);
        assert_eq!(event.data["output_data"]["truncated"], true);
        assert_eq!(event.data["output_data"]["bytes"], 600_011);
        assert!(event.data["text"].as_str().unwrap().ends_with("… (truncated: 100000 bytes)"));
        assert!(event.message.unwrap().ends_with("… (truncated: 400000 bytes)"));
        assert_eq!((&event.data["step_name"], &event.data["steps"]), (&json!("a"), &json!([1, 2])));
    }

    #[test]
    fn an_event_that_fits_is_left_as_it_is() {
        let mut event = RunEvent::new(RunEventKind::StepCompleted, Timestamp::default());
        event.data = json!({ "output_data": "x".repeat(200_000) }).as_object().unwrap().clone();
        let before = event.clone();
        fit_event(&mut event);
        assert_eq!(event, before);
        assert_eq!(fit_body(&json!("x")), "\"x\"");
    }
}
