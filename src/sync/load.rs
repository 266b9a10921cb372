//! Loads the initial state for the sync client and hands it to the event buffer.

use orrery_client::{Arrival, InitialState, Input, LoadFailure};
use wasm_bindgen_futures::spawn_local;

use super::sync_client::{SyncClient, unreadable};
use crate::api::ApiError;

impl SyncClient {
    /// Requests a snapshot, or the rows of a server that has none.
    pub(super) fn load(&self, snapshot: bool) {
        let sync_client = self.clone();
        let this = {
            let mut inner = self.inner.borrow_mut();
            inner.loads += 1;
            (inner.attempt, inner.loads)
        };
        let is_awaited = move |sync_client: &Self| {
            let inner = sync_client.inner.borrow();
            (inner.attempt, inner.loads) == this && inner.connection.is_loading()
        };
        spawn_local(async move {
            let show = |rows| {
                if is_awaited(&sync_client) {
                    sync_client.buffer.borrow_mut().put_partial_state(rows);
                    sync_client.scheduler.ask();
                }
            };
            let answer = if snapshot { sync_client.api.snapshot(show).await } else { sync_client.api.rows().await };
            if is_awaited(&sync_client) {
                sync_client.loaded(answer);
            }
        });
    }

    fn loaded(&self, answer: Result<InitialState, ApiError>) {
        match answer {
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
                    let arrival = Arrival::Malformed(unreadable(&error.to_string()));
                    // A full inbox has more to say than this.
                    let _ = self.buffer.borrow_mut().push(arrival);
                }
                self.handle(Input::LoadFailed(failure));
            }
        }
    }
}
