//! What a person can do to the fleet: one request each, and a word about how it went. Never changes a record: events do.

pub mod bulk;
pub mod keymap;
pub mod query;

use std::sync::Arc;
use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Agent, RunId, Status, Timestamp, Workspace, WorkspaceId};
use serde_json::json;

use crate::api::{Api, ApiError, NewTask, NewWorkspace, Removal, is_signed_in};
use crate::canvas::CanvasController;
use crate::session::{Session, ToastKind, Undo};
use crate::store::StoreSignals;

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Commands {
    api: RwSignal<Option<Api>>,
    signed_in: RwSignal<bool>,
    /// What is shown is a saved state.
    is_read_only: RwSignal<bool>,
    session: Session,
    signals: StoreSignals,
    controller: CanvasController,
}

/// After the server agreed, its events are here within this time, or we heard them differently.
const EVENTS_WITHIN: Duration = Duration::from_millis(1500);

impl Commands {
    pub fn new(session: Session, signals: StoreSignals, controller: CanvasController) -> Self {
        Self {
            api: RwSignal::new(None),
            signed_in: RwSignal::new(is_signed_in()),
            is_read_only: RwSignal::new(false),
            session,
            signals,
            controller,
        }
    }

    /// From now on the server's address is known.
    pub fn connect(&self, api: Api) {
        self.api.set(Some(api));
    }

    /// From now on nothing can be done.
    pub fn close(&self) {
        self.is_read_only.set(true);
        self.api.set(None);
    }

    /// Tracks.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only.get()
    }

    /// None until the address is known. Tracks.
    pub fn api(&self) -> Option<Api> {
        self.api.get()
    }

    /// Where agents find the server. Tracks.
    pub fn server(&self) -> Option<String> {
        self.api.with(|api| api.as_ref().map(|api| api.address().http.clone()))
    }

    /// Tracks.
    pub fn signed_in(&self) -> bool {
        self.signed_in.get()
    }

    pub async fn sign_in(&self, token: &str) -> Result<(), ApiError> {
        self.ready()?.sign_in(token).await?;
        self.signed_in.set(true);
        Ok(())
    }

    /// What was shown is for who signed in: the page begins anew.
    pub fn sign_out(&self) {
        let (api, session) = (self.ready(), self.session);
        spawn_local(async move {
            let answer = match api {
                Ok(api) => api.sign_out().await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(()) => drop(window().location().reload()),
                Err(error) => session.toast(ToastKind::Error, format!("You are still signed in: {error}"), None),
            }
        });
    }

    /// Restarts, says how it went, and ends when the server has answered.
    pub async fn retry(&self, id: &WorkspaceId, name: &str) {
        let answer = match self.ready() {
            Ok(api) => api.restart_workspace(id).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(()) => self.session.toast(ToastKind::Success, format!("Restarting “{name}”"), None),
            Err(error) => self.session.toast(ToastKind::Error, format!("“{name}” was not restarted: {error}"), None),
        }
    }

    pub fn restart(&self, id: WorkspaceId, name: String) {
        self.act(id, Command::Restart, Some(format!("Restarting “{name}”")), None);
    }

    pub fn rename(&self, id: WorkspaceId, old: String, new: String) {
        let (done, undone) = (format!("Renamed “{old}” to “{new}”"), format!("Renamed back to “{old}”"));
        self.act_and_back(id, Command::Rename(new), done, Command::Rename(old), undone);
    }

    /// The canvas itself shows that it is done.
    pub fn collapse(&self, id: WorkspaceId, collapsed: bool) {
        self.act(id, Command::Collapse(collapsed), None, None);
    }

    pub fn set_model(&self, id: WorkspaceId, name: String, old: Option<String>, model: String) {
        let done = format!("“{name}” gets {model}");
        let (command, back, undone) = match old {
            None => (Command::AssignAgent(model), Command::RemoveAgent, format!("“{name}” is without an agent again")),
            Some(old) => {
                (Command::ReplaceAgent(model), Command::ReplaceAgent(old.clone()), format!("“{name}” has {old} again"))
            }
        };
        self.act_and_back(id, command, done, back, undone);
    }

    pub fn set_tier(&self, id: WorkspaceId, name: String, old: u8, tier: u8) {
        let (done, undone) = (format!("“{name}” is now T{tier}"), format!("“{name}” is T{old} again"));
        self.act_and_back(id, Command::Tier(tier), done, Command::Tier(old), undone);
    }

    pub fn remove_agent(&self, id: WorkspaceId, name: String, model: String) {
        let (done, undone) = (format!("Removed the agent of “{name}”"), format!("“{name}” has {model} again"));
        self.act_and_back(id, Command::RemoveAgent, done, Command::AssignAgent(model), undone);
    }

    pub async fn create(&self, new: NewWorkspace) -> Result<WorkspaceId, ApiError> {
        let created = self.ready()?.create_workspace(&new).await;
        if created.is_ok() {
            self.session.toast(ToastKind::Success, format!("Created “{}”", new.name.trim()), None);
        }
        created
    }

    /// Planned and run at once; its page tells the rest.
    pub async fn give_task(&self, new: &NewTask) -> Result<RunId, ApiError> {
        let api = self.ready()?;
        let task = api.create_task(new).await?;
        api.run_task(&task).await
    }

    /// With `confirmed` its children go with it; otherwise the server may ask back.
    pub async fn remove(&self, id: &WorkspaceId, name: &str, confirmed: bool) -> Result<Removal, ApiError> {
        let api = self.ready()?;
        let removal = match confirmed {
            true => api.remove_workspace(id).await.map(|()| Removal::Removed),
            false => api.request_removal(id).await,
        };
        if matches!(removal, Ok(Removal::Removed)) {
            self.session.toast(ToastKind::Success, format!("Removed “{name}”"), None);
        }
        removal
    }

    pub fn ready(&self) -> Result<Api, ApiError> {
        let why = || if self.is_read_only.get_untracked() { ApiError::ReadOnly } else { ApiError::Unreachable };
        self.api.get_untracked().ok_or_else(why)
    }

    /// One request, shown at once where it can be and taken back when it is refused; nothing is said about it.
    pub async fn carry_out(&self, id: &WorkspaceId, command: &Command) -> Result<(), ApiError> {
        self.presume(id, command);
        let answer = match self.ready() {
            Ok(api) => command.carry_out(&api, id).await,
            Err(error) => Err(error),
        };
        match &answer {
            Ok(()) => {
                let (commands, id) = (*self, id.clone());
                set_timeout(move || commands.settle(&id), EVENTS_WITHIN);
            }
            Err(_) => self.settle(id),
        }
        answer
    }

    fn presume(&self, id: &WorkspaceId, command: &Command) {
        if let Command::Collapse(collapsed) = command {
            let stands = || self.controller.store.with_value(|store| store.rect(store.canvas().find(id)?));
            let stood = stands();
            self.controller
                .apply_optimistic(|store| store.set_optimistic_collapsed(store.canvas().find(id)?, Some(*collapsed)));
            // It may have gone where there is room for it: the eye goes with it.
            if let Some((stood, stands)) = stood.zip(stands()) {
                self.controller.pan_by(stands.at.minus(stood.at));
            }
        }
        let shown = self.controller.store.with_value(|store| store.canvas().workspace(id).cloned());
        if let Some(presumed) = shown.and_then(|it| command.presumed(it)) {
            self.signals.publish_optimistic(presumed);
        }
    }

    /// What is true is shown again, whatever was shown before the server agreed.
    fn settle(&self, id: &WorkspaceId) {
        self.controller.apply_optimistic(|store| store.set_optimistic_collapsed(store.canvas().find(id)?, None));
        let truth = self.controller.store.with_value(|store| store.canvas().workspace(id).cloned());
        if let Some(truth) = truth {
            self.signals.publish_optimistic(truth);
        }
    }

    fn act_and_back(&self, id: WorkspaceId, command: Command, done: String, back: Command, undone: String) {
        let (commands, own) = (*self, id.clone());
        let undo = move || commands.act(own.clone(), back.clone(), Some(undone.clone()), None);
        self.act(id, command, Some(done), Some(Arc::new(undo)));
    }

    /// `done` is said when it is done, and with it the way back; what went wrong is said in any case.
    fn act(&self, id: WorkspaceId, command: Command, done: Option<String>, undo: Option<Undo>) {
        let (commands, session) = (*self, self.session);
        let name = self.controller.store.with_value(|store| store.canvas().workspace(&id).map(|it| it.name.clone()));
        let Some(name) = name else {
            return self.session.toast(ToastKind::Error, "It is no longer there: somebody removed it meanwhile", None);
        };
        spawn_local(async move {
            match commands.carry_out(&id, &command).await {
                Ok(()) => {
                    if let Some(done) = done {
                        session.toast(ToastKind::Success, done, undo);
                    }
                }
                Err(error) => session.toast(ToastKind::Error, format!("“{name}” stays as it was: {error}"), None),
            }
        });
    }
}

