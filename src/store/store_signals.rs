//! The signals of the whole page that follow the store, and their only writer.

use std::borrow::Cow;

use leptos::prelude::*;
use orrery_client::{ConnectionStatus, StopReason};
use orrery_model::{Counts, Slot};
use orrery_protocol::{Seq, Timestamp, Workspace, WorkspaceId};

use super::activity_feed::{Entry, Feed};
use super::{CanvasStore, FrameDiff, NodeHandle, RenderedNodes, is_publish_due};

/// Given to the page by context; cheap to copy. Everybody reads, only this file writes.
#[derive(Clone, Copy)]
pub struct StoreSignals {
    pub connection: ReadSignal<ConnectionStatus>,
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
    /// Counts up when something that runs, or ran, changed.
    pub runs: ReadSignal<u64>,
    /// Ticks once a second.
    pub now: ReadSignal<Timestamp>,
    /// What is an element of the page, in the order of painting.
    pub rendered: ReadSignal<Vec<NodeHandle>>,
    /// Counts up when the feed changed.
    feed_revision: ReadSignal<u64>,
    feed: StoredValue<Feed>,
    nodes: RenderedNodes,
    write: Writers,
    counted_at: StoredValue<Timestamp>,
}

/// What arrived and could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Problems {
    pub malformed: u64,
    pub unknown: u64,
}

#[derive(Clone, Copy)]
struct Writers {
    connection: WriteSignal<ConnectionStatus>,
    as_of: WriteSignal<Option<Timestamp>>,
    loaded: WriteSignal<bool>,
    seq: WriteSignal<Seq>,
    count: WriteSignal<usize>,
    counts: WriteSignal<Counts>,
    selected: WriteSignal<Option<Workspace>>,
    selected_activity: WriteSignal<u64>,
    problems: WriteSignal<Problems>,
    runs: WriteSignal<u64>,
    now: WriteSignal<Timestamp>,
    feed_revision: WriteSignal<u64>,
}

impl StoreSignals {
    pub fn new(now: Timestamp) -> Self {
        let (connection, set_connection) = signal(ConnectionStatus::Connecting);
        let (as_of, set_as_of) = signal(None);
        let (loaded, set_loaded) = signal(false);
        let (seq, set_seq) = signal(0);
        let (count, set_count) = signal(0);
        let (counts, set_counts) = signal(Counts::default());
        let (selected, set_selected) = signal(None);
        let (selected_activity, set_selected_activity) = signal(0);
        let (problems, set_problems) = signal(Problems::default());
        let (runs, set_runs) = signal(0);
        let (now, set_now) = signal(now);
        let nodes = RenderedNodes::new();
        let (feed_revision, set_feed_revision) = signal(0);
        let write = Writers {
            connection: set_connection,
            as_of: set_as_of,
            loaded: set_loaded,
            seq: set_seq,
            count: set_count,
            counts: set_counts,
            selected: set_selected,
            selected_activity: set_selected_activity,
            problems: set_problems,
            runs: set_runs,
            now: set_now,
            feed_revision: set_feed_revision,
        };
        Self {
            connection,
            as_of,
            loaded,
            seq,
            count,
            counts,
            selected,
            selected_activity,
            problems,
            runs,
            now,
            rendered: nodes.handles,
            nodes,
            feed_revision,
            feed: StoredValue::new(Feed::default()),
            write,
            counted_at: StoredValue::new(Timestamp::default()),
        }
    }

    /// The latest entries of the activity feed, the newest first, of one workspace or of all. Tracks the feed.
    pub fn entries(&self, of: Option<&WorkspaceId>, most: usize) -> Vec<Entry> {
        self.feed_revision.track();
        let wanted = |entry: &&Entry| of.is_none_or(|id| entry.workspace_id() == Some(id));
        self.feed.with_value(|feed| feed.entries().filter(wanted).take(most).cloned().collect())
    }

    /// For the fold alone: it writes the feed as it goes.
    pub fn feeding<T>(&self, fold: impl FnOnce(&mut Feed) -> T) -> T {
        self.feed.try_update_value(fold).expect("the page keeps its signals as long as it lives")
    }

    pub fn tick(&self, now: Timestamp) {
        self.write.now.set(now);
    }

    /// How the connection stands, and when something was last heard on it.
    pub fn stand(&self, connection: ConnectionStatus, heard_at: Timestamp) {
        let was_live = self.connection.with_untracked(|it| *it == ConnectionStatus::Live);
        match connection {
            ConnectionStatus::Live => set(self.as_of, self.write.as_of, None),
            // A file knows when it was true.
            ConnectionStatus::Stopped { reason: StopReason::Saved } => {
                set(self.as_of, self.write.as_of, Some(heard_at))
            }
            _ if was_live => set(self.as_of, self.write.as_of, Some(heard_at)),
            _ => {}
        }
        set(self.connection, self.write.connection, connection);
    }

    /// One publish a frame: only what the fold touched, and only what is mounted.
    /// Answers whether some of it waits for a calmer moment (`CALM`).
    pub fn publish(
        &self,
        store: &CanvasStore,
        diff: &FrameDiff,
        selection: Option<&WorkspaceId>,
        now: Timestamp,
    ) -> bool {
        let canvas = store.canvas();
        if diff.replaced {
            set(self.loaded, self.write.loaded, true);
        }
        set(self.seq, self.write.seq, canvas.seq());
        set(self.count, self.write.count, canvas.len());
        let counts_differ = self.counts.with_untracked(|before| *before != canvas.counts());
        let counts_are_calm = diff.replaced || is_publish_due(self.counted_at.get_value(), now);
        if counts_differ && counts_are_calm {
            self.write.counts.set(canvas.counts());
            self.counted_at.set_value(now);
        }
        if diff.malformed + diff.unknown > 0 {
            self.write.problems.update(|problems| {
                problems.malformed += diff.malformed;
                problems.unknown += diff.unknown;
            });
        }
        if diff.has_input {
            self.write.feed_revision.update(|revision| *revision += 1);
        }
        // A new first state may hold activity that never came as an event.
        if diff.replaced || selection.is_some_and(|id| diff.activity.contains(id)) {
            self.write.selected_activity.update(|count| *count += 1);
        }
        let changes = &diff.changes;
        if diff.replaced || !(changes.executions.is_empty() && changes.runs.is_empty() && changes.agents.is_empty()) {
            self.write.runs.update(|revision| *revision += 1);
        }
        let waits = self.nodes.publish(store, diff, now);
        self.select(store, selection);
        waits || (counts_differ && !counts_are_calm)
    }

    /// The selected record, wherever it is.
    pub fn select(&self, store: &CanvasStore, selection: Option<&WorkspaceId>) {
        let found = selection.and_then(|id| store.displayed(store.canvas().find(id)?));
        if self.selected.with_untracked(|it| it.as_ref() != found.as_deref()) {
            self.write.selected.set(found.map(Cow::into_owned));
        }
    }

    /// From now on exactly these are mounted.
    pub fn mount(&self, store: &CanvasStore, slots: &[Slot]) {
        self.nodes.set(store, slots);
    }

    /// Those stand or look different: their places are written again.
    pub fn place(&self, store: &CanvasStore, slots: &[Slot]) {
        self.nodes.publish_positions(store, slots);
    }
}

/// A signal that is set to what it holds wakes everyone for nothing.
fn set<T: PartialEq + Send + Sync + 'static>(read: ReadSignal<T>, write: WriteSignal<T>, value: T) {
    if read.with_untracked(|before| *before != value) {
        write.set(value);
    }
}
