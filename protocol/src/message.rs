//! The frames of a socket: events, batches of events, and the messages that carry a `type`. Never the socket itself.

use serde::{Deserialize, Serialize};

use crate::event::not_an_event;
use crate::fields::{Fields, Read};
use crate::{
    AgentId, Channel, DecodeError, Epoch, ExecutionId, Logged, RunId, Seq, TaskId, WorkflowId, WorkspaceId, json,
};

/// What a server sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    Event(Box<Logged>),
    /// Several events in one frame (`batch=1`): one that cannot be read does not spoil the others.
    Batch(Vec<Result<Logged, DecodeError>>),
    Message(ServerMessage),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The first frame of a resuming socket. `resumed: false` means: take a snapshot.
    Hello {
        epoch: Epoch,
        head: Seq,
        oldest: Seq,
        resumed: bool,
    },
    /// `timestamp` in seconds since 1970. `seq` is the log's head, on sockets that resume.
    Heartbeat {
        timestamp: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<Seq>,
    },
    Subscribed {
        channels: Vec<Channel>,
    },
    Error {
        error: String,
    },
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
    pub fn read(text: &str) -> Result<Self, DecodeError> {
        if text.trim_start().starts_with('[') {
            let parts = json::list(text).map_err(not_an_event)?;
            return Ok(Self::Batch(parts.into_iter().map(Logged::read).collect()));
        }
        let fields = Fields::of(text).map_err(not_an_event)?;
        // An event may carry a `type` of its own; the families' keys come first.
        if fields.has("type") && !fields.has("event") && !fields.has("event_type") {
            return ServerMessage::open(&fields).map(Self::Message).map_err(not_an_event);
        }
        Logged::open(&fields).map(|logged| Self::Event(Box::new(logged)))
    }
}

impl ServerMessage {
    fn open(fields: &Fields<'_>) -> Read<Self> {
        Ok(match fields.text("type")?.unwrap_or_default().as_str() {
            "hello" => Self::Hello {
                epoch: Epoch::new(&fields.needed("epoch", fields.text("epoch"))?),
                head: fields.needed("head", fields.whole("head"))?,
                oldest: fields.needed("oldest", fields.whole("oldest"))?,
                resumed: fields.needed("resumed", fields.flag("resumed"))?,
            },
            "heartbeat" => Self::Heartbeat {
                timestamp: fields.needed("timestamp", fields.number("timestamp"))?,
                seq: fields.whole("seq")?,
            },
            "subscribed" => Self::Subscribed { channels: fields.all_parsed("channels")? },
            "error" => Self::Error { error: fields.text("error")?.unwrap_or_default() },
            other => return Err(format!("type: `{other}` is not a message that this version knows")),
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
