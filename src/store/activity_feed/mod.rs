//! The activity feed: the last 500 events of every kind, unreadable and unknown ones included.

mod facts;
mod summary;

use std::collections::VecDeque;
use std::sync::Arc;

use orrery_protocol::{DecodeError, Event, EventEnvelope, Seq, Timestamp, WorkspaceChange, WorkspaceId};

pub use facts::facts;
pub use summary::summary;

/// How many entries are kept.
const CAPACITY: usize = 500;

/// The latest events.
#[derive(Default)]
pub struct ActivityFeed {
    entries: VecDeque<FeedEntry>,
    /// How many entries there have been.
    total: u64,
}

/// An event of the feed. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// Counts up from 1: a key for lists.
    pub number: u64,
    pub at: Timestamp,
    /// The name that the workspace had at that time; it may have been removed since.
    pub name: String,
    content: Arc<Content>,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Event(EventEnvelope),
    Malformed(DecodeError),
}

/// The kind of a feed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A change of a workspace.
    Workspace,
    /// An activity that an agent has logged.
    Activity,
    /// An event of an execution, a run or an agent.
    Run,
    /// A kind that this version does not know.
    Unknown,
    /// It could not be read.
    Malformed,
}

impl ActivityFeed {
    /// Adds an event of the workspace with this name.
    pub fn push(&mut self, logged: EventEnvelope, name: String, now: Timestamp) {
        let at = match &logged.event {
            Event::Workspace(event) => event.timestamp,
            Event::Run(event) => event.timestamp,
            Event::Unknown(event) => event.timestamp.unwrap_or(now),
        };
        self.append(at, name, Content::Event(logged));
    }

    /// Adds an event that could not be read.
    pub fn push_malformed(&mut self, error: DecodeError, now: Timestamp) {
        self.append(now, String::new(), Content::Malformed(error));
    }

    /// Returns the entries, newest first.
    pub fn entries(&self) -> impl Iterator<Item = &FeedEntry> {
        self.entries.iter().rev()
    }

    fn append(&mut self, at: Timestamp, name: String, content: Content) {
        self.total += 1;
        self.entries.push_back(FeedEntry { number: self.total, at, name, content: Arc::new(content) });
        if self.entries.len() > CAPACITY {
            self.entries.pop_front();
        }
    }
}

impl FeedEntry {
    /// Returns the kind of the entry.
    pub fn kind(&self) -> EntryKind {
        match &*self.content {
            Content::Malformed(_) => EntryKind::Malformed,
            Content::Event(logged) => match &logged.event {
                Event::Workspace(event) => match event.change {
                    WorkspaceChange::ActivityLogged(_) => EntryKind::Activity,
                    _ => EntryKind::Workspace,
                },
                Event::Run(_) => EntryKind::Run,
                Event::Unknown(_) => EntryKind::Unknown,
            },
        }
    }

    /// Returns the name of the event in the protocol, such as `WORKSPACE_ONLINE` or `step_started`.
    pub fn wire_name(&self) -> &str {
        match &*self.content {
            Content::Malformed(error) => &error.kind,
            Content::Event(logged) => match &logged.event {
                Event::Workspace(event) => event.change.kind().as_str(),
                Event::Run(event) => event.semantic().unwrap_or(event.event_type.as_str()),
                Event::Unknown(event) => &event.kind,
            },
        }
    }

    /// Returns the event in one line. `format_millis` formats a duration.
    pub fn summary(&self, format_millis: fn(i64) -> String) -> String {
        match &*self.content {
            Content::Malformed(error) => error.reason.clone(),
            Content::Event(logged) => summary(&logged.event, format_millis),
        }
    }

    /// Returns the workspace that the event is about.
    pub fn workspace_id(&self) -> Option<&WorkspaceId> {
        match &*self.content {
            Content::Malformed(_) => None,
            Content::Event(logged) => match &logged.event {
                Event::Workspace(event) => Some(&event.workspace_id),
                Event::Run(event) => event.workspace_id.as_ref(),
                Event::Unknown(event) => event.workspace_id.as_ref(),
            },
        }
    }

    /// Returns the place of the event in the log.
    pub fn seq(&self) -> Option<Seq> {
        match &*self.content {
            Content::Malformed(error) => error.seq,
            Content::Event(logged) => logged.seq,
        }
    }

    /// Returns what the event has changed. `name` returns the name of a workspace.
    pub fn facts(&self, name: impl Fn(&WorkspaceId) -> String) -> Vec<(&'static str, String)> {
        match &*self.content {
            Content::Event(logged) => facts(&logged.event, name),
            Content::Malformed(_) => Vec::new(),
        }
    }

    /// Returns the JSON of the event, or `None` if it could not be read.
    pub fn json(&self) -> Option<String> {
        match &*self.content {
            Content::Event(logged) => Some(logged.to_json()),
            Content::Malformed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn keeps_the_last_500_entries_newest_first() {
        let mut feed = ActivityFeed::default();
        for number in 0..700 {
            let error = DecodeError { kind: "message".into(), seq: Some(number), reason: "why".into() };
            feed.push_malformed(error, Timestamp::default());
        }
        assert_eq!(feed.entries().count(), 500);
        assert_eq!(feed.entries().next().and_then(FeedEntry::seq), Some(699));
    }

    #[wasm_bindgen_test]
    fn an_unknown_event_has_its_own_name() {
        let mut feed = ActivityFeed::default();
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
