//! An event that is committed, with its frame encoded once for everyone. Never who hears it.

use bytes::Bytes;
use orrery_protocol::{Event, Logged, Seq};

#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub seq: Seq,
    pub event: Event,
    /// The JSON text that every subscriber gets, `seq` included. Always valid UTF-8.
    pub frame: Bytes,
}

impl Published {
    pub fn new(seq: Seq, event: Event) -> Self {
        let logged = Logged { seq: Some(seq), event };
        let frame = Bytes::from(logged.write());
        debug_assert!(reads_back(&logged, &frame), "subscribers must fold what the server folded: {frame:?}");
        Self { seq, event: logged.event, frame }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.frame).expect("a frame is made from text")
    }
}

fn reads_back(logged: &Logged, frame: &[u8]) -> bool {
    let text = std::str::from_utf8(frame).unwrap_or_default();
    matches!(logged.event, Event::Unknown(_)) || Logged::read(text).as_ref() == Ok(logged)
}
