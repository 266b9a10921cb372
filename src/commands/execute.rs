//! Carrying out edits: shown at once, sent to the server, confirmed by its events or taken back when it refuses.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_client::{Diff, PendingId, WorkspaceRequest};
use orrery_protocol::{MovedWorkspace, WorkspaceId};

use super::history::Origin;
use super::{Command, Commands, Edit, messages};
use crate::api::{Api, ApiError};
use crate::session::ToastKind;

/// The events of a request are here within this time after its response; otherwise the server decided differently.
const EVENTS_WITHIN: Duration = Duration::from_millis(1500);
/// A request without a response is not shown as done for longer than this.
const RESPONSE_WITHIN: Duration = Duration::from_secs(30);

impl Commands {
    /// Carries out a command that shows its own result on the canvas. Only a failure is reported.
    pub fn execute(&self, id: &WorkspaceId, command: &Command) {
        let Some(edit) = self.edit(id, command) else { return };
        let commands = *self;
        spawn_local(async move {
            if let Err(error) = commands.send_edit(&edit).await {
                commands.report_failure(&edit, &error);
            }
        });
    }

    /// Carries out a command, reports the result, and records how to undo it.
    pub fn execute_undoable(&self, id: &WorkspaceId, command: &Command) {
        if let Some(edit) = self.edit(id, command) {
            self.execute_edit(edit, Origin::Command);
        }
    }

    /// Restarts a failed workspace without showing it as restarted before the server agrees, and returns when it has answered.
    pub async fn retry(&self, id: &WorkspaceId, name: &str) {
        let result = match self.ready() {
            Ok(api) => api.restart_workspace(id).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => self.session.toast(ToastKind::Success, format!("Restarting “{name}”"), None),
            Err(error) => self.session.toast(ToastKind::Error, format!("Could not restart “{name}”: {error}"), None),
        }
    }

    /// Carries out an edit, reports the result, and records how to take it back.
    pub(super) fn execute_edit(&self, edit: Edit, origin: Origin) {
        let commands = *self;
        // Described before it is shown: afterwards the old names are gone.
        let success = self.store.with_value(|store| messages::success(store, &edit));
        spawn_local(async move {
            match commands.send_edit(&edit).await {
                Ok(edit) => {
                    let undo = commands.record(&[edit], origin);
                    commands.session.toast(ToastKind::Success, success, undo);
                }
                Err(error) => commands.report_failure(&edit, &error),
            }
        });
    }

    /// Shows an edit, sends its requests one after the other, and returns when the server has answered: the edit, with the
    /// neighbours that the server has moved.
    pub(super) async fn send_edit(&self, edit: &Edit) -> Result<Edit, ApiError> {
        let pending = self.apply_optimistic(edit.diff.clone());
        let result = self.send_requests(&edit.diff).await;
        match &result {
            Ok(_) => self.end_within(pending, EVENTS_WITHIN),
            Err(_) => self.end_optimistic(pending),
        }
        let moved = result?;
        let mut edit = edit.clone();
        edit.diff.add_moved(&moved);
        Ok(edit)
    }

    pub(super) fn record(&self, edits: &[Edit], origin: Origin) -> Option<u64> {
        self.history.try_update_value(|history| history.record(edits, origin)).flatten()
    }

    fn edit(&self, id: &WorkspaceId, command: &Command) -> Option<Edit> {
        if self.store.with_value(|store| store.canvas().find(id).is_none()) {
            self.session.toast(ToastKind::Error, "This workspace no longer exists. Somebody has removed it.", None);
            return None;
        }
        self.store.with_value(|store| command.edit(store, id, 0))
    }

    fn report_failure(&self, edit: &Edit, error: &ApiError) {
        let failure = self.store.with_value(|store| messages::failure(store, edit));
        self.session.toast(ToastKind::Error, format!("{failure}: {error}"), None);
    }

    /// Returns the workspaces that the server has moved.
    async fn send_requests(&self, diff: &Diff) -> Result<Vec<MovedWorkspace>, ApiError> {
        let api = self.ready()?;
        let mut moved = Vec::new();
        for request in diff.requests() {
            moved.extend(send(&api, &request).await?);
        }
        Ok(moved)
    }

    /// Shows a change over the server's state from the next frame on.
    fn apply_optimistic(&self, diff: Diff) -> PendingId {
        let apply = |store: &mut crate::store::CanvasStore| store.apply_optimistic(diff);
        let pending = self.store.try_update_value(apply).expect("the store lives as long as the page");
        self.scheduler.with_value(|scheduler| scheduler.request_frame());
        self.end_within(pending, RESPONSE_WITHIN);
        pending
    }

    fn end_within(&self, pending: PendingId, timeout: Duration) {
        let commands = *self;
        set_timeout(move || commands.end_optimistic(pending), timeout);
    }

    /// Shows the server's state again, unless its events have confirmed the change.
    fn end_optimistic(&self, pending: PendingId) {
        if self.store.try_update_value(|store| store.remove_optimistic(pending)) == Some(true) {
            self.scheduler.with_value(|scheduler| scheduler.request_frame());
        }
    }
}

async fn send(api: &Api, request: &WorkspaceRequest) -> Result<Vec<MovedWorkspace>, ApiError> {
    match request {
        WorkspaceRequest::Patch(id, fields) => return api.update_workspace(id, fields).await,
        WorkspaceRequest::SetPositions(positions) => return api.set_positions(positions).await,
        WorkspaceRequest::Restart(id) => api.restart_workspace(id).await?,
        WorkspaceRequest::AssignAgent(id, model) => api.assign_agent(id, model).await?,
        WorkspaceRequest::ReplaceAgent(id, model) => api.replace_agent(id, model).await?,
        WorkspaceRequest::RemoveAgent(id) => api.remove_agent(id).await?,
    }
    Ok(Vec::new())
}
