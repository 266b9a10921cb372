//! How one client wants to be talked to, and what it may say. Never what it hears about.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use orrery_protocol::message::{ClientMessage, ErrorMessage, ServerMessage};
use orrery_protocol::{Channel, Event};
use serde_json::value::RawValue;

use crate::error::{ECHO, shortened};
use crate::hub::Selection;
use crate::json;
use crate::publish::Published;
use crate::websocket::{OutFrame, Socket};

#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// After so long without an event.
    pub heartbeat: Option<Duration>,
    /// It resumes, so heartbeats tell the head.
    pub tells_head: bool,
    /// A text frame may hold a list of events.
    pub batch: bool,
    /// Run events carry the name that screens show.
    pub semantic: bool,
    pub commands: Commands,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commands {
    /// What it says is none of our business, as long as it is JSON.
    None,
    /// `subscribe` and `unsubscribe`.
    Selections,
}

/// What comes of a client's message.
#[derive(Debug, PartialEq)]
pub enum Reply {
    Nothing,
    Say(ServerMessage),
    Select(Selection),
}

impl Manner {
    /// Puts events on the socket, each in the frame that everyone shares where that is possible.
    pub fn send(&self, events: &[Arc<Published>], socket: &mut Socket) {
        if self.batch && events.len() > 1 {
            let (open, comma, close) = (Bytes::from_static(b"["), Bytes::from_static(b","), Bytes::from_static(b"]"));
            let mut pieces = Vec::with_capacity(events.len() * 2 + 1);
            for event in events {
                pieces.push(if pieces.is_empty() { open.clone() } else { comma.clone() });
                pieces.push(self.frame(event).payload_bytes());
            }
            pieces.push(close);
            socket.send_joined(&pieces);
        } else {
            events.iter().for_each(|event| socket.send(self.frame(event)));
        }
    }

    pub fn reply(&self, text: &str) -> Reply {
        let refuse = |error: String| Reply::Say(ServerMessage::Error(ErrorMessage { error: shortened(&error, ECHO) }));
        let text = match json::check(text) {
            Ok(text) => text,
            Err(error) => return refuse(error.to_string()),
        };
        match self.commands {
            Commands::None => match serde_json::from_str::<&RawValue>(&text) {
                Ok(_) => Reply::Nothing,
                Err(error) => refuse(format!("this is not JSON: {error}")),
            },
            Commands::Selections => match serde_json::from_str(&text) {
                Ok(ClientMessage::Subscribe { payload }) => Reply::Select(Selection::asked(payload)),
                Ok(ClientMessage::Unsubscribe) => Reply::Select(Selection::of(Channel::All)),
                Err(error) => {
                    refuse(format!("send {{\"type\":\"subscribe\",\"payload\":{{…}}}} or unsubscribe: {error}"))
                }
            },
        }
    }

    fn frame(&self, published: &Published) -> OutFrame {
        let name = match &published.event {
            Event::Run(event) if self.semantic => event.semantic(),
            _ => None,
        };
        match name {
            Some(name) => {
                let open = published.text().strip_suffix('}').expect("an event is an object");
                OutFrame::text(&format!("{open},\"semantic\":\"{name}\"}}"))
            }
            None => published.frame.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{RunEvent, RunEventKind, Timestamp};
    use serde_json::{Value, json};

    use super::*;

    const MANNER: Manner =
        Manner { heartbeat: None, tells_head: false, batch: false, semantic: true, commands: Commands::Selections };

    fn shown(event_type: RunEventKind, data: Value) -> Value {
        let Value::Object(data) = data else { panic!("data is an object") };
        let event = RunEvent { data, ..RunEvent::new(event_type, Timestamp::default()) };
        let frame = MANNER.frame(&Published::new(7, Event::Run(event)));
        serde_json::from_slice(frame.payload()).unwrap()
    }

    #[test]
    fn the_semantic_name_is_added_where_there_is_one() {
        let busy = shown(RunEventKind::AgentStatusChanged, json!({ "status": "busy", "nested": { "a": {} } }));
        assert_eq!((&busy["semantic"], &busy["seq"]), (&json!("agent:assigned"), &json!(7)));
        assert_eq!(busy["data"]["nested"], json!({ "a": {} }));
        let failed = shown(RunEventKind::AgentStatusChanged, json!({ "status": "error" }));
        assert_eq!(failed["semantic"], "agent:failed");
        assert!(shown(RunEventKind::AgentStatusChanged, json!({ "status": "idle" })).get("semantic").is_none());
        assert!(shown(RunEventKind::Progress, json!({ "status": "busy" })).get("semantic").is_none());
    }

    #[test]
    fn what_clients_say() {
        let canvas = Manner { commands: Commands::None, ..MANNER };
        assert_eq!(canvas.reply(r#"{"type":"ping"}"#), Reply::Nothing);
        assert!(matches!(canvas.reply("{"), Reply::Say(ServerMessage::Error(_))));
        assert!(matches!(MANNER.reply(r#"{"type":"ping"}"#), Reply::Say(ServerMessage::Error(_))));
        let chosen = |text: &str| match MANNER.reply(text) {
            Reply::Select(selection) => selection.channels.iter().map(Channel::to_string).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let wish = r#"{"type":"subscribe","payload":{"taskId":"t","executionId":"e","workspaceId":"w"}}"#;
        assert_eq!(chosen(wish), ["task:t", "workflow-run:e"]);
        assert_eq!(chosen(r#"{"type":"subscribe"}"#), ["all"]);
        assert_eq!(chosen(r#"{"type":"unsubscribe"}"#), ["all"]);
    }
}
