//! The steps of a run as a graph: a button for each step, a line for each dependency.

use leptos::ev::KeyboardEvent;
use leptos::{ev, html, prelude::*};
use orrery_layout::{Point, Rect};
use orrery_protocol::{RunStatus, Step, StepId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::labels::{status_label, step_name};
use super::run_list::{StatusIcon, StatusLabel};
use super::run_query::RunQuery;
use super::step_layout::StepLayout;
use crate::browser::attribute_selector;

/// In CSS pixels. In a narrower window the graph is read downwards.
const NARROW_WINDOW: f64 = 700.0;

/// Returns the layout of the run's steps in this window. Reactive.
pub(super) fn step_layout(query: RunQuery) -> Memo<StepLayout> {
    let is_narrow = RwSignal::new(is_narrow_window());
    let listener = window_event_listener(ev::resize, move |_| {
        if is_narrow.get_untracked() != is_narrow_window() {
            is_narrow.set(is_narrow_window());
        }
    });
    on_cleanup(move || listener.remove());
    Memo::new(move |previous| query.read(|execution| StepLayout::updated(previous, execution, is_narrow.get())))
}

#[component]
pub(super) fn StepGraph(query: RunQuery, layout: Memo<StepLayout>) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if query.selected_step.get().is_some() {
            request_animation_frame(move || {
                frame.get_untracked().and_then(|frame| scroll_to_selected(&frame));
            });
        }
    });
    let lines = move || {
        let line = |(from, path): (StepId, String)| {
            let step = query.step(from);
            let status = move || step.with(|step| step.as_ref().map(|step| step.status.to_string()));
            view! { <path d=path data-run=status></path> }
        };
        layout.with(|layout| layout.lines().map(line).collect_view())
    };
    view! {
        <section class="run-section run-flow" aria-labelledby="run-flow-title">
            <h3 id="run-flow-title">"Steps"</h3>
            <div class="flow" role="group" aria-label="Steps; use the arrow keys to move between them" node_ref=frame>
                <div
                    class="flow-canvas"
                    style:width=move || px(layout.with(StepLayout::size).width)
                    style:height=move || px(layout.with(StepLayout::size).height)
                >
                    <svg class="flow-lines" aria-hidden="true">
                        {lines}
                    </svg>
                    <For each=move || layout.with(StepLayout::step_ids) key=Clone::clone let:id>
                        <StepNode query=query layout=layout id=id />
                    </For>
                </div>
            </div>
        </section>
    }
}

#[component]
fn StepNode(query: RunQuery, layout: Memo<StepLayout>, id: StepId) -> impl IntoView {
    let own = StoredValue::new(id.clone());
    let place = Memo::new(move |_| layout.with(|layout| own.with_value(|id| layout.place(id))).unwrap_or_default());
    let is_selected = Memo::new(move |_| query.selected_step.with(|it| own.with_value(|id| it.as_ref() == Some(id))));
    let step = query.step(id.clone());
    let read = move |read: fn(&Step) -> String| step.with(|step| step.as_ref().map(read).unwrap_or_default());
    let position = move |read: fn(Rect) -> f64| px(read(place.get()));
    let on_key = move |event: KeyboardEvent| {
        let Some(direction) = arrow_direction(&event.key()) else { return };
        let next = layout.with_untracked(|layout| own.with_value(|id| layout.neighbor(id, direction)));
        if let Some(next) = next {
            event.prevent_default();
            focus(&next);
            query.choose_step(next);
        }
    };
    let details = move || {
        let step = step.get()?;
        // A step that needs an approval says so instead of its type.
        let kind = step.step_type.clone().filter(|_| step.status != RunStatus::WaitingApproval);
        Some(view! {
            <StatusIcon status=step.status.to_string() />
            <span class="flow-name" data-full=step_name(&step)>
                {step_name(&step)}
            </span>
            <span class="flow-meta">
                <StatusLabel status=step.status.to_string() label=status_label(&step.status) />
                {kind.map(|kind| view! { <span class="flow-kind">{kind}</span> })}
                {(step.attempt > 1).then(|| view! { <span class="flow-attempt">{format!("×{}", step.attempt)}</span> })}
            </span>
        })
    };
    view! {
        <button
            type="button"
            class="flow-step"
            data-step-id=id.to_string()
            data-run=move || read(|step| step.status.to_string())
            aria-label=move || read(accessible_name)
            aria-pressed=move || is_selected.get().to_string()
            tabindex=move || if is_selected.get() { "0" } else { "-1" }
            style:left=move || position(|place| place.at.x)
            style:top=move || position(|place| place.at.y)
            style:width=move || position(|place| place.size.width)
            style:height=move || position(|place| place.size.height)
            on:click=move |_| query.choose_step(own.get_value())
            on:keydown=on_key
        >
            {details}
        </button>
    }
}

fn accessible_name(step: &Step) -> String {
    let kind = step.step_type.as_deref().unwrap_or_default();
    let attempt = if step.attempt > 1 { format!(", attempt {}", step.attempt) } else { String::new() };
    format!("{}, {kind}, {}{attempt}", step_name(step), status_label(&step.status))
}

fn arrow_direction(key: &str) -> Option<Point> {
    match key {
        "ArrowLeft" => Some(Point::new(-1.0, 0.0)),
        "ArrowRight" => Some(Point::new(1.0, 0.0)),
        "ArrowUp" => Some(Point::new(0.0, -1.0)),
        "ArrowDown" => Some(Point::new(0.0, 1.0)),
        _ => None,
    }
}

fn px(length: f64) -> String {
    format!("{length:.1}px")
}

fn is_narrow_window() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < NARROW_WINDOW)
}

fn focus(id: &StepId) {
    let found = document()
        .query_selector(&format!(".flow-step{}", attribute_selector("data-step-id", id.as_str())))
        .ok()
        .flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls the graph alone, and only when the selected step is not in view.
fn scroll_to_selected(frame: &HtmlElement) -> Option<()> {
    let step = frame.query_selector(".flow-step[aria-pressed='true']").ok()??.dyn_into::<HtmlElement>().ok()?;
    let scrolled = |scroll: i32, start: i32, length: i32, visible: i32| {
        let is_outside = start < scroll || start + length > scroll + visible;
        is_outside.then_some(start + length / 2 - visible / 2)
    };
    if let Some(left) = scrolled(frame.scroll_left(), step.offset_left(), step.offset_width(), frame.client_width()) {
        frame.set_scroll_left(left);
    }
    if let Some(top) = scrolled(frame.scroll_top(), step.offset_top(), step.offset_height(), frame.client_height()) {
        frame.set_scroll_top(top);
    }
    Some(())
}
