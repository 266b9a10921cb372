//! Where a subscriber begins: what it asks for, and what it hears first. Never the live events.

use orrery_protocol::Cursor;
use orrery_protocol::message::ServerMessage;

use super::Backlog;

/// From where a subscriber wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since<'a> {
    /// Live, without a word about the log.
    Now,
    /// Live, and the place where it begins is told.
    Head,
    After(&'a Cursor),
}

/// What a new subscriber hears first.
pub struct Welcome {
    pub hello: Option<ServerMessage>,
    /// The events between its cursor and the first live one.
    pub backlog: Option<Backlog>,
}

impl Welcome {
    /// `None` for a client that knows nothing of cursors.
    pub fn resumed(&self) -> Option<bool> {
        match &self.hello {
            Some(ServerMessage::Hello(hello)) => Some(hello.resumed),
            _ => None,
        }
    }
}
