//! The panel's tab with the runs of one workspace.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::run_list::RunList;
use super::run_store::RunStore;

const LIMIT: usize = 50;

#[component]
pub fn WorkspaceRuns(workspace: WorkspaceId) -> impl IntoView {
    let runs = expect_context::<RunStore>();
    let latest = Memo::new(move |_| runs.latest(Some(&workspace), LIMIT, |_| true));
    view! {
        <RunList
            runs=latest
            empty_title="No runs yet"
            empty="Workflow executions and task runs that involve this workspace will appear here."
        />
    }
}
