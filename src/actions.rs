//! What a person can do to the fleet: one request each, and a word about how it went. Never changes a record: events do.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;
use serde_json::json;

use crate::api::{Api, ApiError, NewWorkspace, Removal, is_signed_in};
use crate::session::{Session, Tone};

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Actions {
    api: RwSignal<Option<Api>>,
    signed_in: RwSignal<bool>,
    /// What is shown is a saved state.
    is_read_only: RwSignal<bool>,
    session: Session,
}

impl Actions {
    pub fn new(session: Session) -> Self {
        Self {
            api: RwSignal::new(None),
            signed_in: RwSignal::new(is_signed_in()),
            is_read_only: RwSignal::new(false),
            session,
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
                Err(error) => session.say(Tone::Refused, format!("You are still signed in: {error}"), None),
            }
        });
    }

    /// Restarts, says how it went, and ends when the server has answered.
    pub async fn retry(&self, id: &WorkspaceId, name: &str) {
        let answer = match self.ready() {
            Ok(api) => api.restart(id).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(()) => self.session.say(Tone::Done, format!("Restarting “{name}”"), None),
            Err(error) => self.session.say(Tone::Refused, format!("“{name}” was not restarted: {error}"), None),
        }
    }

    pub fn restart(&self, id: WorkspaceId, name: String) {
        let actions = *self;
        spawn_local(async move { actions.retry(&id, &name).await });
    }

    pub fn rename(&self, id: WorkspaceId, old: String, new: String) {
        let actions = *self;
        let back = StoredValue::new((id.clone(), old.clone()));
        let undo = move |()| {
            let (id, old) = back.get_value();
            let done = Some(format!("Renamed back to “{old}”"));
            actions.act(id, Deed::Rename(old), done, None);
        };
        let done = format!("Renamed “{old}” to “{new}”");
        self.act(id, Deed::Rename(new), Some(done), Some(Callback::new(undo)));
    }

    /// The canvas itself shows that it is done.
    pub fn collapse(&self, id: WorkspaceId, collapsed: bool) {
        self.act(id, Deed::Collapse(collapsed), None, None);
    }

    pub fn set_model(&self, id: WorkspaceId, name: String, is_first: bool, model: String) {
        let done = format!("“{name}” gets {model}");
        let deed = if is_first { Deed::AssignAgent(model) } else { Deed::ReplaceAgent(model) };
        self.act(id, deed, Some(done), None);
    }

    pub fn remove_agent(&self, id: WorkspaceId, name: String) {
        self.act(id, Deed::RemoveAgent, Some(format!("Removed the agent of “{name}”")), None);
    }

    pub async fn create(&self, new: NewWorkspace) -> Result<WorkspaceId, ApiError> {
        let created = self.ready()?.create(&new).await;
        if created.is_ok() {
            self.session.say(Tone::Done, format!("Created “{}”", new.name.trim()), None);
        }
        created
    }

    /// With `confirmed` its children go with it; otherwise the server may ask back.
    pub async fn remove(&self, id: &WorkspaceId, name: &str, confirmed: bool) -> Result<Removal, ApiError> {
        let api = self.ready()?;
        let removal = match confirmed {
            true => api.remove(id).await.map(|()| Removal::Removed),
            false => api.ask_removal(id).await,
        };
        if matches!(removal, Ok(Removal::Removed)) {
            self.session.say(Tone::Done, format!("Removed “{name}”"), None);
        }
        removal
    }

    pub fn ready(&self) -> Result<Api, ApiError> {
        let why = || if self.is_read_only.get_untracked() { ApiError::ReadOnly } else { ApiError::Unreachable };
        self.api.get_untracked().ok_or_else(why)
    }

    /// `done` is said when it is done, and with it the way back; what went wrong is said in any case.
    fn act(&self, id: WorkspaceId, deed: Deed, done: Option<String>, undo: Option<Callback<()>>) {
        let (api, session) = (self.ready(), self.session);
        spawn_local(async move {
            let result = match api {
                Ok(api) => deed.carry_out(&api, &id).await,
                Err(error) => Err(error),
            };
            match (result, done) {
                (Ok(()), Some(done)) => session.say(Tone::Done, done, undo),
                (Ok(()), None) => {}
                (Err(error), _) => session.say(Tone::Refused, format!("That did not work: {error}"), None),
            }
        });
    }
}

/// One request for one workspace.
enum Deed {
    Rename(String),
    Collapse(bool),
    AssignAgent(String),
    ReplaceAgent(String),
    RemoveAgent,
}

impl Deed {
    async fn carry_out(&self, api: &Api, id: &WorkspaceId) -> Result<(), ApiError> {
        match self {
            Self::Rename(name) => api.patch(id, &json!({"name": name})).await,
            Self::Collapse(collapsed) => api.patch(id, &json!({"collapsed": collapsed})).await,
            Self::AssignAgent(model) => api.assign_agent(id, model).await,
            Self::ReplaceAgent(model) => api.replace_agent(id, model).await,
            Self::RemoveAgent => api.remove_agent(id).await,
        }
    }
}
