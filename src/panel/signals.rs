//! What the agent signalled lately (assigned, asked, failed, free again), by the names that screens use, live. Never its
//! calls (`activity`).

use std::sync::Arc;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::events;
use super::log::Log;
use super::pages::{FetchState, fetched};
use crate::store::Directory;
use crate::store::StoreSignals;

/// The rest is in the events.
const SHOWN: usize = 8;

#[component]
pub(super) fn Signals(id: WorkspaceId) -> impl IntoView {
    let (signals, directory) = (expect_context::<StoreSignals>(), expect_context::<Directory>());
    let own = StoredValue::new(id);
    let hint = Signal::derive(move || events::latest(signals, &own.get_value()));
    let (state, refetch) = fetched(
        hint,
        Arc::new(move |api| {
            Box::pin(async move {
                let mut rows = events::rows(api.load_events(&own.get_value()).await?, directory);
                rows.retain(|row| row.what.starts_with("agent"));
                rows.truncate(SHOWN);
                Ok(rows)
            })
        }),
    );
    let shown = Signal::derive(move || state.with(|state| state.rows().to_vec()));
    view! {
        <section class="section panel-signals" aria-labelledby="panel-signals-title">
            <h3 id="panel-signals-title">"Agent"</h3>
            <FetchState
                state=state
                loading="Loading what the agent signalled"
                empty_title=""
                empty="No signals yet: when its agent takes up work, is free again or fails at it, it stands here."
                on_retry=refetch
            />
            <Log rows=shown />
        </section>
    }
}
