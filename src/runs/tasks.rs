//! The tasks that are planned: what each is called, and a way to run it. Never a run of one.

use std::collections::HashSet;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::TaskId;
use serde_json::Value;

use super::offered::{Offered, offered, text};
use super::pressed::named;
use crate::commands::Commands;
use crate::session::{RunRef, RunsPage, Session};
use crate::store::Directory;

/// Given to the page by context; cheap to copy. The events of a run name its task, but not what it is called.
#[derive(Clone, Copy)]
pub struct Tasks {
    known: RwSignal<LoadedState>,
    /// One that the server does not tell is not asked for again.
    missed: StoredValue<HashSet<TaskId>>,
    loading: StoredValue<Loading>,
    commands: Commands,
}

/// However many ask, one request at a time, and one more for who asked meanwhile.
#[derive(Clone, Copy, PartialEq)]
enum Loading {
    Not,
    Once,
    Again,
}

#[derive(Clone, Default)]
struct LoadedState {
    offered: Offered,
    starting: Option<String>,
    refused: Option<(String, String)>,
}

impl Tasks {
    pub fn new(commands: Commands) -> Self {
        let (known, missed) = (RwSignal::new(LoadedState::default()), StoredValue::new(HashSet::new()));
        Self { known, missed, loading: StoredValue::new(Loading::Not), commands }
    }

    /// Tracks. None until the server has told it.
    pub(super) fn title(&self, id: &TaskId) -> Option<String> {
        let title = self.known.with(|known| {
            let found = known.offered.all.iter().flatten().find(|task| text(task, "task_id") == id.as_str());
            found.map(|task| text(task, "title"))
        });
        if title.is_none() && self.missed.try_update_value(|missed| missed.insert(id.clone())) == Some(true) {
            self.load();
        }
        title
    }

    fn load(&self) {
        let is_loading = self.loading.get_value() != Loading::Not;
        self.loading.set_value(if is_loading { Loading::Again } else { Loading::Once });
        if is_loading {
            return;
        }
        let (tasks, known, commands) = (*self, self.known, self.commands);
        spawn_local(async move {
            let answer = match commands.ready() {
                Ok(api) => api.list_tasks().await,
                Err(error) => Err(error),
            };
            known.update(|known| match answer {
                Ok(all) => known.offered = Offered { all: Some(all), problem: None },
                Err(error) => known.offered.problem = Some(format!("The tasks could not be loaded: {error}")),
            });
            let was = tasks.loading.try_update_value(|loading| std::mem::replace(loading, Loading::Not));
            if was == Some(Loading::Again) {
                tasks.load();
            }
        });
    }

    fn run(&self, id: TaskId, session: Session) {
        let (known, commands) = (self.known, self.commands);
        if known.with_untracked(|known| known.starting.is_some()) {
            return;
        }
        known.update(|known| (known.starting, known.refused) = (Some(id.to_string()), None));
        spawn_local(async move {
            let answer = match commands.ready() {
                Ok(api) => api.run_task(&id).await,
                Err(error) => Err(error),
            };
            known.update(|known| known.starting = None);
            match answer {
                Ok(run) => session.panels.runs_page.set(Some(RunsPage::One(RunRef::Run(run)))),
                Err(error) => {
                    let refusal = format!("It was not started: {error}");
                    known.update(|known| known.refused = Some((id.to_string(), refusal)));
                }
            }
        });
    }
}

pub(super) fn tasks_list() -> AnyView {
    let (tasks, session) = (expect_context::<Tasks>(), expect_context::<Session>());
    Effect::new(move |_| {
        tasks.commands.api();
        tasks.load();
    });
    let press = move |event: web_sys::MouseEvent| {
        if named(&event, "data-again").is_some() {
            tasks.load();
        } else if let Some(id) = named(&event, "data-task-id").and_then(|id| id.parse().ok()) {
            tasks.run(id, session);
        }
    };
    let directory = expect_context::<Directory>();
    let none = "No task is planned yet: give one from a workspace's menu.";
    let content = move || {
        tasks.known.with(|known| offered(&known.offered, "Loading the tasks", none, |one| task(one, known, directory)))
    };
    view! {
        <section class="runs-workflows" aria-labelledby="tasks-title" on:click=press>
            <h3 id="tasks-title">"Tasks"</h3>
            {content}
        </section>
    }
    .into_any()
}

fn task(it: &Value, known: &LoadedState, directory: Directory) -> AnyView {
    let (id, title) = (text(it, "task_id"), text(it, "title"));
    let place = it.get("workspace_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let place = place.and_then(|id| directory.name(&id)).map(|name| format!("for {name}")).unwrap_or_default();
    let answer = if known.starting.as_ref() == Some(&id) { "Starting…" } else { "Run" };
    let refused = known.refused.as_ref().filter(|(of, _)| *of == id).map(|(_, words)| words.clone());
    view! {
        <li class="workflow">
            <div class="workflow-head">
                <span class="workflow-name">{title.clone()}</span>
                <button type="button" class="button" data-size="small" data-task-id=id aria-label=format!("Run {title}")>
                    {answer}
                </button>
            </div>
            <p class="workflow-words">{text(it, "description")}</p>
            <p class="workflow-steps">{place}</p>
            {refused.map(|words| view! { <p class="problem" role="alert">{words}</p> }.into_any())}
        </li>
    }
    .into_any()
}
