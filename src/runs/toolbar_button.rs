//! The toolbar's button that opens the runs, with how many are running.

use leptos::prelude::*;

use super::run_store::{ActiveCounts, RunStore};
use crate::session::{RunsPage, Session};
use crate::ui::icon::{Glyph, Icon};

#[component]
pub fn RunsButton() -> impl IntoView {
    let (runs, session) = (expect_context::<RunStore>(), expect_context::<Session>());
    let counts = Memo::new(move |_| runs.active_counts());
    let toggle = move |_| {
        session.runs.update(|page| *page = if page.is_some() { None } else { Some(RunsPage::All) });
    };
    let label = move || match counts.get() {
        ActiveCounts { running: 0, .. } => "Runs".to_owned(),
        ActiveCounts { running, waiting: 0 } => format!("Runs, {running} running"),
        ActiveCounts { running, waiting } => format!("Runs, {running} running, {waiting} waiting for approval"),
    };
    let running = move || Some(counts.get().running).filter(|running| *running > 0);
    view! {
        <button
            type="button"
            class="button runs-button"
            data-variant="quiet"
            data-waiting=move || (counts.get().waiting > 0).then_some("")
            aria-expanded=move || session.runs.with(Option::is_some).to_string()
            aria-label=label
            title=label
            on:click=toggle
        >
            <Glyph icon=Icon::Runs />
            <span class="runs-count">{running}</span>
        </button>
    }
}
