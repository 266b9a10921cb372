//! One event of either family, and the two keys that tell the families apart. Never the shapes inside them.
//!
//! Reading looks at the key first and at the kind second, never at shapes in turn, so an error names the field.

use serde_json::Value;

use crate::fields::{Fields, Read};
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

impl Logged {
    /// Reads one event from its JSON text.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        Self::open(&Fields::of(text).map_err(not_an_event)?)
    }

    pub(crate) fn open(frame: &Fields<'_>) -> Result<Self, DecodeError> {
        let place = frame.whole::<Seq>("seq");
        let (workspace, run) = (frame.text("event"), frame.text("event_type"));
        let name = workspace.clone().ok().flatten().or_else(|| run.clone().ok().flatten());
        let seq = place.clone().ok().flatten();
        let refuse =
            |reason: String| DecodeError { kind: name.clone().unwrap_or_else(|| "message".to_owned()), seq, reason };
        place.map_err(refuse)?;
        let event = match (workspace.map_err(refuse)?, run.map_err(refuse)?) {
            (Some(kind), _) => workspace_event(kind, frame).map_err(refuse)?,
            (None, Some(kind)) => Event::Run(RunEvent::open(&kind, frame).map_err(refuse)?),
            (None, None) => return Err(refuse("neither `event` nor `event_type` is there".into())),
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

fn workspace_event(name: String, frame: &Fields<'_>) -> Read<Event> {
    let id = frame.needed("workspace_id", frame.parsed::<WorkspaceId>("workspace_id"));
    let timestamp = frame.needed("timestamp", frame.parsed::<Timestamp>("timestamp"));
    let Some(kind) = WorkspaceEventKind::parse(&name) else {
        let payload = frame.value("payload")?.unwrap_or_default();
        let (workspace_id, timestamp) = (id.ok(), timestamp.ok());
        return Ok(Event::Unknown(UnknownEvent { kind: name, workspace_id, timestamp, payload }));
    };
    let (workspace_id, timestamp) = (id?, timestamp?);
    let change = WorkspaceChange::open(kind, &frame.inner("payload", "payload.")?, &workspace_id)?;
    Ok(Event::Workspace(WorkspaceEvent { workspace_id, timestamp, change }))
}

pub(crate) fn not_an_event(reason: String) -> DecodeError {
    DecodeError { kind: "message".into(), seq: None, reason }
}
