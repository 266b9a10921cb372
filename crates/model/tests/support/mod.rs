//! Run events, and the state after them.

use orrery_model::{Canvas, Changes};
use orrery_protocol::EventEnvelope;
use serde_json::{Value, json};

pub fn event(second: usize, kind: &str, ids: Value, data: Value) -> EventEnvelope {
    let mut frame = json!({ "event_type": kind, "timestamp": format!("2026-03-30T12:00:{second:02}Z"), "data": data, "message": kind });
    frame.as_object_mut().unwrap().extend(ids.as_object().unwrap().clone());
    EventEnvelope::read(&frame.to_string()).unwrap()
}

pub fn canvas_after<'a>(events: impl IntoIterator<Item = &'a EventEnvelope>) -> Canvas {
    let mut canvas = Canvas::new();
    for envelope in events {
        canvas.fold(&envelope.event, &mut Changes::default());
    }
    canvas
}
