//! What happened lately, of all kinds, the unreadable and the unknown too: the last 500. Never the log itself.

mod words;
mod changed;

use std::collections::VecDeque;
use std::sync::Arc;

use orrery_protocol::{DecodeError, Event, EventEnvelope, Seq, Timestamp, WorkspaceChange, WorkspaceId};

pub use changed::facts;
pub use words::of as words;

const KEPT: usize = 500;

#[derive(Default)]
pub struct Feed {
    entries: VecDeque<Entry>,
    heard: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Counts up from 1: a key for lists.
    pub number: u64,
    pub at: Timestamp,
    /// The workspace's name when it happened; it may be gone since.
    pub name: String,
    what: Arc<What>,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Event(EventEnvelope),
    Malformed(DecodeError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    Workspace,
    Activity,
    Run,
    /// A kind that this version does not know.
    Unknown,
    /// Could not be read.
    Malformed,
}

impl Feed {
    pub fn push(&mut self, logged: EventEnvelope, name: String, now: Timestamp) {
        let at = match &logged.event {
            Event::Workspace(event) => event.timestamp,
            Event::Run(event) => event.timestamp,
            Event::Unknown(event) => event.timestamp.unwrap_or(now),
        };
        self.keep(at, name, What::Event(logged));
    }

    pub fn push_malformed(&mut self, error: DecodeError, now: Timestamp) {
        self.keep(now, String::new(), What::Malformed(error));
    }

    /// The newest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    fn keep(&mut self, at: Timestamp, name: String, what: What) {
        self.heard += 1;
        self.entries.push_back(Entry { number: self.heard, at, name, what: Arc::new(what) });
        if self.entries.len() > KEPT {
            self.entries.pop_front();
        }
    }
}

impl Entry {
    pub fn kind(&self) -> EntryKind {
        match &*self.what {
            What::Malformed(_) => EntryKind::Malformed,
            What::Event(logged) => match &logged.event {
                Event::Workspace(event) => match event.change {
                    WorkspaceChange::ActivityLogged(_) => EntryKind::Activity,
                    _ => EntryKind::Workspace,
                },
                Event::Run(_) => EntryKind::Run,
                Event::Unknown(_) => EntryKind::Unknown,
            },
        }
    }

    /// The event's name as the wire writes it, such as `WORKSPACE_ONLINE` or `step_started`.
    pub fn wire_name(&self) -> &str {
        match &*self.what {
            What::Malformed(error) => &error.kind,
            What::Event(logged) => match &logged.event {
                Event::Workspace(event) => event.change.kind().as_str(),
                Event::Run(event) => event.semantic().unwrap_or(event.event_type.as_str()),
                Event::Unknown(event) => &event.kind,
            },
        }
    }

    /// One line for a person.
    pub fn words(&self) -> String {
        match &*self.what {
            What::Malformed(error) => error.reason.clone(),
            What::Event(logged) => words::of(&logged.event),
        }
    }

    pub fn workspace_id(&self) -> Option<&WorkspaceId> {
        match &*self.what {
            What::Malformed(_) => None,
            What::Event(logged) => match &logged.event {
                Event::Workspace(event) => Some(&event.workspace_id),
                Event::Run(event) => event.workspace_id.as_ref(),
                Event::Unknown(event) => event.workspace_id.as_ref(),
            },
        }
    }

    pub fn seq(&self) -> Option<Seq> {
        match &*self.what {
            What::Malformed(error) => error.seq,
            What::Event(logged) => logged.seq,
        }
    }

    /// What it changed, for a person.
    pub fn facts(&self, name: impl Fn(&WorkspaceId) -> String) -> Vec<(&'static str, String)> {
        match &*self.what {
            What::Event(logged) => facts(&logged.event, name),
            What::Malformed(_) => Vec::new(),
        }
    }

    /// The event's JSON text; none when it could not be read.
    pub fn json(&self) -> Option<String> {
        match &*self.what {
            What::Event(logged) => Some(logged.to_json()),
            What::Malformed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_feed_keeps_the_last_500_newest_first() {
        let mut feed = Feed::default();
        for number in 0..700 {
            let error = DecodeError { kind: "message".into(), seq: Some(number), reason: "why".into() };
            feed.push_malformed(error, Timestamp::default());
        }
        assert_eq!(feed.entries().count(), 500);
        assert_eq!(feed.entries().next().and_then(Entry::seq), Some(699));
    }

    #[wasm_bindgen_test]
    fn an_unknown_event_is_shown_with_its_own_name() {
        let mut feed = Feed::default();
        feed.push(
            EventEnvelope::read(r#"{"event":"WORKSPACE_PAINTED","workspace_id":"w","payload":{}}"#).unwrap(),
            "W".into(),
            Timestamp::from_millis(5),
        );
        let entry = feed.entries().next().unwrap();
        assert_eq!((entry.kind(), entry.wire_name()), (EntryKind::Unknown, "WORKSPACE_PAINTED"));
        assert_eq!(entry.at, Timestamp::from_millis(5));
        assert!(entry.json().unwrap().contains("WORKSPACE_PAINTED"));
    }
}
