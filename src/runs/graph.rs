//! The steps as a graph: one button a step, one line for each wait; the keyboard moves along it. Never where they stand.

use leptos::prelude::*;
use orrery_protocol::{Execution, RunStatus, Step, StepId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::looks;
use super::view::Scene;
use crate::geometry::flow::{Flow, Gaps, Way, by, flow};
use crate::geometry::{Point, Rect, Size};

/// Where the steps stand. Laid out again only when there are others: a change of status moves nothing.
#[derive(Default)]
pub(super) struct Laid {
    steps: Vec<(StepId, Vec<usize>)>,
    is_narrow: bool,
    flow: Flow,
}

const STEP: Size = Size { width: 184.0, height: 52.0 };
/// For plans with many steps, and for small windows.
const SMALL: Size = Size { width: 152.0, height: 48.0 };
const MANY: usize = 20;
const GAPS: Gaps = Gaps { along: 40.0, across: 16.0 };
/// Narrower than that, a plan is read downwards.
const NARROW: f64 = 700.0;

impl Laid {
    pub(super) fn follow(&mut self, it: &Execution, is_narrow: bool) {
        let at = |name: &String| it.steps.iter().position(|step| step.step_name.as_ref() == Some(name));
        let waits_for = |step: &Step| step.depends_on_steps.iter().filter_map(at).collect();
        let steps: Vec<(StepId, Vec<usize>)> =
            it.steps.iter().map(|step| (step.step_id.clone(), waits_for(step))).collect();
        if steps == self.steps && is_narrow == self.is_narrow {
            return;
        }
        let waits_for: Vec<Vec<usize>> = steps.iter().map(|(_, waits_for)| waits_for.clone()).collect();
        let (way, size) = match is_narrow {
            true => (Way::Down, SMALL),
            false if steps.len() > MANY => (Way::Right, SMALL),
            false => (Way::Right, STEP),
        };
        *self = Self { flow: flow(&waits_for, size, GAPS, way), steps, is_narrow };
    }

    /// The steps in the order of their levels, which no event changes.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let along = |place: &Rect| if self.is_narrow { place.at.y } else { place.at.x };
        by(&self.flow.places.iter().map(along).collect::<Vec<f64>>())
    }

    /// The nearest one that way; straight ahead counts more than near.
    fn next(&self, from: &StepId, way: Point) -> Option<StepId> {
        let from = self.steps.iter().position(|(id, _)| id == from)?;
        let start = self.flow.places[from].middle();
        let mut best: Option<(f64, usize)> = None;
        for (step, place) in self.flow.places.iter().enumerate() {
            let to = place.middle().minus(start);
            let (along, aside) = (to.x * way.x + to.y * way.y, (to.x * way.y).abs() + (to.y * way.x).abs());
            let cost = along + 2.0 * aside;
            if along > place.size.height / 2.0 && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, step));
            }
        }
        best.map(|(_, step)| self.steps[step].0.clone())
    }
}

pub(super) fn graph(scene: &Scene<'_>) -> AnyView {
    let Flow { places, lines, size } = &scene.laid.flow;
    let lines: Vec<AnyView> = lines
        .iter()
        .map(|line| {
            let status = scene.it.steps[line.from].status.to_string();
            view! { <path d=line.path.clone() data-run=status></path> }.into_any()
        })
        .collect();
    let steps: Vec<AnyView> =
        scene.it.steps.iter().zip(places).map(|(step, place)| node(step, place, scene.shown)).collect();
    view! {
        <section class="run-part run-flow" aria-labelledby="run-flow-title">
            <h3 id="run-flow-title">"Steps"</h3>
            <div class="flow" role="group" aria-label="Steps; the arrow keys move between them">
                <div class="flow-ground" style:width=px(size.width) style:height=px(size.height)>
                    <svg class="flow-lines" aria-hidden="true">
                        {lines}
                    </svg>
                    {steps}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn node(step: &Step, place: &Rect, shown: Option<&StepId>) -> AnyView {
    let (name, status, word) = (looks::step_name(step), step.status.to_string(), looks::words(&step.status));
    let kind = step.step_type.clone().unwrap_or_default();
    // It says so already.
    let kind_shown = if step.status == RunStatus::WaitingApproval { String::new() } else { kind.clone() };
    let (tries, tried) = match step.attempt {
        0 | 1 => (String::new(), String::new()),
        attempt => (format!("×{attempt}"), format!(", attempt {attempt}")),
    };
    let label = format!("{name}, {kind}, {word}{tried}");
    let is_shown = shown == Some(&step.step_id);
    view! {
        <button
            type="button"
            class="flow-step"
            data-step-id=step.step_id.to_string()
            data-run=status.clone()
            aria-label=label
            aria-pressed=is_shown.to_string()
            tabindex=if is_shown { "0" } else { "-1" }
            style:left=px(place.at.x)
            style:top=px(place.at.y)
            style:width=px(place.size.width)
            style:height=px(place.size.height)
        >
            <i class="run-mark" data-run=status.clone()></i>
            <span class="flow-name" data-full=name.clone()>
                {name.clone()}
            </span>
            <span class="flow-more">
                <span class="run-word" data-run=status.clone()>
                    {word}
                </span>
                <span class="flow-kind">{kind_shown}</span>
                <span>{tries}</span>
            </span>
        </button>
    }
    .into_any()
}

fn px(length: f64) -> String {
    format!("{length:.1}px")
}

pub(super) fn is_narrow() -> bool {
    window().inner_width().ok().and_then(|it| it.as_f64()).is_some_and(|width| width < NARROW)
}

/// Where an arrow leads from the step that has the focus.
pub(super) fn next(event: &KeyboardEvent, laid: &Laid) -> Option<StepId> {
    let way = match event.key().as_str() {
        "ArrowLeft" => Point::new(-1.0, 0.0),
        "ArrowRight" => Point::new(1.0, 0.0),
        "ArrowUp" => Point::new(0.0, -1.0),
        "ArrowDown" => Point::new(0.0, 1.0),
        _ => return None,
    };
    let on = document().active_element().filter(|it| it.class_list().contains("flow-step"))?;
    laid.next(&on.get_attribute("data-step-id")?.parse().ok()?, way)
}

pub(super) fn focus(id: &StepId) {
    let found = document().query_selector(&format!(".flow-step[data-step-id='{id}']")).ok().flatten();
    if let Some(element) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // An element that is in the page can be focused.
        let _ = element.focus();
    }
}

/// Scrolls the graph alone, and only when it must.
pub(super) fn bring_into_view() {
    let one = |css: &str| document().query_selector(css).ok().flatten()?.dyn_into::<HtmlElement>().ok();
    let (Some(frame), Some(step)) = (one(".flow"), one(".flow-step[aria-pressed='true']")) else { return };
    let middle = |start: i32, length: i32, room: i32| start + length / 2 - room / 2;
    let (left, width, room) = (step.offset_left(), step.offset_width(), frame.client_width());
    if left < frame.scroll_left() || left + width > frame.scroll_left() + room {
        frame.set_scroll_left(middle(left, width, room));
    }
    let (top, height, room) = (step.offset_top(), step.offset_height(), frame.client_height());
    if top < frame.scroll_top() || top + height > frame.scroll_top() + room {
        frame.set_scroll_top(middle(top, height, room));
    }
}
