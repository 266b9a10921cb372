//! What can be done to all that are chosen, and how it goes with each. Never the doing.

use leptos::prelude::*;

use super::choose::chosen;
use super::job::{Bulk, BulkCommand, Job, Outcome};
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::Session;
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon};

/// The chosen ones, when they are several.
#[derive(Clone, Copy)]
pub struct Chosen(Memo<Vec<orrery_protocol::WorkspaceId>>);

impl Chosen {
    pub fn new(session: Session) -> Self {
        Self(Memo::new(move |_| chosen(session)))
    }
}

#[component]
pub fn BulkBar() -> impl IntoView {
    let (bulk, session) = (expect_context::<Bulk>(), expect_context::<Session>());
    let chosen = Chosen::new(session);
    let count = Memo::new(move |_| chosen.0.with(Vec::len));
    let is_working = Memo::new(move |_| bulk.job.with(Option::is_some));
    move || match (is_working.get(), count.get()) {
        (true, _) => view! { <Progress bulk=bulk /> }.into_any(),
        (false, ..2) => ().into_any(),
        (false, _) => view! { <Deeds bulk=bulk chosen=chosen count=count session=session /> }.into_any(),
    }
}

#[component]
fn Deeds(bulk: Bulk, chosen: Chosen, count: Memo<usize>, session: Session) -> impl IntoView {
    let dialogs = expect_context::<Dialogs>();
    let ids = move || chosen.0.get_untracked();
    let clear = move |_| session.selected_ids.update(std::collections::HashSet::clear);
    view! {
        <div class="bulk" role="toolbar" aria-label="For all that are selected">
            <span class="bulk-count" role="status">{move || format!("{} selected", count.get())}</span>
            <Button small=true icon=Icon::Retry on_press=move |_| bulk.begin(ids(), BulkCommand::Restart)>"Restart"</Button>
            <Button small=true icon=Icon::Open on_press=move |_| dialogs.ask(DialogRequest::Move { of: ids() })>"Move to…"</Button>
            <Button small=true on_press=move |_| dialogs.ask(DialogRequest::Tier { of: ids() })>"Tier"</Button>
            <Button small=true icon=Icon::Task on_press=move |_| dialogs.ask(DialogRequest::Models { of: ids() })>"Model"</Button>
            <Button small=true icon=Icon::Trash on_press=move |_| dialogs.ask(DialogRequest::RemoveAll { of: ids() })>"Remove"</Button>
            <IconButton icon=Icon::Close label="Keep only one selected" on_press=clear />
        </div>
    }
}

/// How far it is; when something was refused, what and why.
#[component]
fn Progress(bulk: Bulk) -> impl IntoView {
    let job = Signal::derive(move || bulk.job.get().unwrap_or_default());
    let is_over = Memo::new(move |_| job.with(Job::is_over));
    let all = move || job.with(|job| job.items.len());
    let settled = move || all() - job.with(|job| job.count(|it| matches!(it, Outcome::Waiting | Outcome::Going)));
    let words = move || {
        job.with(|job| {
            let done = job.count(|it| *it == Outcome::Done);
            match job.is_over() {
                true => format!("{} {done} of {}", job.words.1, job.items.len()),
                false => format!("{}: {} of {}", job.words.0, settled(), job.items.len()),
            }
        })
    };
    let rows = move || {
        job.with(|job| {
            let told = job.items.iter().filter(|item| is_over.get() && item.outcome != Outcome::Done);
            told.map(|item| {
                let (tone, words) = match &item.outcome {
                    Outcome::Refused(why) => (Some("danger"), why.clone()),
                    _ => (None, "left as it was".to_owned()),
                };
                view! {
                    <li data-variant=tone>
                        <Glyph icon=if tone.is_some() { Icon::Failed } else { Icon::Minus } />
                        <b>{item.name.clone()}</b>
                        <span>{words}</span>
                    </li>
                }
            })
            .collect_view()
        })
    };
    view! {
        <div class="bulk" role="group" aria-label="Progress" data-over=move || is_over.get().then_some("")>
            <span class="bulk-count" role="status">{words}</span>
            <progress max=move || all().to_string() value=move || settled().to_string() aria-label="Done so far"></progress>
            {move || match is_over.get() {
                true => view! { <Button small=true variant=ButtonVariant::Quiet on_press=move |_| bulk.forget()>"Close"</Button> }.into_any(),
                false => view! { <Button small=true on_press=move |_| bulk.stop()>"Cancel"</Button> }.into_any(),
            }}
            {move || is_over.get().then(|| view! { <ul class="bulk-results" aria-label="Not done">{rows}</ul> })}
        </div>
    }
}
