//! What a person can change: commands as requests to the server, shown optimistically, with undo and redo.

pub mod bulk;
mod command;
mod edit;
mod execute;
mod history;
pub mod keymap;
mod messages;
pub mod moves;
pub mod query;
pub mod selection;
mod sign_in;
mod tidy;

use leptos::prelude::*;
use orrery_protocol::{RunId, WorkspaceId};

use crate::api::{Api, ApiError, NewTask, NewWorkspace, Removal, is_signed_in};
use crate::browser::FrameScheduler;
use crate::session::{Session, ToastKind};
use crate::store::CanvasStore;

pub use command::Command;
pub use edit::Edit;
pub use tidy::TidyUp;

use history::History;

/// The handle through which views change workspaces. Given by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Commands {
    api: RwSignal<Option<Api>>,
    signed_in: RwSignal<bool>,
    /// The page shows a saved state, which cannot be changed.
    is_read_only: RwSignal<bool>,
    session: Session,
    store: StoredValue<CanvasStore, LocalStorage>,
    scheduler: StoredValue<FrameScheduler, LocalStorage>,
    history: StoredValue<History>,
}

impl Commands {
    pub fn new(session: Session, store: StoredValue<CanvasStore, LocalStorage>, scheduler: FrameScheduler) -> Self {
        Self {
            api: RwSignal::new(None),
            signed_in: RwSignal::new(is_signed_in()),
            is_read_only: RwSignal::new(false),
            session,
            store,
            scheduler: StoredValue::new_local(scheduler),
            history: StoredValue::new(History::default()),
        }
    }

    /// Makes requests possible, once the server's address is known.
    pub fn connect(&self, api: Api) {
        self.api.set(Some(api));
    }

    /// Ends all requests: from now on the page shows a saved state.
    pub fn close(&self) {
        self.is_read_only.set(true);
        self.api.set(None);
    }

    /// Returns whether the page shows a saved state. Reactive.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only.get()
    }

    /// Returns the API client, or None before the server's address is known. Reactive.
    pub fn api(&self) -> Option<Api> {
        self.api.get()
    }

    /// Returns the address at which agents reach the server. Reactive.
    pub fn server(&self) -> Option<String> {
        self.api.with(|api| api.as_ref().map(|api| api.address().http.clone()))
    }

    /// Returns the API client, or why no request can be made.
    pub fn ready(&self) -> Result<Api, ApiError> {
        let reason = || if self.is_read_only.get_untracked() { ApiError::ReadOnly } else { ApiError::Unreachable };
        self.api.get_untracked().ok_or_else(reason)
    }

    pub async fn create(&self, new: NewWorkspace) -> Result<WorkspaceId, ApiError> {
        let created = self.ready()?.create_workspace(&new).await;
        if created.is_ok() {
            self.session.toast(ToastKind::Success, format!("Created “{}”", new.name.trim()), None);
        }
        created
    }

    /// Plans a task and starts its run, which waits for an approval if the task requires one.
    pub async fn give_task(&self, new: &NewTask) -> Result<RunId, ApiError> {
        let api = self.ready()?;
        let task = api.create_task(new).await?;
        api.run_task(&task).await
    }

    /// Removes a workspace, with everything inside it if that is confirmed. Without a confirmation the server removes only a
    /// workspace that has nothing inside, and otherwise answers what would be removed too.
    pub async fn remove(&self, id: &WorkspaceId, name: &str, confirmed: bool) -> Result<Removal, ApiError> {
        let removal = self.send_removal(id, confirmed).await;
        if matches!(removal, Ok(Removal::Removed)) {
            self.session.toast(ToastKind::Success, format!("Removed “{name}”"), None);
        }
        removal
    }

    async fn send_removal(&self, id: &WorkspaceId, confirmed: bool) -> Result<Removal, ApiError> {
        let api = self.ready()?;
        match confirmed {
            true => api.remove_workspace(id).await.map(|()| Removal::Removed),
            false => api.request_removal(id).await,
        }
    }
}
