//! The steps as a graph: one button a step, one line for each wait; the keyboard moves along it. Never where they stand.

use leptos::prelude::*;
use orrery_protocol::{Execution, RunStatus, Step, StepId};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::looks;
use super::view::{Scene, mark, span, word};
use crate::ui::written::Part;
use orrery_layout::layered::{Direction, Edge, LayeredLayout, Spacing, layered_layout, order_by_weight};
use orrery_layout::{Point, Rect, Size};

/// Where the steps stand. Laid out again only when there are others: a change of status moves nothing.
#[derive(Default)]
pub(super) struct Laid {
    steps: Vec<(StepId, Vec<usize>)>,
    is_narrow: bool,
    layout: LayeredLayout,
}

const STEP: Size = Size { width: 184.0, height: 52.0 };
/// For plans with many steps, and for small windows.
const SMALL: Size = Size { width: 152.0, height: 48.0 };
const MANY: usize = 20;
const SPACING: Spacing = Spacing { layers: 40.0, nodes: 16.0 };
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
            true => (Direction::Down, SMALL),
            false if steps.len() > MANY => (Direction::Right, SMALL),
            false => (Direction::Right, STEP),
        };
        *self = Self { layout: layered_layout(&waits_for, size, SPACING, way), steps, is_narrow };
    }

    /// The steps in the order of their levels, which no event changes.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let along = |place: &Rect| if self.is_narrow { place.at.y } else { place.at.x };
        order_by_weight(&self.layout.nodes.iter().map(along).collect::<Vec<f64>>())
    }

    /// The nearest one that way; straight ahead counts more than near.
    fn next(&self, from: &StepId, way: Point) -> Option<StepId> {
        let from = self.steps.iter().position(|(id, _)| id == from)?;
        let start = self.layout.nodes[from].middle();
        let mut best: Option<(f64, usize)> = None;
        for (step, place) in self.layout.nodes.iter().enumerate() {
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

pub(super) fn graph(scene: &Scene<'_>) -> Part {
    let LayeredLayout { nodes: places, edges: lines, size } = &scene.laid.layout;
    let line = |line: &Edge| {
        let status = scene.it.steps[line.from].status.to_string();
        Some(Part::new("path", "").with("d", line.path.clone()).with("data-run", status))
    };
    let lines = Part::new("svg", "flow-lines").with("aria-hidden", "true").parts(lines.iter().map(line).collect());
    let steps = scene.it.steps.iter().zip(places).map(|(step, place)| Some(node(step, place, scene.shown)));
    let ground = Part::new("div", "flow-ground").style("width", px(size.width)).style("height", px(size.height));
    let ground = ground.parts([Some(lines)].into_iter().chain(steps).collect());
    let frame = Part::new("div", "flow").with("role", "group");
    let frame = frame.with("aria-label", "Steps; the arrow keys move between them").parts(vec![Some(ground)]);
    let title = Part::new("h3", "").with("id", "run-flow-title").words("Steps");
    Part::new("section", "run-part run-flow")
        .with("aria-labelledby", "run-flow-title")
        .parts(vec![Some(title), Some(frame)])
}

fn node(step: &Step, place: &Rect, shown: Option<&StepId>) -> Part {
    let (name, status, words) = (looks::step_name(step), step.status.to_string(), looks::words(&step.status));
    let kind = step.step_type.clone().unwrap_or_default();
    let (tries, tried) = match step.attempt {
        0 | 1 => (None, String::new()),
        attempt => (span("flow-tries", format!("×{attempt}")), format!(", attempt {attempt}")),
    };
    let label = format!("{name}, {kind}, {words}{tried}");
    // A question says so already.
    let kind = if step.status == RunStatus::WaitingApproval { None } else { span("flow-kind", kind) };
    let is_shown = shown == Some(&step.step_id);
    Part::new("button", "flow-step")
        .with("type", "button")
        .with("data-step-id", step.step_id.to_string())
        .with("data-run", status.clone())
        .with("aria-label", label)
        .with("aria-pressed", is_shown.to_string())
        .with("tabindex", if is_shown { "0" } else { "-1" })
        .style("left", px(place.at.x))
        .style("top", px(place.at.y))
        .style("width", px(place.size.width))
        .style("height", px(place.size.height))
        .parts(vec![
            mark(&status),
            Some(Part::new("span", "flow-name").with("data-full", name.clone()).words(name)),
            Some(Part::new("span", "flow-more").parts(vec![word(&status, words), kind, tries])),
        ])
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
