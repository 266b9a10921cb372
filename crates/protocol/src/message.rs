//! Frames of the sockets: events, batches of events, and messages with a `type` (see chapters 10 and 11 of docs/protocol.md).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::decode::{JsonError, from_json, from_json_field};
use crate::event::{RawFrame, unknown_frame_error};
use crate::spelling::null_as_default;
use crate::{
    AgentId, Channel, DecodeError, Epoch, EventEnvelope, ExecutionId, RunId, Seq, TaskId, WorkflowId, WorkspaceId,
};

/// A text message of the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Event(Box<EventEnvelope>),
    /// Several events in one frame (`batch=1`), each readable or not by itself.
    Batch(Vec<Result<EventEnvelope, DecodeError>>),
    Message(ServerMessage),
}

/// A message of the server that is no event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    Hello(Hello),
    Heartbeat(Heartbeat),
    Subscribed(Subscribed),
    Error(ErrorMessage),
}

/// The first frame of a resuming socket. If it could not be resumed, the client needs a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    pub epoch: Epoch,
    pub head: Seq,
    pub oldest: Seq,
    pub resumed: bool,
}

/// Sent at a fixed interval (see section 10.7 of docs/protocol.md).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub timestamp: f64,
    /// Last `seq` of the log, on sockets that resume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
}

/// The channels that a client is subscribed to now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscribed {
    #[serde(default, deserialize_with = "null_as_default")]
    pub channels: Vec<Channel>,
}

/// Answer to a message of the client that was not understood or not allowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorMessage {
    #[serde(default, deserialize_with = "null_as_default")]
    pub error: String,
}

/// A message that a client of `/ws/stream` sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    Subscribe {
        #[serde(default)]
        payload: Subscription,
    },
    Unsubscribe,
}

/// The channels that a client subscribes to by their ids; `all`, if there is none. `workspace_id` only narrows them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Subscription {
    pub task_id: Option<TaskId>,
    pub run_id: Option<RunId>,
    pub agent_id: Option<AgentId>,
    pub workflow_id: Option<WorkflowId>,
    pub execution_id: Option<ExecutionId>,
    pub workspace_id: Option<WorkspaceId>,
}

impl Frame {
    /// Reads a text message of the server.
    ///
    /// Returns an error that names the kind and the field.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        if text.trim_start().starts_with('[') {
            let parts: Vec<&RawValue> = from_json(text).map_err(unknown_frame_error)?;
            return Ok(Self::Batch(parts.into_iter().map(|part| EventEnvelope::read(part.get())).collect()));
        }
        let frame = RawFrame::read(text)?;
        match (frame.message_type, frame.event, frame.event_type) {
            // An event may also have a `type`, so the keys of the families come first.
            (Some(message_type), None, None) => {
                ServerMessage::read(message_type, text).map(Self::Message).map_err(unknown_frame_error)
            }
            _ => EventEnvelope::from_frame(&frame, text).map(|envelope| Self::Event(Box::new(envelope))),
        }
    }
}

impl ServerMessage {
    fn read(message_type: &RawValue, text: &str) -> Result<Self, JsonError> {
        let message_type: String = from_json_field("type", message_type.get())?;
        Ok(match message_type.as_str() {
            "hello" => Self::Hello(from_json(text)?),
            "heartbeat" => Self::Heartbeat(from_json(text)?),
            "subscribed" => Self::Subscribed(from_json(text)?),
            "error" => Self::Error(from_json(text)?),
            other => {
                let other: String = other.chars().take(40).collect();
                let reason = format!("`{other}` is not a message that this version knows");
                return Err(JsonError { path: "type".into(), reason });
            }
        })
    }
}

/// Reason of the server for closing a socket, and what the client does then (see section 10.10 of docs/protocol.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// Reconnect after a random delay.
    ShuttingDown = 4001,
    /// Reconnect with the cursor.
    TooSlow = 4008,
    /// Reconnect with the cursor.
    Gap = 4010,
    /// Stop, and ask for credentials.
    Unauthorized = 4500,
    /// Stop, and show the reason.
    OverLimit = 4504,
}

impl CloseCode {
    /// Returns the close code with this number, if it is one.
    pub fn parse(code: u16) -> Option<Self> {
        [Self::ShuttingDown, Self::TooSlow, Self::Gap, Self::Unauthorized, Self::OverLimit]
            .into_iter()
            .find(|known| *known as u16 == code)
    }

    /// Returns the text that is sent with the code.
    pub fn reason(self) -> &'static str {
        match self {
            Self::ShuttingDown => "server shutting down",
            Self::TooSlow => "too slow: queue limit passed",
            Self::Gap => "gap found upstream",
            Self::Unauthorized => "credential invalid or revoked",
            Self::OverLimit => "over a limit",
        }
    }
}
