//! Events of both families, in the envelope that the log and the sockets carry (see chapter 2 of docs/protocol.md).
//!
//! The reader looks at the key of the family first and at the kind second, instead of trying one type after another, so an error
//! names the field.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::decode::{JsonError, from_json, from_json_field};
use crate::{RunEvent, Seq, Timestamp, WorkspaceChange, WorkspaceEvent, WorkspaceEventKind, WorkspaceId};

/// An event of one of the two families.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Workspace(WorkspaceEvent),
    Run(RunEvent),
    /// A workspace event of a kind that this version does not know. It changes no state, but is counted and shown.
    Unknown(UnknownEvent),
}

/// A workspace event of an unknown kind, with what could be read of it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownEvent {
    pub kind: String,
    pub workspace_id: Option<WorkspaceId>,
    pub timestamp: Option<Timestamp>,
    pub payload: Value,
}

/// An event with its `seq` in the log; `None` from servers that have no log.
#[derive(Debug, Clone, PartialEq)]
pub struct EventEnvelope {
    pub seq: Option<Seq>,
    pub event: Event,
}

/// Error of an event that could not be read, with its kind and `seq` as far as those could be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}: {reason}")]
pub struct DecodeError {
    pub kind: String,
    pub seq: Option<Seq>,
    pub reason: String,
}

impl EventEnvelope {
    /// Reads an event from its JSON text.
    ///
    /// Returns an error that names the kind and the field.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        Self::from_frame(&RawFrame::read(text)?, text)
    }

    /// Reads an event from the text of a frame, whose keys are already known.
    pub(crate) fn from_frame(frame: &RawFrame<'_>, text: &str) -> Result<Self, DecodeError> {
        let seq: Result<Option<Seq>, _> = frame.field("seq", frame.seq);
        let workspace_kind: Result<Option<String>, _> = frame.field("event", frame.event);
        let run_kind: Result<Option<String>, _> = frame.field("event_type", frame.event_type);
        let known = |kind: &Result<Option<String>, JsonError>| kind.as_ref().ok().cloned().flatten();
        let kind = known(&workspace_kind).or_else(|| known(&run_kind)).unwrap_or_else(|| "message".to_owned());
        let known_seq = seq.as_ref().ok().copied().flatten();
        let decode_error =
            |error: JsonError| DecodeError { kind: kind.clone(), seq: known_seq, reason: error.to_string() };
        let seq = seq.map_err(decode_error)?;
        let event = match (workspace_kind.map_err(decode_error)?, run_kind.map_err(decode_error)?) {
            (Some(kind), _) => frame.workspace_event(kind).map_err(decode_error)?,
            (None, Some(_)) => Event::Run(from_json(text).map_err(decode_error)?),
            (None, None) => {
                let reason = "neither `event` nor `event_type` is there".to_owned();
                return Err(decode_error(JsonError { path: String::new(), reason }));
            }
        };
        Ok(Self { seq, event })
    }

    /// Returns the JSON text of the frame: the keys of the family and `seq` (see section 2.1 of docs/protocol.md).
    pub fn to_json(&self) -> String {
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

/// The keys that decide what a frame is, and those of a workspace event, with unread values.
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
        from_json(text).map_err(unknown_frame_error)
    }

    fn field<T: Deserialize<'a>>(&self, name: &str, value: Option<&'a RawValue>) -> Result<Option<T>, JsonError> {
        value.map(|value| from_json_field(name, value.get())).transpose()
    }

    fn required<T: Deserialize<'a>>(&self, name: &str, value: Option<&'a RawValue>) -> Result<T, JsonError> {
        let missing = || JsonError { path: String::new(), reason: format!("missing field `{name}`") };
        self.field(name, value)?.ok_or_else(missing)
    }

    fn workspace_event(&self, name: String) -> Result<Event, JsonError> {
        let id: Result<WorkspaceId, _> = self.required("workspace_id", self.workspace_id);
        let timestamp: Result<Timestamp, _> = self.required("timestamp", self.timestamp);
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

pub(crate) fn unknown_frame_error(error: JsonError) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason: error.to_string() }
}
