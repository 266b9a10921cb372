//! What runs and ran, looked up in what the page has folded: by name, or the newest first. Never asks the server.

use leptos::prelude::*;
use orrery_protocol::{Execution, Run, RunStatus, Timestamp, WorkspaceId};

use super::looks;
use super::tasks::Tasks;
use crate::session::RunRef;
use crate::store::CanvasStore;
use crate::store::StoreSignals;

/// Given to the page by context; cheap to copy. What it answers is tracked: it is asked again when something changed.
#[derive(Clone, Copy)]
pub struct Ledger {
    store: StoredValue<CanvasStore, LocalStorage>,
    changed: ReadSignal<u64>,
    tasks: Tasks,
}

/// One of them in a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    pub name: String,
    pub status: RunStatus,
    /// How far it is, or what was last said of it.
    pub progress: String,
    /// Of the meter, in CSS; none where no one knows.
    pub part: Option<String>,
    /// Milliseconds since 1970.
    pub started: Option<i64>,
    /// Milliseconds; none while it runs.
    pub took: Option<i64>,
    pub cause: Option<String>,
}

impl Ledger {
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>, signals: StoreSignals, tasks: Tasks) -> Self {
        Self { store, changed: signals.runs, tasks }
    }

    /// As the events say; of a run of a task they tell no steps.
    pub(super) fn record(&self, of: &RunRef) -> Option<Execution> {
        match of {
            RunRef::Execution(id) => self.look(|store| store.canvas().runs().execution(id).cloned()),
            RunRef::Run(_) => self.run(of).map(|run| looks::without_steps(&run, self.title(&run))),
        }
    }

    /// The newest first; those of one workspace, or all.
    pub fn newest(&self, of: Option<&WorkspaceId>, most: usize, wanted: fn(&RunStatus) -> bool) -> Vec<RunRef> {
        self.look(|store| {
            let runs = store.canvas().runs();
            let here = of.map(|workspace| runs.executions_in(workspace)).into_iter().flatten();
            let everywhere = of.is_none().then(|| runs.executions()).into_iter().flatten();
            let tasks = runs.runs().filter(|it| of.is_none() || it.workspace_id.as_ref() == of);
            let mut newest: Vec<LoadedState<'_>> = Vec::new();
            for it in here.chain(everywhere).map(LoadedState::Execution).chain(tasks.map(LoadedState::Run)) {
                let place = newest.partition_point(|kept| kept.age() > it.age());
                if place < most && wanted(&it.standing()) {
                    newest.insert(place, it);
                    newest.truncate(most);
                }
            }
            newest.iter().map(LoadedState::subject).collect()
        })
    }

    /// How many run in the whole fleet, and how many of those wait for a person.
    pub(super) fn running(&self) -> (usize, usize) {
        self.look(|store| {
            let runs = store.canvas().runs();
            let running = runs.running().map(LoadedState::Execution).chain(runs.running_runs().map(LoadedState::Run));
            running.fold((0, 0), |(running, waiting), it| {
                let waits = it.standing() == RunStatus::WaitingApproval;
                (running + 1, waiting + usize::from(waits))
            })
        })
    }

    pub(super) fn row(&self, of: &RunRef) -> Row {
        match of {
            RunRef::Execution(id) => self.look(|store| store.canvas().runs().execution(id).map(looks::row)),
            RunRef::Run(_) => self.run(of).map(|run| looks::run_row(&run, self.title(&run))),
        }
        .unwrap_or_default()
    }

    /// The last word about a run of a task.
    pub(super) fn said(&self, of: &RunRef) -> Option<String> {
        self.run(of)?.message
    }

    fn run(&self, of: &RunRef) -> Option<Run> {
        let RunRef::Run(id) = of else { return None };
        self.look(|store| store.canvas().runs().run(id).cloned())
    }

    fn title(&self, run: &Run) -> Option<String> {
        self.tasks.title(run.task_id.as_ref()?)
    }

    fn look<T>(&self, look: impl FnOnce(&CanvasStore) -> T) -> T {
        self.changed.track();
        self.store.with_value(look)
    }
}

enum LoadedState<'a> {
    Execution(&'a Execution),
    Run(&'a Run),
}

impl LoadedState<'_> {
    /// Of two that began together, the ids tell: no list may change its order by itself.
    fn age(&self) -> (Option<Timestamp>, &str) {
        match self {
            Self::Execution(it) => (it.started_at, it.execution_id.as_str()),
            Self::Run(it) => (it.started_at, it.run_id.as_str()),
        }
    }

    fn standing(&self) -> RunStatus {
        match self {
            Self::Execution(it) => looks::standing(it),
            Self::Run(it) => it.status.clone(),
        }
    }

    fn subject(&self) -> RunRef {
        match self {
            Self::Execution(it) => RunRef::Execution(it.execution_id.clone()),
            Self::Run(it) => RunRef::Run(it.run_id.clone()),
        }
    }
}
