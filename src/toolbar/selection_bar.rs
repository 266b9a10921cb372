//! The bar of the multi-selection: what can be done to the selected workspaces, and how it goes with each of them.

use leptos::prelude::*;

use crate::commands::Command;
use crate::commands::bulk::{Bulk, BulkItem, BulkJob, Outcome};
use crate::commands::selection;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::Session;
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon};

/// Shows the progress of a bulk command, or else the actions when more than one workspace is selected.
#[component]
pub fn SelectionBar() -> impl IntoView {
    let (bulk, session) = (expect_context::<Bulk>(), expect_context::<Session>());
    let is_working = Memo::new(move |_| bulk.job.with(Option::is_some));
    let is_multiple = Memo::new(move |_| selection::selected_ids(session).len() > 1);
    view! {
        <Show when=move || is_working.get()>
            <BulkProgress bulk=bulk />
        </Show>
        <Show when=move || !is_working.get() && is_multiple.get()>
            <Actions bulk=bulk session=session />
        </Show>
    }
}

#[component]
fn Actions(bulk: Bulk, session: Session) -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let ids = move || untrack(|| selection::selected_ids(session));
    let count = Memo::new(move |_| selection::selected_ids(session).len());
    let clear = move |_| session.selected_ids.update(std::collections::HashSet::clear);
    view! {
        <div class="bulk" role="toolbar" aria-label="Actions for the selected workspaces">
            <span class="bulk-count" role="status">{move || format!("{} selected", count.get())}</span>
            <Button small=true icon=Icon::Retry on_press=move |_| bulk.execute(ids(), &Command::Restart)>"Restart"</Button>
            <Button small=true icon=Icon::Open on_press=move |_| dialogs.open(DialogRequest::Move { ids: ids() })>"Move to…"</Button>
            <Button small=true on_press=move |_| dialogs.open(DialogRequest::Tier { ids: ids() })>"Change tier…"</Button>
            <Button small=true icon=Icon::Task on_press=move |_| dialogs.open(DialogRequest::BulkModel { ids: ids() })>
                "Change model…"
            </Button>
            <Button small=true icon=Icon::Trash on_press=move |_| dialogs.open(DialogRequest::BulkRemove { ids: ids() })>
                "Remove…"
            </Button>
            <IconButton icon=Icon::Close label="Clear selection" on_press=clear />
        </div>
    }
}

/// Shows how far the job is and, when it is finished, what was not done and why.
#[component]
fn BulkProgress(bulk: Bulk) -> impl IntoView {
    let job = Signal::derive(move || bulk.job.get().unwrap_or_default());
    let is_finished = Memo::new(move |_| job.with(BulkJob::is_finished));
    let total = move || job.with(|job| job.items.len());
    let finished = move || job.with(BulkJob::finished);
    let summary = move || {
        job.with(|job| match job.is_finished() {
            true => format!("{} {} of {}", job.label.done, job.count(|it| *it == Outcome::Done), job.items.len()),
            false => format!("{}: {} of {}", job.label.running, job.finished(), job.items.len()),
        })
    };
    let not_done = move || {
        let is_not_done = |item: &BulkItem| item.outcome != Outcome::Done;
        job.with(|job| job.items.iter().filter(|item| is_not_done(item)).cloned().map(result_row).collect_view())
    };
    view! {
        <div class="bulk" role="group" aria-label="Progress" data-over=move || is_finished.get().then_some("")>
            <span class="bulk-count" role="status">{summary}</span>
            <progress
                max=move || total().to_string()
                value=move || finished().to_string()
                aria-label="Workspaces finished"
            ></progress>
            <Show
                when=move || is_finished.get()
                fallback=move || view! { <Button small=true on_press=move |_| bulk.cancel()>"Cancel"</Button> }
            >
                <Button small=true variant=ButtonVariant::Quiet on_press=move |_| bulk.close()>
                    "Close"
                </Button>
                <ul class="bulk-results" aria-label="Not done">
                    {not_done}
                </ul>
            </Show>
        </div>
    }
}

fn result_row(item: BulkItem) -> impl IntoView {
    let (tone, icon, reason) = match item.outcome {
        Outcome::Failed(reason) => (Some("danger"), Icon::Failed, reason),
        _ => (None, Icon::Minus, "Not changed".to_owned()),
    };
    view! {
        <li data-variant=tone>
            <Glyph icon=icon />
            <b>{item.name}</b>
            <span>{reason}</span>
        </li>
    }
}
