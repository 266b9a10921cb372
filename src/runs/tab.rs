//! What runs and ran in one workspace. Never what does in the fleet (`all`).

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::ledger::Ledger;
use super::list::rows;
use crate::store::StoreSignals;
use crate::ui::state::{Message, Skeleton};

const SHOWN: usize = 50;

pub fn runs_tab(workspace: WorkspaceId) -> AnyView {
    let (ledger, signals) = (expect_context::<Ledger>(), expect_context::<StoreSignals>());
    let those = Memo::new(move |_| ledger.newest(Some(&workspace), SHOWN, |_| true));
    let instead = move || match (those.with(Vec::is_empty), signals.loaded.get()) {
        (false, _) => ().into_any(),
        (true, false) => view! { <Skeleton label="Loading the runs" /> }.into_any(),
        (true, true) => {
            let words = "Workflows with a step for this workspace and tasks for its agent appear here, live, while they run and after.";
            view! { <Message title="Nothing ran here yet" words=words.to_owned() /> }.into_any()
        }
    };
    (instead, rows(those)).into_any()
}
