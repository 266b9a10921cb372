//! What a person can do to the fleet: one request each, and a word about how it went. Never changes a record: events do.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;
use serde_json::json;

use crate::api::{Api, ApiError, NewWorkspace, Removal};
use crate::session::{Session, Tone};

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Actions {
    api: RwSignal<Option<Api>>,
    session: Session,
}

impl Actions {
    pub fn new(session: Session) -> Self {
        Self { api: RwSignal::new(None), session }
    }

    /// From now on the server's address is known.
    pub fn connect(&self, api: Api) {
        self.api.set(Some(api));
    }

    /// None until the address is known. Tracks.
    pub fn api(&self) -> Option<Api> {
        self.api.get()
    }

    /// Where agents find the server. Tracks.
    pub fn server(&self) -> Option<String> {
        self.api.with(|api| api.as_ref().map(|api| api.address().http.clone()))
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
        let done = format!("Restarting “{name}”");
        self.report(done, None, move |api| async move { api.restart(&id).await });
    }

    pub fn rename(&self, id: WorkspaceId, old: String, new: String) {
        let actions = *self;
        let undo = Callback::new({
            let (id, old, new) = (id.clone(), old.clone(), new.clone());
            move |()| actions.rename_back(id.clone(), new.clone(), old.clone())
        });
        let done = format!("Renamed “{old}” to “{new}”");
        self.report(done, Some(undo), move |api| async move { api.patch(&id, &json!({"name": new})).await });
    }

    fn rename_back(&self, id: WorkspaceId, from: String, to: String) {
        let done = format!("Renamed “{from}” back to “{to}”");
        self.report(done, None, move |api| async move { api.patch(&id, &json!({"name": to})).await });
    }

    pub fn collapse(&self, id: WorkspaceId, collapsed: bool) {
        let patch = json!({"collapsed": collapsed});
        self.attempt(move |api| async move { api.patch(&id, &patch).await });
    }

    pub fn set_model(&self, id: WorkspaceId, name: String, is_first: bool, model: String) {
        let done = format!("“{name}” gets {model}");
        self.report(done, None, move |api| async move {
            match is_first {
                true => api.assign_agent(&id, &model).await,
                false => api.replace_agent(&id, &model).await,
            }
        });
    }

    pub fn remove_agent(&self, id: WorkspaceId, name: String) {
        let done = format!("Removed the agent of “{name}”");
        self.report(done, None, move |api| async move { api.remove_agent(&id).await });
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

    fn ready(&self) -> Result<Api, ApiError> {
        self.api.get_untracked().ok_or(ApiError::Unreachable)
    }

    /// Says how it went.
    fn report<Work, Going>(&self, done: String, undo: Option<Callback<()>>, work: Work)
    where
        Work: FnOnce(Api) -> Going + 'static,
        Going: Future<Output = Result<(), ApiError>> + 'static,
    {
        let actions = *self;
        self.attempt(move |api| async move {
            work(api).await?;
            actions.session.say(Tone::Done, done, undo);
            Ok(())
        });
    }

    /// Says only what went wrong: the canvas shows the rest.
    fn attempt<Work, Going>(&self, work: Work)
    where
        Work: FnOnce(Api) -> Going + 'static,
        Going: Future<Output = Result<(), ApiError>> + 'static,
    {
        let actions = *self;
        spawn_local(async move {
            let result = match actions.ready() {
                Ok(api) => work(api).await,
                Err(error) => Err(error),
            };
            if let Err(error) = result {
                actions.session.say(Tone::Refused, format!("That did not work: {error}"), None);
            }
        });
    }
}
