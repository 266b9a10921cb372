//! The agent's latest own events: assigned, failed, idle again.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::events::{latest_event, query_events};
use super::log_list::{LogList, LogRow};
use crate::ui::list_state::{ListPlaceholder, ListState};

/// The events tab has the rest.
const LIMIT: usize = 8;

#[component]
pub(super) fn AgentEvents(id: WorkspaceId) -> impl IntoView {
    let events = query_events(id.clone(), latest_event(id));
    let rows = Memo::new(move |_| {
        let of_agent = |rows: &Vec<LogRow>| {
            rows.iter().filter(|row| row.title.starts_with("agent")).take(LIMIT).cloned().collect::<Vec<_>>()
        };
        events.state().with(|state| state.answer().map(of_agent).unwrap_or_default())
    });
    let loaded = events.list_state(|_| false);
    let state = Signal::derive(move || match loaded.get() {
        ListState::Ready if rows.with(Vec::is_empty) => ListState::Empty,
        state => state,
    });
    view! {
        <section class="section panel-agent-events" aria-labelledby="panel-agent-events-title">
            <h3 id="panel-agent-events-title">"Agent events"</h3>
            <ListPlaceholder
                state=state
                subject="agent events"
                empty="No agent events yet. Assignments, failures and status changes will appear here."
                on_retry=events.retry()
            />
            <LogList rows=rows.into() />
        </section>
    }
}
