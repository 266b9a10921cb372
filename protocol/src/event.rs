//! One event of either family, and the two keys that tell the families apart. Never the shapes inside them.
//!
//! Reading looks at the key first and at the kind second, never at shapes in turn, so an error names the field.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

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
pub struct Logged {
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

#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    pub(crate) message: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    seq: Option<&'a RawValue>,
    #[serde(borrow)]
    workspace_id: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl Envelope<'_> {
    pub(crate) fn is_event(&self) -> bool {
        self.event.is_some() || self.event_type.is_some()
    }
}

impl Logged {
    /// Reads one event from its JSON text.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| not_an_event(error.to_string()))?;
        Self::open(&envelope, text)
    }

    pub(crate) fn open(envelope: &Envelope<'_>, text: &str) -> Result<Self, DecodeError> {
        let place: Option<Result<Seq, _>> = envelope.seq.map(|raw| serde_json::from_str(raw.get()));
        let seq = place.as_ref().and_then(|seq| seq.as_ref().ok().copied());
        let kind = envelope.event.as_deref().or(envelope.event_type.as_deref());
        let refuse = |reason: String| DecodeError { kind: kind.unwrap_or("message").to_owned(), seq, reason };
        if let Some(Err(error)) = place {
            return Err(refuse(format!("seq: {error}")));
        }
        let event = match (&envelope.event, &envelope.event_type) {
            (Some(kind), _) => workspace_event(kind, envelope).map_err(refuse)?,
            (None, Some(_)) => {
                let run = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
                Event::Run(run.map_err(|error| refuse(error.to_string()))?)
            }
            (None, None) => return Err(refuse("neither `event` nor `event_type` is there".into())),
        };
        Ok(Self { seq, event })
    }

    /// The frame's JSON text: the seed's shape plus `seq` (wire §1).
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

fn workspace_event(kind: &str, envelope: &Envelope<'_>) -> Result<Event, String> {
    let id = field::<WorkspaceId>("workspace_id", envelope.workspace_id);
    let timestamp = field::<Timestamp>("timestamp", envelope.timestamp);
    let payload = envelope.payload.map_or("{}", |raw| if raw.get() == "null" { "{}" } else { raw.get() });
    let Some(kind) = WorkspaceEventKind::parse(kind) else {
        let payload = serde_json::from_str(payload).unwrap_or_default();
        let (workspace_id, timestamp) = (id.ok(), timestamp.ok());
        return Ok(Event::Unknown(UnknownEvent { kind: kind.to_owned(), workspace_id, timestamp, payload }));
    };
    let (workspace_id, timestamp) = (id?, timestamp?);
    let change =
        WorkspaceChange::read(kind, payload, &workspace_id).map_err(|error| match error.path().to_string() {
            path if path == "." => format!("payload: {}", error.inner()),
            path => format!("payload.{path}: {}", error.inner()),
        })?;
    Ok(Event::Workspace(WorkspaceEvent { workspace_id, timestamp, change }))
}

fn field<T: for<'de> Deserialize<'de>>(name: &str, raw: Option<&RawValue>) -> Result<T, String> {
    let raw = raw.ok_or_else(|| format!("{name} is missing"))?;
    serde_json::from_str(raw.get()).map_err(|error| format!("{name}: {error}"))
}

pub(crate) fn not_an_event(reason: String) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason }
}
