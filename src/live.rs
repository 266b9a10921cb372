//! The signals of what is shown now, and their only writer. Never the state behind them (`fleet`), never the DOM.

use std::collections::HashMap;

use leptos::prelude::*;
use orrery_model::Counts;
use orrery_protocol::{Seq, Timestamp, Workspace, WorkspaceId};

use crate::feed::{Entry, Feed};
use crate::socket::Connection;

/// Given to the page by context; cheap to copy. Everybody reads, only this file writes.
#[derive(Clone, Copy)]
pub struct Live {
    pub connection: ReadSignal<Connection>,
    /// When the canvas was last known to be true; none while it is live.
    pub as_of: ReadSignal<Option<Timestamp>>,
    /// Is a first state there at all, live or not? Before that an empty canvas means nothing.
    pub loaded: ReadSignal<bool>,
    /// The last event applied; 0 against a server that does not number its events.
    pub seq: ReadSignal<Seq>,
    /// Workspaces known, mounted or not.
    pub count: ReadSignal<usize>,
    pub counts: ReadSignal<Counts>,
    /// The record of `Session::selection`, mounted or not.
    pub selected: ReadSignal<Option<Workspace>>,
    /// Counts up with every `ACTIVITY_LOGGED` of the selected workspace: the hint to read its activity again.
    pub selected_activity: ReadSignal<u64>,
    pub problems: ReadSignal<Problems>,
    /// Ticks once a second.
    pub now: ReadSignal<Timestamp>,
    /// Counts up when the feed changed.
    feed_revision: ReadSignal<u64>,
    feed: StoredValue<Feed>,
    write: StoredValue<Writers>,
}

/// What arrived and could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Problems {
    pub malformed: u64,
    pub unknown: u64,
}

struct Writers {
    connection: WriteSignal<Connection>,
}

impl Live {
    pub fn new(now: Timestamp) -> Self {
        let (connection, set_connection) = signal(Connection::Connecting);
        Self {
            connection,
            as_of: signal(None).0,
            loaded: signal(false).0,
            seq: signal(0).0,
            count: signal(0).0,
            counts: signal(Counts::default()).0,
            selected: signal(None).0,
            selected_activity: signal(0).0,
            problems: signal(Problems::default()).0,
            now: signal(now).0,
            feed_revision: signal(0).0,
            feed: StoredValue::new(Feed::default()),
            write: StoredValue::new(Writers { connection: set_connection }),
        }
    }

    /// The latest entries of the activity feed, the newest first, of one workspace or of all. Tracks the feed.
    pub fn entries(&self, of: Option<&WorkspaceId>, most: usize) -> Vec<Entry> {
        self.feed_revision.track();
        let wanted = |entry: &&Entry| of.is_none_or(|id| entry.workspace_id() == Some(id));
        self.feed.with_value(|feed| feed.entries().filter(wanted).take(most).cloned().collect())
    }

    pub fn set_connection(&self, connection: Connection) {
        self.write.with_value(|write| write.connection.set(connection));
    }
}

/// Not used yet.
pub type Mounted = HashMap<WorkspaceId, ArcRwSignal<Workspace>>;
