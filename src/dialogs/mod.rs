//! Dialogs: they ask for what a command needs, or for a confirmation, before it is carried out.

mod bulk;
mod create;
mod model;
mod move_to;
mod remove;
mod rename;
mod request;
mod shortcuts;
mod sign_in;
mod task;
mod tidy;

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

use bulk::{BulkModelDialog, BulkRemoveDialog, TierDialog};
use create::CreateDialog;
use model::ModelDialog;
use move_to::MoveDialog;
use remove::RemoveDialog;
use rename::RenameDialog;
use shortcuts::ShortcutsDialog;
use sign_in::SignInDialog;
use task::TaskDialog;
use tidy::TidyDialog;

pub use shortcuts::HelpKey;
pub use sign_in::SignInState;

/// Which dialog is to be open, and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub enum DialogRequest {
    Shortcuts,
    SignIn,
    /// Creates a workspace, in a team if one is given by id and name.
    Create {
        parent: Option<(WorkspaceId, String)>,
    },
    Rename {
        id: WorkspaceId,
        name: String,
    },
    Remove {
        id: WorkspaceId,
        name: String,
    },
    /// Assigns an agent, or replaces the model of the one that is there.
    Model {
        id: WorkspaceId,
        name: String,
        model: Option<String>,
    },
    Task {
        id: WorkspaceId,
        name: String,
    },
    Move {
        ids: Vec<WorkspaceId>,
    },
    Tier {
        ids: Vec<WorkspaceId>,
    },
    BulkModel {
        ids: Vec<WorkspaceId>,
    },
    BulkRemove {
        ids: Vec<WorkspaceId>,
    },
    /// Arranges everything anew, or the members of a team given by id and name.
    TidyUp {
        team: Option<(WorkspaceId, String)>,
    },
}

impl DialogRequest {
    pub fn rename(workspace: &Workspace) -> Self {
        Self::Rename { id: workspace.id.clone(), name: workspace.name.clone() }
    }

    pub fn remove(workspace: &Workspace) -> Self {
        Self::Remove { id: workspace.id.clone(), name: workspace.name.clone() }
    }

    pub fn task(workspace: &Workspace) -> Self {
        Self::Task { id: workspace.id.clone(), name: workspace.name.clone() }
    }

    pub fn model(workspace: &Workspace) -> Self {
        let model = workspace.agent.as_ref().map(|agent| agent.model.clone());
        Self::Model { id: workspace.id.clone(), name: workspace.name.clone(), model }
    }
}

/// The handle that opens dialogs. At most one is open. Given by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Dialogs(RwSignal<Option<DialogRequest>>);

impl Dialogs {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn open(&self, request: DialogRequest) {
        self.0.set(Some(request));
    }

    fn close(&self) {
        self.0.set(None);
    }
}

impl Default for Dialogs {
    fn default() -> Self {
        Self::new()
    }
}

/// Renders the open dialog. Mounted once.
#[component]
pub fn DialogHost(on_signed_in: Callback<()>) -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let on_close = Callback::new(move |()| dialogs.close());
    move || {
        dialogs.0.get().map(|request| match request {
            DialogRequest::Shortcuts => view! { <ShortcutsDialog on_close=on_close /> }.into_any(),
            DialogRequest::SignIn => view! { <SignInDialog on_close=on_close on_done=on_signed_in /> }.into_any(),
            DialogRequest::Create { parent } => view! { <CreateDialog parent=parent on_close=on_close /> }.into_any(),
            DialogRequest::Rename { id, name } => {
                view! { <RenameDialog id=id name=name on_close=on_close /> }.into_any()
            }
            DialogRequest::Remove { id, name } => {
                view! { <RemoveDialog id=id name=name on_close=on_close /> }.into_any()
            }
            DialogRequest::Task { id, name } => view! { <TaskDialog id=id name=name on_close=on_close /> }.into_any(),
            DialogRequest::Move { ids } => view! { <MoveDialog ids=ids on_close=on_close /> }.into_any(),
            DialogRequest::Tier { ids } => view! { <TierDialog ids=ids on_close=on_close /> }.into_any(),
            DialogRequest::BulkModel { ids } => view! { <BulkModelDialog ids=ids on_close=on_close /> }.into_any(),
            DialogRequest::BulkRemove { ids } => view! { <BulkRemoveDialog ids=ids on_close=on_close /> }.into_any(),
            DialogRequest::TidyUp { team } => view! { <TidyDialog team=team on_close=on_close /> }.into_any(),
            DialogRequest::Model { id, name, model } => {
                view! { <ModelDialog id=id name=name model=model on_close=on_close /> }.into_any()
            }
        })
    }
}
