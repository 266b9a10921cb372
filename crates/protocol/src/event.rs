//! One event of either family, and the two keys that tell the families apart. Never the shapes inside them.
//!
//! Reading looks at the key first and at the kind second, never at shapes in turn, so an error names the field.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::decode::{JsonError, from_json, from_json_field};
use crate::{RunEvent, Seq, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceEventKind, WorkspaceId};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Workspace(WorkspaceEvent),
    Run(RunEvent),
    /// A workspace event of a kind that this version does not know: kept, counted and shown, never dropped.
    Unknown(UnknownEvent),
}

#[derive(Debug, Clone, PartialEq)]
pub struct UnknownEvent {
    pub kind: String,
    pub workspace_id: Option<WorkspaceId>,
    pub timestamp: Option<Timestamp>,
    pub payload: Value,
}

/// An event with its place in the log. A foreign server gives no place.
#[derive(Debug, Clone, PartialEq)]
pub struct EventEnvelope {
    pub seq: Option<Seq>,
    pub event: Event,
}

/// What could not be read, in words for a person. `seq` is there when the log's place could still be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}: {reason}")]
pub struct DecodeError {
    pub kind: String,
    pub seq: Option<Seq>,
    pub reason: String,
}

impl EventEnvelope {
    /// Reads one event from its JSON text.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        Self::from_frame(&RawFrame::read(text)?, text)
    }

    /// Looks at the key first and at the kind second, so that an error names the field.
    pub(crate) fn from_frame(frame: &RawFrame<'_>, text: &str) -> Result<Self, DecodeError> {
        let seq: Result<Option<Seq>, _> = frame.field("seq", frame.seq);
        let workspace_kind: Result<Option<String>, _> = frame.field("event", frame.event);
        let run_kind: Result<Option<String>, _> = frame.field("event_type", frame.event_type);
        let known = |kind: &Result<Option<String>, JsonError>| kind.as_ref().ok().cloned().flatten();
        let kind = known(&workspace_kind).or_else(|| known(&run_kind)).unwrap_or_else(|| "message".to_owned());
        let known_seq = seq.as_ref().ok().copied().flatten();
        let refuse = |error: JsonError| DecodeError { kind: kind.clone(), seq: known_seq, reason: error.to_string() };
        let seq = seq.map_err(refuse)?;
        let event = match (workspace_kind.map_err(refuse)?, run_kind.map_err(refuse)?) {
            (Some(kind), _) => frame.workspace_event(kind).map_err(refuse)?,
            (None, Some(_)) => Event::Run(from_json(text).map_err(refuse)?),
            (None, None) => {
                let reason = "neither `event` nor `event_type` is there".to_owned();
                return Err(refuse(JsonError { path: String::new(), reason }));
            }
        };
        Ok(Self { seq, event })
    }

    /// The frame's JSON text: the family's shape plus `seq` (see section 2.1 of docs/protocol.md).
    pub fn write(&self) -> String {
        let mut frame = match &self.event {
            Event::Workspace(event) => serde_json::json!({
                "event": event.change.kind().as_str(), "workspace_id": event.workspace_id,
                "timestamp": event.timestamp, "payload": event.change.payload(),
            }),
            Event::Run(event) => serde_json::json!(event),
            Event::Unknown(event) => serde_json::json!({
                "event": event.kind, "workspace_id": event.workspace_id,
                "timestamp": event.timestamp, "payload": event.payload,
            }),
        };
        if let (Some(seq), Some(frame)) = (self.seq, frame.as_object_mut()) {
            frame.insert("seq".into(), seq.into());
        }
        frame.to_string()
    }
}

/// The keys that tell what a frame is, and those of a workspace event, before their values are read.
#[derive(Deserialize)]
#[serde(expecting = "a JSON object")]
pub(crate) struct RawFrame<'a> {
    #[serde(borrow)]
    seq: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) event: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) event_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "type")]
    pub(crate) message_type: Option<&'a RawValue>,
    #[serde(borrow)]
    workspace_id: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> RawFrame<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, DecodeError> {
        from_json(text).map_err(not_an_event)
    }

    fn field<T: Deserialize<'a>>(&self, name: &str, value: Option<&'a RawValue>) -> Result<Option<T>, JsonError> {
        value.map(|value| from_json_field(name, value.get())).transpose()
    }

    fn needed<T: Deserialize<'a>>(&self, name: &str, value: Option<&'a RawValue>) -> Result<T, JsonError> {
        let missing = || JsonError { path: String::new(), reason: format!("missing field `{name}`") };
        self.field(name, value)?.ok_or_else(missing)
    }

    fn workspace_event(&self, name: String) -> Result<Event, JsonError> {
        let id: Result<WorkspaceId, _> = self.needed("workspace_id", self.workspace_id);
        let timestamp: Result<Timestamp, _> = self.needed("timestamp", self.timestamp);
        let Some(kind) = WorkspaceEventKind::parse(&name) else {
            let payload = self.payload.and_then(|payload| serde_json::from_str(payload.get()).ok()).unwrap_or_default();
            let (workspace_id, timestamp) = (id.ok(), timestamp.ok());
            return Ok(Event::Unknown(UnknownEvent { kind: name, workspace_id, timestamp, payload }));
        };
        let (workspace_id, timestamp) = (id?, timestamp?);
        let payload = self.payload.map_or("{}", RawValue::get);
        let change = WorkspaceChange::read(kind, payload, &workspace_id)?;
        Ok(Event::Workspace(WorkspaceEvent { workspace_id, timestamp, change }))
    }
}

pub(crate) fn not_an_event(error: JsonError) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason: error.to_string() }
}
