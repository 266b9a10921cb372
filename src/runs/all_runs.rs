//! The page with all runs of the fleet, and the workflows and tasks that can be started.

use leptos::prelude::*;
use orrery_protocol::RunStatus;

use super::run_list::RunList;
use super::run_store::RunStore;
use super::tasks::TaskList;
use super::workflows::WorkflowList;

const LIMIT: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RunFilter {
    All,
    Running,
    NeedsApproval,
    Failed,
}

impl RunFilter {
    const EACH: [Self; 4] = [Self::All, Self::Running, Self::NeedsApproval, Self::Failed];

    fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Running => "Running",
            Self::NeedsApproval => "Needs approval",
            Self::Failed => "Failed",
        }
    }

    fn predicate(self) -> fn(&RunStatus) -> bool {
        match self {
            Self::All => |_| true,
            Self::Running => |status| !status.is_terminal(),
            Self::NeedsApproval => |status| *status == RunStatus::WaitingApproval,
            Self::Failed => |status| *status == RunStatus::Failed,
        }
    }
}

#[component]
pub(super) fn AllRuns() -> impl IntoView {
    let runs = expect_context::<RunStore>();
    let filter = RwSignal::new(RunFilter::All);
    let latest = Memo::new(move |_| runs.latest(None, LIMIT, filter.get().predicate()));
    let filters = RunFilter::EACH.map(|option| {
        view! {
            <button
                type="button"
                class="run-filter"
                aria-pressed=move || (filter.get() == option).to_string()
                on:click=move |_| filter.set(option)
            >
                {option.label()}
            </button>
        }
    });
    let empty = Signal::derive(move || match filter.get() {
        RunFilter::All => ("No runs yet", "Start a workflow or a task to see its progress here."),
        _ => ("No matching runs", "Select another filter to see more runs."),
    });
    view! {
        <div class="runs-all">
            <section class="runs-executions" aria-label="Run list">
                <div class="run-filters" role="group" aria-label="Filter runs">
                    {filters.into_iter().collect_view()}
                </div>
                <RunList
                    runs=latest
                    empty_title=Signal::derive(move || empty.get().0.to_owned())
                    empty=Signal::derive(move || empty.get().1.to_owned())
                />
            </section>
            <div class="runs-side">
                <WorkflowList />
                <TaskList />
            </div>
        </div>
    }
}
