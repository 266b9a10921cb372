//! An event that is committed, with its frame encoded once for everyone. Never who hears it.

use std::sync::OnceLock;
use std::time::Instant;

use orrery_protocol::{Event, Logged, Seq};

use crate::metrics::EVENTS_ENCODED;
use crate::websocket::OutFrame;

#[derive(Debug, Clone)]
pub struct Published {
    pub seq: Seq,
    pub event: Event,
    /// The finished WebSocket frame that every subscriber gets, `seq` included.
    pub frame: OutFrame,
    /// When the hub got it; never for what was read from the log.
    pub delivered_at: OnceLock<Instant>,
}

impl Published {
    pub fn new(seq: Seq, event: Event) -> Self {
        let logged = Logged { seq: Some(seq), event };
        EVENTS_ENCODED.add(1);
        let text = logged.write();
        debug_assert!(reads_back(&logged, &text), "subscribers must fold what the server folded: {text}");
        let frame = OutFrame::text(&text);
        Self { seq, event: logged.event, frame, delivered_at: OnceLock::new() }
    }

    /// The JSON text inside the frame.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.frame.payload()).expect("a frame is made from text")
    }
}

/// The same event at the same place, whenever it came.
impl PartialEq for Published {
    fn eq(&self, other: &Self) -> bool {
        (self.seq, &self.event) == (other.seq, &other.event)
    }
}

fn reads_back(logged: &Logged, text: &str) -> bool {
    matches!(logged.event, Event::Unknown(_)) || Logged::read(text).as_ref() == Ok(logged)
}
