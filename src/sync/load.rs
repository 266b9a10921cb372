//! Loads the initial state for the sync client and puts it into the event buffer.

use orrery_client::{Arrival, InitialState, Input, LoadFailure};
use wasm_bindgen_futures::spawn_local;

use super::sync_client::{SyncClient, decode_error};
use crate::api::ApiError;

/// What is requested as the initial state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InitialStateSource {
    Snapshot,
    /// Of a server that has no snapshots.
    Rows,
}

impl SyncClient {
    /// Requests an initial state. The answer is dropped if the socket was closed or another state requested meanwhile.
    pub(super) fn load(&self, source: InitialStateSource) {
        let client = self.clone();
        let request = {
            let mut inner = self.inner.borrow_mut();
            inner.loads += 1;
            (inner.attempt, inner.loads)
        };
        let is_awaited = move |client: &Self| {
            let inner = client.inner.borrow();
            (inner.attempt, inner.loads) == request && inner.connection.is_loading()
        };
        spawn_local(async move {
            let show_partial = |rows| {
                if is_awaited(&client) {
                    client.buffer.borrow_mut().put_partial_state(rows);
                    client.scheduler.request_frame();
                }
            };
            let result = match source {
                InitialStateSource::Snapshot => client.api.load_snapshot(show_partial).await,
                InitialStateSource::Rows => client.api.load_rows().await,
            };
            if is_awaited(&client) {
                client.on_loaded(result);
            }
        });
    }

    fn on_loaded(&self, result: Result<InitialState, ApiError>) {
        match result {
            Ok(state) => {
                let input = state.cursor.clone().map_or(Input::RowsLoaded, Input::SnapshotLoaded);
                self.buffer.borrow_mut().put_state(state);
                self.handle(input);
            }
            Err(error) => {
                let failure = match &error {
                    ApiError::Refused { status: 404, .. } => LoadFailure::NotFound,
                    ApiError::Refused { status: 401 | 403, .. } => LoadFailure::Unauthorized,
                    _ => LoadFailure::Unreachable,
                };
                if failure == LoadFailure::Unreachable {
                    // Shown in the activity feed, unless the buffer is full: then it does not matter.
                    let arrival = Arrival::Malformed(decode_error(&error.to_string()));
                    let _ = self.buffer.borrow_mut().push(arrival);
                }
                self.handle(Input::LoadFailed(failure));
            }
        }
    }
}
