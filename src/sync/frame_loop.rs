//! The frame loop: once a frame, applies what has arrived to the store, publishes what changed and lets the page draw it.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use orrery_client::{EventBuffer, FrameBatch};
use orrery_protocol::WorkspaceId;

use super::SyncHandle;
use crate::browser::{FrameScheduler, clock};
use crate::store::{CanvasStore, FrameDiff, PUBLISH_INTERVAL, PerfCounters, StoreSignals};

/// What a frame updates. Cheap to copy.
#[derive(Clone, Copy)]
pub struct FrameTarget {
    pub store: StoredValue<CanvasStore, LocalStorage>,
    pub signals: StoreSignals,
    /// The workspace whose record is published even when it is not rendered.
    pub selected: RwSignal<Option<WorkspaceId>>,
}

/// Runs on each frame that `scheduler` grants: the batch in `buffer` is applied, and `render` draws the diff. A batch that
/// does not fit the store makes `sync` load a new state.
pub(super) fn start_frame_loop(
    target: FrameTarget,
    scheduler: &FrameScheduler,
    buffer: Rc<RefCell<EventBuffer>>,
    sync: SyncHandle,
    render: impl Fn(&FrameDiff) + 'static,
) {
    // The scheduler and its callback own each other: both live as long as the page.
    let delayed = scheduler.clone();
    scheduler.set_callback(move || {
        let batch = buffer.borrow_mut().take_batch();
        let Some((diff, is_publish_pending)) = target.apply_frame(batch) else { return };
        if is_publish_pending {
            delayed.request_frame_within(PUBLISH_INTERVAL);
        }
        render(&diff);
        if diff.needs_resync {
            sync.resync();
        }
    });
}

impl FrameTarget {
    /// Applies a batch and publishes it: one change of the store and one publish, however many events there are.
    ///
    /// Returns what changed, and whether some of it is still to be published. `None` after the page's owner was disposed.
    fn apply_frame(&self, batch: FrameBatch) -> Option<(FrameDiff, bool)> {
        let now = clock::now();
        PerfCounters::count(|counters| {
            counters.frames += 1;
            counters.events += batch.arrivals.len() as u64;
        });
        let diff = self.signals.update_feed(|feed| {
            self.store.try_update_value(|store| store.apply_frame(batch.state, batch.arrivals, feed, now))
        })??;
        let selected = self.selected.get_untracked();
        let is_publish_pending =
            self.store.with_value(|store| self.signals.publish(store, &diff, selected.as_ref(), now));
        if let Some((connection, last_message_at)) = batch.connection {
            self.signals.set_connection(connection, last_message_at);
        }
        Some((diff, is_publish_pending))
    }
}
