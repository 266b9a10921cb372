//! Read access to the runs of the page's state: one by its id, or the latest ones.

use leptos::prelude::*;
use orrery_protocol::{Execution, Run, RunStatus, Timestamp, WorkspaceId};

use super::run_summary::{RunSummary, display_status, execution_of_run};
use super::tasks::TaskCatalog;
use crate::session::Subject;
use crate::store::{CanvasStore, StoreSignals};

/// Provided by context; cheap to copy. All reads are reactive.
#[derive(Clone, Copy)]
pub struct RunStore {
    store: StoredValue<CanvasStore, LocalStorage>,
    revision: ReadSignal<u64>,
    tasks: TaskCatalog,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ActiveCounts {
    pub running: usize,
    /// Those of the running that wait for an approval.
    pub waiting: usize,
}

impl RunStore {
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>, signals: StoreSignals, tasks: TaskCatalog) -> Self {
        Self { store, revision: signals.runs, tasks }
    }

    /// Returns a run as the events describe it. A task run is returned without steps.
    pub(super) fn execution(&self, subject: &Subject) -> Option<Execution> {
        match subject {
            Subject::Execution(id) => self.read(|store| store.canvas().runs().execution(id).cloned()),
            Subject::Run(_) => self.task_run(subject).map(|run| execution_of_run(&run, self.title(&run))),
        }
    }

    /// Returns at most `limit` runs whose status matches, the latest first, of one workspace or of all.
    pub(super) fn latest(
        &self,
        workspace: Option<&WorkspaceId>,
        limit: usize,
        matches: fn(&RunStatus) -> bool,
    ) -> Vec<Subject> {
        self.read(|store| {
            let runs = store.canvas().runs();
            let of_workspace = workspace.map(|workspace| runs.executions_in(workspace)).into_iter().flatten();
            let of_all = workspace.is_none().then(|| runs.executions()).into_iter().flatten();
            let tasks = runs.runs().filter(|run| workspace.is_none() || run.workspace_id.as_ref() == workspace);
            let mut latest: Vec<RunRecord<'_>> = Vec::new();
            let all = of_workspace.chain(of_all).map(RunRecord::Execution).chain(tasks.map(RunRecord::Run));
            for record in all {
                let index = latest.partition_point(|other| other.sort_key() > record.sort_key());
                if index < limit && matches(&record.status()) {
                    latest.insert(index, record);
                    latest.truncate(limit);
                }
            }
            latest.iter().map(RunRecord::subject).collect()
        })
    }

    pub(super) fn active_counts(&self) -> ActiveCounts {
        self.read(|store| {
            let runs = store.canvas().runs();
            let active = runs.running().map(RunRecord::Execution).chain(runs.running_runs().map(RunRecord::Run));
            active.fold(ActiveCounts::default(), |counts, record| ActiveCounts {
                running: counts.running + 1,
                waiting: counts.waiting + usize::from(record.status() == RunStatus::WaitingApproval),
            })
        })
    }

    pub(super) fn summary(&self, subject: &Subject) -> RunSummary {
        let summary = match subject {
            Subject::Execution(id) => {
                self.read(|store| store.canvas().runs().execution(id).map(RunSummary::of_execution))
            }
            Subject::Run(_) => self.task_run(subject).map(|run| RunSummary::of_run(&run, self.title(&run))),
        };
        summary.unwrap_or_default()
    }

    /// Returns the latest message of a task run.
    pub(super) fn last_message(&self, subject: &Subject) -> Option<String> {
        self.task_run(subject)?.message
    }

    fn task_run(&self, subject: &Subject) -> Option<Run> {
        let Subject::Run(id) = subject else { return None };
        self.read(|store| store.canvas().runs().run(id).cloned())
    }

    fn title(&self, run: &Run) -> Option<String> {
        self.tasks.title(run.task_id.as_ref()?)
    }

    fn read<T>(&self, read: impl FnOnce(&CanvasStore) -> T) -> T {
        self.revision.track();
        self.store.with_value(read)
    }
}

enum RunRecord<'a> {
    Execution(&'a Execution),
    Run(&'a Run),
}

impl RunRecord<'_> {
    /// Runs that started together are ordered by id, so that no list changes its order by itself.
    fn sort_key(&self) -> (Option<Timestamp>, &str) {
        match self {
            Self::Execution(execution) => (execution.started_at, execution.execution_id.as_str()),
            Self::Run(run) => (run.started_at, run.run_id.as_str()),
        }
    }

    fn status(&self) -> RunStatus {
        match self {
            Self::Execution(execution) => display_status(execution),
            Self::Run(run) => run.status.clone(),
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::Execution(execution) => Subject::Execution(execution.execution_id.clone()),
            Self::Run(run) => Subject::Run(run.run_id.clone()),
        }
    }
}