/// One request for one workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Restart,
    Rename(String),
    Tier(u8),
    Collapse(bool),
    /// With all that is inside.
    Remove,
    AssignAgent(String),
    ReplaceAgent(String),
    RemoveAgent,
}

impl Command {
    /// What the record will say when it is done; none when that is for the server to say.
    fn presumed(&self, mut it: Workspace) -> Option<Workspace> {
        match self {
            Self::Rename(name) => it.name.clone_from(name),
            Self::Tier(tier) => it.tier = *tier,
            Self::AssignAgent(model) => it.agent = Some(Agent { id: None, model: model.clone() }),
            Self::ReplaceAgent(model) => it.agent.as_mut()?.model.clone_from(model),
            Self::RemoveAgent => it.agent = None,
            // Since when is for the server to say.
            Self::Restart => (it.status, it.status_since) = (Status::Provisioning, Timestamp::default()),
            Self::Collapse(collapsed) => it.collapsed = *collapsed,
            // What cannot be undone is not shown as done before it is.
            Self::Remove => return None,
        }
        Some(it)
    }

    async fn carry_out(&self, api: &Api, id: &WorkspaceId) -> Result<(), ApiError> {
        match self {
            Self::Restart => api.restart_workspace(id).await,
            Self::Remove => api.remove_workspace(id).await,
            Self::Tier(tier) => api.update_workspace(id, &json!({"tier": tier})).await,
            Self::Rename(name) => api.update_workspace(id, &json!({"name": name})).await,
            Self::Collapse(collapsed) => api.update_workspace(id, &json!({"collapsed": collapsed})).await,
            Self::AssignAgent(model) => api.assign_agent(id, model).await,
            Self::ReplaceAgent(model) => api.replace_agent(id, model).await,
            Self::RemoveAgent => api.remove_agent(id).await,
        }
    }
}
