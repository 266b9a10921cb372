//! An event that is committed, with its frame encoded once for everyone. Never who hears it.

use std::sync::OnceLock;
use std::time::Instant;

use orrery_protocol::{Event, EventEnvelope, Seq};

use crate::json::is_readable_depth;
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

/// An event that a subscriber could not read, so that it is not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event {kind} cannot be read back: {reason}")]
pub struct Unencodable {
    kind: String,
    reason: String,
}

impl Published {
    /// For an event that is known to be readable.
    pub fn new(seq: Seq, event: Event) -> Self {
        EVENTS_ENCODED.add(1);
        let logged = EventEnvelope { seq: Some(seq), event };
        let frame = OutFrame::text(&logged.to_json());
        Self { seq, event: logged.event, frame, delivered_at: OnceLock::new() }
    }

    /// Returns the encoded event, or why its readers could not decode it.
    pub fn encode(seq: Seq, event: Event) -> Result<Self, Unencodable> {
        let published = Self::new(seq, event);
        let refuse = |reason: String| Err(Unencodable { kind: kind(&published.event), reason });
        if !is_readable_depth(published.text()) {
            return refuse("it is nested too deep".into());
        }
        // Clients must fold what the server folded. Decoding each event once more is for tests only.
        if cfg!(debug_assertions) && !matches!(published.event, Event::Unknown(_)) {
            match EventEnvelope::read(published.text()) {
                Ok(read) if read.event == published.event => {}
                Ok(_) => return refuse("it reads back as another event".into()),
                Err(error) => return refuse(error.to_string()),
            }
        }
        Ok(published)
    }

    /// The JSON text inside the frame.
    pub fn text(&self) -> &str {
        // A frame is made from text.
        std::str::from_utf8(self.frame.payload()).unwrap_or_default()
    }
}

fn kind(event: &Event) -> String {
    match event {
        Event::Workspace(event) => event.change.kind().to_string(),
        Event::Run(event) => event.event_type.to_string(),
        Event::Unknown(event) => event.kind.clone(),
    }
}

/// The same event at the same place, whenever it came.
impl PartialEq for Published {
    fn eq(&self, other: &Self) -> bool {
        (self.seq, &self.event) == (other.seq, &other.event)
    }
}
