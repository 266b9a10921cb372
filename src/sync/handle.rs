//! The page's handle of the sync client, and how it is started.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::{ev, prelude::*, task::spawn_local};
use orrery_client::{EventBuffer, InitialState};
use orrery_protocol::Timestamp;

use super::frame_loop::{FrameTarget, start_frame_loop};
use super::sync_client::SyncClient;
use crate::api::{Address, Api};
use crate::browser::FrameScheduler;
use crate::store::FrameDiff;

/// The sync client, which does not exist before the address of the server is known. Cheap to copy; provided as context.
#[derive(Clone, Copy)]
pub struct SyncHandle(StoredValue<Option<SyncClient>, LocalStorage>);

impl SyncHandle {
    /// Starts the frame loop, and the sync client as soon as the address of the server is known.
    ///
    /// `on_address` is called once with the API of that server, before anything is requested from it. `render` draws what
    /// a frame has changed.
    pub fn start(
        target: FrameTarget,
        scheduler: FrameScheduler,
        on_address: impl FnOnce(Api) + 'static,
        render: impl Fn(&FrameDiff) + 'static,
    ) -> Self {
        let sync = Self(StoredValue::new_local(None));
        let buffer = Rc::new(RefCell::new(EventBuffer::default()));
        start_frame_loop(target, &scheduler, buffer.clone(), sync, render);
        window_event_listener(ev::online, move |_| sync.on_network_restored());
        // Fired at the document, from where it bubbles.
        window_event_listener_untyped("visibilitychange", {
            let scheduler = scheduler.clone();
            move |_| {
                scheduler.on_visibility_change();
                sync.on_network_restored();
            }
        });
        spawn_local(async move {
            let api = Api::new(Address::find(&page_folder()).await);
            on_address(api.clone());
            sync.0.set_value(Some(SyncClient::start(api, buffer, scheduler)));
        });
        sync
    }

    /// Connects now instead of after the backoff, and also after the server has closed the connection for good.
    pub fn retry_now(&self) {
        self.with_client(SyncClient::retry_now);
    }

    /// Shows a saved state and closes the connection. Does nothing before the address of the server is known.
    pub fn show_saved_state(&self, state: InitialState, saved_at: Timestamp) {
        self.with_client(|client| client.show_saved_state(state, saved_at));
    }

    /// Loads a new state, because the store and the events no longer fit together.
    pub(super) fn resync(&self) {
        self.with_client(SyncClient::resync);
    }

    fn on_network_restored(&self) {
        self.with_client(SyncClient::on_network_restored);
    }

    /// The client is cloned out of the cell first: what it does may read the cell again.
    fn with_client(&self, act: impl FnOnce(&SyncClient)) {
        if let Some(client) = self.0.get_value() {
            act(&client);
        }
    }
}

/// Returns the URL of the folder that the page lies in: the server's own, also below a path that a proxy adds.
fn page_folder() -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{origin}{folder}")
}
