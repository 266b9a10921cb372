//! One execution: how it stands, why it failed, what it waits for, its graph, its timeline and the step that is looked at.
//! Never the list.

use leptos::{ev, prelude::*};
use orrery_protocol::{Execution, ExecutionId, StepId};
use web_sys::{KeyboardEvent, MouseEvent};

use super::graph::{self, Laid};
use super::looks;
use super::pressed::named;
use super::questions::questions;
use super::sheet::focus_title;
use super::step::step;
use super::timeline::timeline;
use super::watched::{Asked, Told, Watched, telling};
use crate::live::Live;
use crate::roster::Roster;
use crate::session::{Session, Wish};
use crate::ui::moment::clock;
use crate::ui::state::Skeleton;

/// All that one drawing of the page is made of.
pub(super) struct Scene<'a> {
    pub it: &'a Execution,
    pub told: &'a Told,
    pub shown: Option<&'a StepId>,
    pub laid: &'a Laid,
    /// Milliseconds since 1970; while nothing runs, when it was drawn last.
    pub now: i64,
    pub roster: Roster,
}

pub fn run_view(id: ExecutionId) -> AnyView {
    let (live, roster) = (expect_context::<Live>(), expect_context::<Roster>());
    let watched = Watched::new(id);
    let laid = StoredValue::new(Laid::default());
    let is_narrow = RwSignal::new(graph::is_narrow());
    let resized = window_event_listener(ev::resize, move |_| {
        if is_narrow.get_untracked() != graph::is_narrow() {
            is_narrow.set(graph::is_narrow());
        }
    });
    on_cleanup(move || resized.remove());
    let scrolled_to = StoredValue::new(None::<StepId>);
    let content = move || {
        let told = watched.told.get();
        let Some(it) = watched.execution() else { return instead(told.problem) };
        let now = if it.status.is_terminal() { live.now.get_untracked() } else { live.now.get() };
        let shown = told.chosen.clone().filter(|id| it.steps.iter().any(|step| step.step_id == *id));
        let shown = shown.or_else(|| telling(&it));
        laid.update_value(|laid| laid.follow(&it, is_narrow.get()));
        if scrolled_to.with_value(|before| *before != shown) {
            scrolled_to.set_value(shown.clone());
            request_animation_frame(graph::bring_into_view);
        }
        laid.with_value(|laid| {
            page(&Scene { it: &it, told: &told, shown: shown.as_ref(), laid, now: now.millis(), roster })
        })
    };
    keep_up(watched);
    let session = expect_context::<Session>();
    let press = move |event: MouseEvent| pressed(&event, watched, session);
    let on_key = move |event: KeyboardEvent| {
        let next = laid.with_value(|laid| graph::next(&event, laid));
        if let Some(id) = next {
            event.prevent_default();
            graph::focus(&id);
            watched.choose(id);
        }
    };
    view! {
        <article class="run" on:click=press on:keydown=on_key>
            {content}
        </article>
    }
    .into_any()
}

/// What the events answer to what was asked; a button that left with its question leaves no focus behind.
fn keep_up(watched: Watched) {
    let was_asked = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(it) = watched.execution() else { return };
        watched.settle(&it);
        let is_asked = watched.told.with_untracked(|told| told.asked != Asked::Nothing);
        let was = was_asked.try_update_value(|was| std::mem::replace(was, is_asked));
        if was == Some(true) && !is_asked {
            request_animation_frame(|| {
                if document().active_element().is_none_or(|it| it.tag_name() == "BODY") {
                    focus_title();
                }
            });
        }
    });
}

fn pressed(event: &MouseEvent, watched: Watched, session: Session) {
    let step = named(event, "data-step-id").and_then(|id| id.parse::<StepId>().ok());
    match (named(event, "data-deed").as_deref(), step) {
        (Some("again"), _) => watched.fetch(),
        (Some("cancel"), _) => watched.ask(Asked::Cancel),
        (Some("approve"), Some(step)) => watched.ask(Asked::Decide { step, approved: true }),
        (Some("reject"), Some(step)) => watched.ask(Asked::Decide { step, approved: false }),
        (Some("show"), _) => {
            let Some(id) = named(event, "data-place").and_then(|id| id.parse::<orrery_protocol::WorkspaceId>().ok())
            else {
                return;
            };
            session.runs.set(None);
            session.open(id.clone());
            session.wish.set(Some(Wish::Show(id)));
        }
        (None, Some(step)) => watched.choose(step),
        _ => {}
    }
}

fn instead(problem: Option<String>) -> AnyView {
    match problem {
        None => view! { <Skeleton rows=6 label="Loading the run" /> }.into_any(),
        Some(why) => view! {
            <div class="problem" role="alert">
                <p>{format!("This run could not be loaded: {why}")}</p>
                <button type="button" class="button" data-size="small" data-deed="again">
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
    }
}

fn page(scene: &Scene<'_>) -> AnyView {
    let refused = scene.told.refused.clone();
    view! {
        <div class="run-page" data-run=looks::standing(scene.it).to_string() data-execution-id=scene.it.execution_id.to_string()>
            {head(scene)}
            {refused.map(|words| view! { <p class="problem" role="alert">{words}</p> }.into_any())}
            {cause(scene.it)}
            {questions(scene)}
            <div class="run-body">
                {graph::graph(scene)}
                {step(scene)}
                {timeline(scene)}
            </div>
        </div>
    }
    .into_any()
}

/// Read aloud when the status or the progress changes, not with every second.
fn head(scene: &Scene<'_>) -> AnyView {
    let row = looks::row(scene.it);
    let status = row.status.to_string();
    let began = row.started.map(|at| format!("started at {}", clock(at, scene.now)));
    let is_asked = scene.told.asked == Asked::Cancel;
    let words = if is_asked { "Cancelling…" } else { "Cancel the run" };
    view! {
        <header class="run-head">
            <i class="run-mark" data-run=status.clone()></i>
            <p class="run-facts">
                <span role="status">
                    <span class="run-word" data-run=status>
                        {looks::words(&row.status)}
                    </span>
                    <span>{row.progress}</span>
                </span>
                <span class="run-took">{looks::took(row.took, row.started, || scene.now)}</span>
                <span>{began}</span>
            </p>
            <button
                type="button"
                class="button"
                data-deed="cancel"
                aria-disabled=is_asked.then_some("true")
                hidden=scene.it.status.is_terminal()
            >
                {words}
            </button>
        </header>
    }
    .into_any()
}

/// First of all: why it failed, and where.
fn cause(it: &Execution) -> Option<AnyView> {
    let (failed, words) = looks::cause(it)?;
    let link = failed.map(|step| {
        let attempts = if step.attempt > 1 { format!(" after {} attempts", step.attempt) } else { String::new() };
        view! {
            <p>
                <button type="button" class="link" data-step-id=step.step_id.to_string()>
                    {looks::step_name(step)}
                </button>
                " failed"
                {attempts}
            </p>
        }
        .into_any()
    });
    let view = view! {
        <div class="run-failure" role="alert">
            <i class="run-mark" data-run="failed"></i>
            <div class="run-words">
                {link}
                <p class="run-reason">{words}</p>
            </div>
        </div>
    };
    Some(view.into_any())
}
