//! What servers say to each other over Redis: an event with the place it has in the log. Never more than a hint.

use std::sync::Arc;

use orrery_protocol::{Cursor, Epoch, EventEnvelope};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::publish::Published;

#[derive(Serialize, Deserialize)]
pub(crate) struct Message<'a> {
    pub(crate) cursor: Cursor,
    #[serde(borrow)]
    pub(crate) event: &'a RawValue,
}

pub(crate) fn write(epoch: &Epoch, published: &Published) -> String {
    let cursor = Cursor { epoch: epoch.clone(), seq: published.seq };
    // The frame is JSON already.
    format!("{{\"cursor\":\"{cursor}\",\"event\":{}}}", published.text())
}

impl Message<'_> {
    /// Returns why it is not taken: what cannot be read here is read from the log, which has a placeholder for it.
    pub(crate) fn open(&self) -> Result<Arc<Published>, String> {
        let event = EventEnvelope::read(self.event.get()).map_err(|error| error.to_string())?.event;
        Published::encode(self.cursor.seq, event).map(Arc::new).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Event, RunEvent, RunEventKind, Timestamp};

    use super::*;

    #[test]
    fn a_message_brings_the_very_frame() {
        let event = Event::Run(RunEvent::new(RunEventKind::Progress, Timestamp::from_millis(7)));
        let published = Published::new(42, event);
        let text = write(&Epoch::new("e:1"), &published);
        let message: Message<'_> = serde_json::from_str(&text).unwrap();
        assert_eq!(message.cursor.to_string(), "e:1:42");
        assert_eq!(*message.open().unwrap(), published);
    }
}
