//! The signals of the whole page that follow the store, and their only writer.

use std::borrow::Cow;

use leptos::prelude::*;
use orrery_client::{ConnectionStatus, StopReason};
use orrery_model::{Counts, Slot};
use orrery_protocol::{Seq, Timestamp, Workspace, WorkspaceId};

use super::activity_feed::{ActivityFeed, FeedEntry};
use super::{CanvasStore, FrameDiff, NodeHandle, RenderedNodes, is_publish_due};

/// Provided as context; cheap to copy. Its signals are written by this module only.
#[derive(Clone, Copy)]
pub struct StoreSignals {
    /// The status of the connection.
    pub connection: ReadSignal<ConnectionStatus>,
    /// When the state was last known to be current; `None` while the connection is live.
    pub as_of: ReadSignal<Option<Timestamp>>,
    /// Whether an initial state was applied, at least in part. Before that an empty canvas means nothing.
    pub loaded: ReadSignal<bool>,
    /// The `seq` of the last applied event; 0 with a server that does not number its events.
    pub seq: ReadSignal<Seq>,
    /// How many workspaces there are.
    pub count: ReadSignal<usize>,
    /// How many workspaces have each status.
    pub counts: ReadSignal<Counts>,
    /// The record of `Session::selection`, rendered or not.
    pub selected: ReadSignal<Option<Workspace>>,
    /// Counts the `ACTIVITY_LOGGED` events of the selected workspace. A change means that its activity is to be loaded again.
    pub selected_activity: ReadSignal<u64>,
    /// What could not be read or understood.
    pub problems: ReadSignal<Problems>,
    /// Counts the frames that changed an execution, a run or an agent.
    pub runs: ReadSignal<u64>,
    /// The current time, once a second.
    pub now: ReadSignal<Timestamp>,
    /// The rendered nodes in painting order.
    pub rendered: ReadSignal<Vec<NodeHandle>>,
    /// Counts the frames that changed the feed.
    feed_revision: ReadSignal<u64>,
    feed: StoredValue<ActivityFeed>,
    nodes: RenderedNodes,
    write: Writers,
    /// When `counts` was last published.
    /// When `counts` was last published.
    counts_published_at: StoredValue<Timestamp>,
}

/// How many events could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Problems {
    /// They could not be read.
    pub malformed: u64,
    /// They are of a kind that this version does not know.
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
    /// Creates the signals of an empty store.
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
            feed: StoredValue::new(ActivityFeed::default()),
            write,
            counts_published_at: StoredValue::new(Timestamp::default()),
        }
    }

    /// Returns the latest entries of the activity feed, newest first, of one workspace or of all. Reactive.
    pub fn entries(&self, workspace_id: Option<&WorkspaceId>, limit: usize) -> Vec<FeedEntry> {
        self.feed_revision.track();
        let matches = |entry: &&FeedEntry| workspace_id.is_none_or(|id| entry.workspace_id() == Some(id));
        self.feed.with_value(|feed| feed.entries().filter(matches).take(limit).cloned().collect())
    }

    /// Lets a frame add to the feed. Returns `None` after the owner of the signals was disposed.
    pub fn update_feed<T>(&self, update: impl FnOnce(&mut ActivityFeed) -> T) -> Option<T> {
        self.feed.try_update_value(update)
    }

    /// Publishes the time. To be called once a second.
    pub fn tick(&self, now: Timestamp) {
        self.write.now.set(now);
    }

    /// Publishes the status of the connection, and when the last message arrived on it.
    pub fn set_connection(&self, connection: ConnectionStatus, last_message_at: Timestamp) {
        let was_live = self.connection.with_untracked(|it| *it == ConnectionStatus::Live);
        match connection {
            ConnectionStatus::Live => set(self.as_of, self.write.as_of, None),
            // A saved state carries the time at which it was saved.
            ConnectionStatus::Stopped { reason: StopReason::Saved } => {
                set(self.as_of, self.write.as_of, Some(last_message_at))
            }
            _ if was_live => set(self.as_of, self.write.as_of, Some(last_message_at)),
            _ => {}
        }
        set(self.connection, self.write.connection, connection);
    }

    /// Publishes what a frame has changed, for the rendered nodes and the page as a whole.
    ///
    /// Returns whether some of it is still to be published, because `PUBLISH_INTERVAL` has not passed.
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
        let are_counts_due = diff.replaced || is_publish_due(self.counts_published_at.get_value(), now);
        if counts_differ && are_counts_due {
            self.write.counts.set(canvas.counts());
            self.counts_published_at.set_value(now);
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
        // A new initial state may hold activity that never came as an event.
        if diff.replaced || selection.is_some_and(|id| diff.activity.contains(id)) {
            self.write.selected_activity.update(|count| *count += 1);
        }
        let changes = &diff.changes;
        if diff.replaced || !(changes.executions.is_empty() && changes.runs.is_empty() && changes.agents.is_empty()) {
            self.write.runs.update(|revision| *revision += 1);
        }
        let is_pending = self.nodes.publish(store, diff, now);
        self.publish_selected(store, selection);
        is_pending || (counts_differ && !are_counts_due)
    }

    /// Publishes the record of the selected workspace, with its pending changes.
    pub fn publish_selected(&self, store: &CanvasStore, selection: Option<&WorkspaceId>) {
        let found = selection.and_then(|id| store.displayed(store.canvas().find(id)?));
        if self.selected.with_untracked(|selected| selected.as_ref() != found.as_deref()) {
            self.write.selected.set(found.map(Cow::into_owned));
        }
    }

    /// Makes exactly these nodes the rendered ones, in this order.
    pub fn set_rendered(&self, store: &CanvasStore, slots: &[Slot]) {
        self.nodes.set(store, slots);
    }

    /// Publishes the positions of these nodes, as far as they are rendered.
    pub fn publish_positions(&self, store: &CanvasStore, slots: &[Slot]) {
        self.nodes.publish_positions(store, slots);
    }
}

/// Sets a signal unless it has this value already: setting notifies in any case.
fn set<T: PartialEq + Send + Sync + 'static>(read: ReadSignal<T>, write: WriteSignal<T>, value: T) {
    if read.with_untracked(|before| *before != value) {
        write.set(value);
    }
}
