//! An event that is committed, with its frame encoded once for everyone. Never who hears it.

use orrery_protocol::{Event, Logged, Seq};

use crate::websocket::OutFrame;

#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub seq: Seq,
    pub event: Event,
    /// The finished WebSocket frame that every subscriber gets, `seq` included.
    pub frame: OutFrame,
}

impl Published {
    pub fn new(seq: Seq, event: Event) -> Self {
        let logged = Logged { seq: Some(seq), event };
        let text = logged.write();
        debug_assert!(reads_back(&logged, &text), "subscribers must fold what the server folded: {text}");
        let frame = OutFrame::text(&text);
        Self { seq, event: logged.event, frame }
    }

    /// The JSON text inside the frame.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.frame.payload()).expect("a frame is made from text")
    }
}

fn reads_back(logged: &Logged, text: &str) -> bool {
    matches!(logged.event, Event::Unknown(_)) || Logged::read(text).as_ref() == Ok(logged)
}
