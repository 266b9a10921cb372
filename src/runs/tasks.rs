//! The tasks that are planned: their titles, and a way to run them.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::TaskId;
use serde_json::Value;

use super::catalog::{Catalog, StartAction, StartError, text};
use crate::api::ApiError;
use crate::commands::Commands;
use crate::commands::query::Query;
use crate::session::{RunRef, RunsPage, Session};
use crate::store::Directory;

/// Provided by context; cheap to copy. The events of a run contain the id of its task, so titles come from here.
#[derive(Clone, Copy)]
pub struct TaskCatalog {
    tasks: Query<Vec<Value>>,
    /// `None` until somebody needs the tasks.
    revision: RwSignal<Option<u64>>,
    /// Ids whose title was missing once; they do not cause another request.
    missing: StoredValue<HashSet<TaskId>>,
}

impl TaskCatalog {
    pub fn new() -> Self {
        let revision = RwSignal::new(None);
        let tasks = Query::new(revision.into(), Box::new(|api| Box::pin(async move { api.list_tasks().await })));
        Self { tasks, revision, missing: StoredValue::new(HashSet::new()) }
    }

    /// Returns the title of a task, or `None` until the server has answered it. Reactive.
    pub(super) fn title(&self, id: &TaskId) -> Option<String> {
        let title = self.tasks.state().with(|state| {
            let task = state.answer()?.iter().find(|task| text(task, "task_id") == id.as_str())?;
            Some(text(task, "title"))
        });
        if title.is_none() && self.missing.try_update_value(|missing| missing.insert(id.clone())) == Some(true) {
            self.reload();
        }
        title
    }

    fn reload(&self) {
        self.revision.update(|revision| *revision = Some(revision.unwrap_or_default() + 1));
    }
}

impl Default for TaskCatalog {
    fn default() -> Self {
        Self::new()
    }
}

#[component]
pub(super) fn TaskList() -> impl IntoView {
    let catalog = expect_context::<TaskCatalog>();
    catalog.reload();
    view! {
        <Catalog
            title="Tasks"
            subject="tasks"
            empty="No tasks yet. Choose “New task…” in the menu of a workspace."
            items=catalog.tasks
            item=|task| view! { <TaskItem task=task /> }.into_any()
        />
    }
}

#[component]
fn TaskItem(task: Value) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let directory = expect_context::<Directory>();
    let (id, title) = (text(&task, "task_id"), text(&task, "title"));
    let assignee = text(&task, "workspace_id").parse().ok();
    let assignee = assignee.map(|id| format!("Assigned to {}", directory.display_name(&id)));
    let task_id = StoredValue::new(id.clone());
    let start: StartAction = Action::new_local(move |(): &()| async move {
        let id = task_id.get_value().parse().map_err(|_| ApiError::Unreadable("the task has no id".to_owned()))?;
        let run = commands.ready()?.run_task(&id).await?;
        session.panels.runs_page.set(Some(RunsPage::One(RunRef::Run(run))));
        Ok(())
    });
    let press = move |_| {
        if !start.pending().get_untracked() {
            start.dispatch_local(());
        }
    };
    view! {
        <li class="workflow">
            <div class="workflow-head">
                <span class="workflow-name">{title.clone()}</span>
                <button
                    type="button"
                    class="button"
                    data-size="small"
                    data-task-id=id
                    aria-label=format!("Run {title}")
                    on:click=press
                >
                    {move || if start.pending().get() { "Starting…" } else { "Run" }}
                </button>
            </div>
            <p class="workflow-description">{text(&task, "description")}</p>
            <p class="workflow-steps">{assignee}</p>
            <StartError start=start />
        </li>
    }
}
