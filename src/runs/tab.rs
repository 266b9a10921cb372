//! The executions that have a step in one workspace. Never those of the fleet (`all`).

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::ledger::Ledger;
use super::list::rows;
use crate::live::Live;
use crate::ui::state::{Message, Skeleton};

const SHOWN: usize = 50;

pub fn runs_tab(workspace: WorkspaceId) -> AnyView {
    let (ledger, live) = (expect_context::<Ledger>(), expect_context::<Live>());
    let ids = Memo::new(move |_| ledger.newest(Some(&workspace), SHOWN, |_| true));
    let instead = move || match (ids.with(Vec::is_empty), live.loaded.get()) {
        (false, _) => ().into_any(),
        (true, false) => view! { <Skeleton label="Loading the runs" /> }.into_any(),
        (true, true) => {
            let words = "Executions of workflows with a step for this workspace appear here, live.";
            view! { <Message title="Nothing ran here yet" words=words.to_owned() /> }.into_any()
        }
    };
    (instead, rows(ids)).into_any()
}
