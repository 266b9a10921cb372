//! The questions that need an answer before something is done: create, rename, remove, choose a model, give a task, sign in. Never the doing.

pub mod help;
mod create;
mod remove;
mod model;
mod rename;
mod relocate;
mod many;
mod task;
mod sign_in;

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

use crate::dialogs::help::Keys;

use create::CreateForm;
use many::{ModelsForm, RemoveAllForm, TierForm};
use model::ModelForm;
use relocate::MoveForm;
use remove::RemoveForm;
use rename::RenameForm;
use sign_in::SignInForm;
use task::TaskForm;

pub use sign_in::SignInState;

#[derive(Debug, Clone, PartialEq)]
pub enum DialogRequest {
    /// What the keys do.
    Keys,
    SignIn,
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
    Model {
        id: WorkspaceId,
        name: String,
        now: Option<String>,
    },
    Task {
        id: WorkspaceId,
        name: String,
    },
    Move {
        of: Vec<WorkspaceId>,
    },
    Tier {
        of: Vec<WorkspaceId>,
    },
    Models {
        of: Vec<WorkspaceId>,
    },
    RemoveAll {
        of: Vec<WorkspaceId>,
    },
}

impl DialogRequest {
    pub fn rename(of: &Workspace) -> Self {
        Self::Rename { id: of.id.clone(), name: of.name.clone() }
    }

    pub fn remove(of: &Workspace) -> Self {
        Self::Remove { id: of.id.clone(), name: of.name.clone() }
    }

    pub fn task(of: &Workspace) -> Self {
        Self::Task { id: of.id.clone(), name: of.name.clone() }
    }

    pub fn model(of: &Workspace) -> Self {
        let now = of.agent.as_ref().map(|agent| agent.model.clone());
        Self::Model { id: of.id.clone(), name: of.name.clone(), now }
    }
}

/// Given to the page by context: whoever wants an answer asks here.
#[derive(Clone, Copy)]
pub struct Dialogs(RwSignal<Option<DialogRequest>>);

impl Dialogs {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn ask(&self, question: DialogRequest) {
        self.0.set(Some(question));
    }

    fn answered(&self) {
        self.0.set(None);
    }
}

impl Default for Dialogs {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the open question, if there is one. Mounted once.
#[component]
pub fn Forms(on_signed_in: Callback<()>) -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let closed = Callback::new(move |()| dialogs.answered());
    move || {
        dialogs.0.get().map(|question| match question {
            DialogRequest::Keys => view! { <Keys on_close=closed /> }.into_any(),
            DialogRequest::SignIn => view! { <SignInForm on_close=closed on_done=on_signed_in /> }.into_any(),
            DialogRequest::Create { parent } => view! { <CreateForm parent=parent on_close=closed /> }.into_any(),
            DialogRequest::Rename { id, name } => view! { <RenameForm id=id name=name on_close=closed /> }.into_any(),
            DialogRequest::Remove { id, name } => view! { <RemoveForm id=id name=name on_close=closed /> }.into_any(),
            DialogRequest::Task { id, name } => view! { <TaskForm id=id name=name on_close=closed /> }.into_any(),
            DialogRequest::Move { of } => view! { <MoveForm of=of on_close=closed /> }.into_any(),
            DialogRequest::Tier { of } => view! { <TierForm of=of on_close=closed /> }.into_any(),
            DialogRequest::Models { of } => view! { <ModelsForm of=of on_close=closed /> }.into_any(),
            DialogRequest::RemoveAll { of } => view! { <RemoveAllForm of=of on_close=closed /> }.into_any(),
            DialogRequest::Model { id, name, now } => {
                view! { <ModelForm id=id name=name now=now on_close=closed /> }.into_any()
            }
        })
    }
}
