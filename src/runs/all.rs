//! What runs and ran in the whole fleet, and the workflows and tasks that can be run. Never one of them.

use leptos::prelude::*;
use orrery_protocol::RunStatus;

use super::ledger::Ledger;
use super::list::rows;
use super::pressed::named;
use super::tasks::tasks_list;
use super::workflows::workflows;
use crate::store::StoreSignals;
use crate::ui::state::{Message, Skeleton};

const SHOWN: usize = 100;

type Wanted = fn(&RunStatus) -> bool;

const FILTERS: [(&str, Wanted); 4] = [
    ("All", |_| true),
    ("Running", |it| !it.is_terminal()),
    ("Needs approval", |it| *it == RunStatus::WaitingApproval),
    ("Failed", |it| *it == RunStatus::Failed),
];

pub fn runs_list() -> AnyView {
    let (ledger, signals) = (expect_context::<Ledger>(), expect_context::<StoreSignals>());
    let which = RwSignal::new(0usize);
    let those = Memo::new(move |_| ledger.newest(None, SHOWN, FILTERS[which.get()].1));
    let filters = move || {
        let one = |(at, (words, _)): (usize, &(&'static str, Wanted))| {
            let is_on = (which.get() == at).to_string();
            view! {
                <button type="button" class="run-filter" data-filter=at.to_string() aria-pressed=is_on>
                    {*words}
                </button>
            }
            .into_any()
        };
        FILTERS.iter().enumerate().map(one).collect::<Vec<AnyView>>()
    };
    let choose = move |event: web_sys::MouseEvent| {
        let chosen = named(&event, "data-filter").and_then(|at| at.parse::<usize>().ok());
        if let Some(at) = chosen.filter(|at| *at < FILTERS.len()) {
            which.set(at);
        }
    };
    let instead = move || match (those.with(Vec::is_empty), signals.loaded.get()) {
        (false, _) => ().into_any(),
        (true, false) => view! { <Skeleton label="Loading the runs" /> }.into_any(),
        (true, true) => {
            let (title, words) = match which.get() {
                0 => (
                    "Nothing ran yet",
                    "Execute a workflow or run a task: its steps and what came of them appear here, live.",
                ),
                _ => ("", "None now."),
            };
            view! { <Message title=title words=words.to_owned() /> }.into_any()
        }
    };
    view! {
        <div class="runs-all">
            <section class="runs-executions" aria-label="What runs and ran">
                <div class="run-filters" role="group" aria-label="Show only" on:click=choose>
                    {filters}
                </div>
                {instead}
                {rows(those)}
            </section>
            <div class="runs-side">
                {workflows()}
                {tasks_list()}
            </div>
        </div>
    }
    .into_any()
}
