//! The questions that need an answer before something is done: create, rename, remove, choose a model, give a task, sign in. Never the doing.

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

use crate::help::Keys;

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
pub enum Question {
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

impl Question {
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
pub struct Asking(RwSignal<Option<Question>>);

impl Asking {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn ask(&self, question: Question) {
        self.0.set(Some(question));
    }

    fn answered(&self) {
        self.0.set(None);
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the open question, if there is one. Mounted once.
#[component]
pub fn Forms(on_signed_in: Callback<()>) -> impl IntoView {
    let asking = expect_context::<Asking>();
    let closed = Callback::new(move |()| asking.answered());
    move || {
        asking.0.get().map(|question| match question {
            Question::Keys => view! { <Keys on_close=closed /> }.into_any(),
            Question::SignIn => view! { <SignInForm on_close=closed on_done=on_signed_in /> }.into_any(),
            Question::Create { parent } => view! { <CreateForm parent=parent on_close=closed /> }.into_any(),
            Question::Rename { id, name } => view! { <RenameForm id=id name=name on_close=closed /> }.into_any(),
            Question::Remove { id, name } => view! { <RemoveForm id=id name=name on_close=closed /> }.into_any(),
            Question::Task { id, name } => view! { <TaskForm id=id name=name on_close=closed /> }.into_any(),
            Question::Move { of } => view! { <MoveForm of=of on_close=closed /> }.into_any(),
            Question::Tier { of } => view! { <TierForm of=of on_close=closed /> }.into_any(),
            Question::Models { of } => view! { <ModelsForm of=of on_close=closed /> }.into_any(),
            Question::RemoveAll { of } => view! { <RemoveAllForm of=of on_close=closed /> }.into_any(),
            Question::Model { id, name, now } => {
                view! { <ModelForm id=id name=name now=now on_close=closed /> }.into_any()
            }
        })
    }
}
