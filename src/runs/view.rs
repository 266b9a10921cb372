//! One that runs or ran: how it stands, why it failed, what it waits for, its graph, its timeline and the step that is looked at.
//! Never the list.

use leptos::{ev, prelude::*};
use orrery_protocol::{Execution, StepId, WorkspaceId};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent};

use super::graph::{self, Laid};
use super::list::ids;
use super::looks;
use super::pressed::named;
use super::questions::questions;
use super::sheet::focus_title;
use super::step::step;
use super::timeline::timeline;
use super::watched::{Asked, Told, Watched, telling};
use crate::session::{CameraCommand, RunRef, Session};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::kept::keep;
use crate::ui::moment::clock;
use crate::ui::written::{Part, Words};

/// All that one drawing of the page is made of.
pub(super) struct Scene<'a> {
    pub of: &'a RunRef,
    pub it: &'a Execution,
    pub told: &'a Told,
    pub said: Option<String>,
    pub shown: Option<&'a StepId>,
    pub laid: &'a Laid,
    /// Milliseconds since 1970; while nothing runs, when it was drawn last.
    pub now: i64,
    pub directory: Directory,
}

pub fn run_view(of: RunRef) -> AnyView {
    let (signals, directory) = (expect_context::<StoreSignals>(), expect_context::<Directory>());
    let watched = Watched::new(of);
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
        let now = if it.status.is_terminal() { signals.now.get_untracked() } else { signals.now.get() };
        let shown = told.chosen.clone().filter(|id| it.steps.iter().any(|step| step.step_id == *id));
        let shown = shown.or_else(|| telling(&it));
        laid.update_value(|laid| laid.follow(&it, is_narrow.get()));
        if scrolled_to.with_value(|before| *before != shown) {
            scrolled_to.set_value(shown.clone());
            request_animation_frame(graph::bring_into_view);
        }
        let (now, said) = (now.millis(), watched.said());
        watched.of.with_value(|of| {
            let shown = shown.as_ref();
            laid.with_value(|laid| page(&Scene { of, it: &it, told: &told, said, shown, laid, now, directory }))
        })
    };
    let root = move || Part::new("article", "run").parts(vec![Some(content())]);
    let owner = Owner::current().unwrap_or_default();
    // As long as it is mounted.
    let write = move |element: Element| owner.with(|| keep(element.unchecked_into(), root));
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
    view! { <article on:click=press on:keydown=on_key use:write></article> }.into_any()
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
            if let Some(id) = named(event, "data-place").and_then(|id| id.parse::<WorkspaceId>().ok()) {
                session.panels.runs_page.set(None);
                session.open(id.clone());
                session.camera_command.set(Some(CameraCommand::Show(id)));
            }
        }
        (None, Some(step)) => watched.choose(step),
        _ => {}
    }
}

fn instead(problem: Option<String>) -> Part {
    let line = || Some(Part::new("div", "skeleton"));
    match problem {
        None => Part::new("div", "run-none").with("role", "status").with("aria-busy", "true").parts(vec![
            Some(Part::new("span", "spoken").words("Loading the run")),
            line(),
            line(),
            line(),
        ]),
        Some(why) => Part::new("div", "problem").with("role", "alert").parts(vec![
            Some(Part::new("p", "").words(format!("This run could not be loaded: {why}"))),
            Some(button("again", "Try again")),
        ]),
    }
}

pub(super) fn button(command: &'static str, words: impl Into<Words>) -> Part {
    Part::new("button", "button").with("type", "button").with("data-deed", command).words(words)
}

pub(super) fn mark(status: &str) -> Option<Part> {
    Some(Part::new("i", "run-mark").with("data-run", status.to_owned()))
}

pub(super) fn word(status: &str, words: String) -> Option<Part> {
    Some(Part::new("span", "run-word").with("data-run", status.to_owned()).words(words))
}

pub(super) fn span(class: &'static str, words: impl Into<Words>) -> Option<Part> {
    Some(Part::new("span", class).words(words))
}

fn page(scene: &Scene<'_>) -> Part {
    let refused = scene.told.refused.clone();
    let (execution, run) = ids(scene.of);
    let body = match scene.it.steps.is_empty() {
        true => Part::new("div", "run-body"),
        false => {
            let parts = vec![Some(graph::graph(scene)), Some(step(scene)), Some(timeline(scene))];
            Part::new("div", "run-body").parts(parts)
        }
    };
    Part::new("div", "run-page")
        .with("data-run", looks::standing(scene.it).to_string())
        .maybe("data-execution-id", execution.map(Words::from))
        .maybe("data-run-id", run.map(Words::from))
        .parts(vec![
            Some(head(scene)),
            refused.map(|words| Part::new("p", "problem").with("role", "alert").words(words)),
            cause(scene.it),
            Some(Part::new("div", "run-questions").parts(questions(scene))),
            note(scene),
            Some(body),
        ])
}

/// Read aloud when the status or the progress changes, not with every second.
fn head(scene: &Scene<'_>) -> Part {
    let row = looks::row(scene.it);
    let status = row.status.to_string();
    let began = row.started.map(|at| format!("started at {}", clock(at, scene.now)));
    let is_asked = scene.told.asked == Asked::Cancel;
    let cancel = button("cancel", if is_asked { "Cancelling…" } else { "Cancel the run" });
    let progress = Some(row.progress).filter(|words| !words.is_empty()).or_else(|| scene.said.clone());
    let told = vec![word(&status, looks::words(&row.status)), progress.and_then(|words| span("", words))];
    let facts = vec![
        Some(Part::new("span", "run-told").with("role", "status").parts(told)),
        span("run-took", looks::took(row.took, row.started, || scene.now)),
        began.and_then(|words| span("", words)),
    ];
    Part::new("header", "run-head").parts(vec![
        mark(&status),
        Some(Part::new("p", "run-facts").parts(facts)),
        (!scene.it.status.is_terminal() && !scene.told.is_elsewhere)
            .then(|| cancel.maybe("aria-disabled", is_asked.then_some(Words::Borrowed("true")))),
    ])
}

/// Why there is no more to see, or to do.
fn note(scene: &Scene<'_>) -> Option<Part> {
    let Told { record, problem, is_elsewhere, .. } = scene.told;
    let why = problem.as_ref().filter(|_| record.is_none())?;
    let (words, again) = match is_elsewhere {
        true => {
            let there =
                "Another program runs this. What it reports is shown here; only there can it be approved or cancelled.";
            (there.to_owned(), None)
        }
        false => (format!("More of it could not be loaded: {why}"), Some(button("again", "Try again"))),
    };
    Some(Part::new("div", "run-note").parts(vec![Some(Part::new("p", "").words(words)), again]))
}

/// First of all: why it failed, and where.
fn cause(it: &Execution) -> Option<Part> {
    let (failed, words) = looks::cause(it)?;
    let place = failed.map(|step| {
        let after = if step.attempt > 1 { format!(" after {} attempts", step.attempt) } else { String::new() };
        let link = Part::new("button", "link").with("type", "button").with("data-step-id", step.step_id.to_string());
        Part::new("p", "").parts(vec![Some(link.words(looks::step_name(step))), span("", format!(" failed{after}"))])
    });
    let reason = Part::new("p", "run-reason").words(words);
    let words = Part::new("div", "run-words").parts(vec![place, Some(reason)]);
    Some(Part::new("div", "run-failure").with("role", "alert").parts(vec![mark("failed"), Some(words)]))
}
