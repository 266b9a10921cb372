//! The frames of a socket: events, batches of events, and the messages that carry a `type`. Never the socket itself.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::decode::{JsonError, from_json, from_json_field};
use crate::event::{RawFrame, not_an_event};
use crate::spelling::null_as_default;
use crate::{
    AgentId, Channel, DecodeError, Epoch, EventEnvelope, ExecutionId, RunId, Seq, TaskId, WorkflowId, WorkspaceId,
};

/// What a server sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Event(Box<EventEnvelope>),
    /// Several events in one frame (`batch=1`): one that cannot be read does not spoil the others.
    Batch(Vec<Result<EventEnvelope, DecodeError>>),
    Message(ServerMessage),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    Hello(Hello),
    Heartbeat(Heartbeat),
    Subscribed(Subscribed),
    Error(ErrorMessage),
}

/// The first frame of a resuming socket. `resumed: false` means: take a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    pub epoch: Epoch,
    pub head: Seq,
    pub oldest: Seq,
    pub resumed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// In seconds since 1970.
    pub timestamp: f64,
    /// The log's head, on sockets that resume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscribed {
    #[serde(default, deserialize_with = "null_as_default")]
    pub channels: Vec<Channel>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorMessage {
    #[serde(default, deserialize_with = "null_as_default")]
    pub error: String,
}

/// What a client of `/ws/stream` may send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    Subscribe {
        #[serde(default)]
        payload: Subscription,
    },
    Unsubscribe,
}

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
    /// Reads what a server sent in one text message.
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        if text.trim_start().starts_with('[') {
            let parts: Vec<&RawValue> = from_json(text).map_err(not_an_event)?;
            return Ok(Self::Batch(parts.into_iter().map(|part| EventEnvelope::read(part.get())).collect()));
        }
        let frame = RawFrame::read(text)?;
        match (frame.message_type, frame.event, frame.event_type) {
            // An event may carry a `type` of its own; the families' keys come first.
            (Some(message_type), None, None) => {
                ServerMessage::read(message_type, text).map(Self::Message).map_err(not_an_event)
            }
            _ => EventEnvelope::from_frame(&frame, text).map(|logged| Self::Event(Box::new(logged))),
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

/// Why a server closes a socket, and what a client does about it (see section 10.10 of docs/protocol.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCode {
    /// Reconnect after a random while.
    ShuttingDown = 4001,
    /// Reconnect with the cursor.
    TooSlow = 4008,
    /// Reconnect with the cursor.
    Gap = 4010,
    /// Stop and ask for a credential.
    Unauthorized = 4500,
    /// Stop and show the reason.
    OverLimit = 4504,
}

impl CloseCode {
    pub fn parse(code: u16) -> Option<Self> {
        [Self::ShuttingDown, Self::TooSlow, Self::Gap, Self::Unauthorized, Self::OverLimit]
            .into_iter()
            .find(|known| *known as u16 == code)
    }

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
