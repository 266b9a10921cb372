//! The steps over time: a row a step, a bar an attempt. The scale is changed rarely, so that only a running bar moves.
//! Never where a bar lies (`geometry::span`).

use orrery_protocol::{Execution, Step};

use super::attempts::{Stretch, stretches};
use super::looks;
use super::view::{Scene, span};
use crate::ui::moment::{length, stopwatch};
use crate::ui::written::Part;
use orrery_layout::time_scale::TimeScale;

pub(super) fn timeline(scene: &Scene<'_>) -> Part {
    let began = began(scene.it).unwrap_or(scene.now);
    let ended = scene.it.completed_at.filter(|_| scene.it.status.is_terminal());
    let now = ended.map_or(scene.now, |at| at.millis());
    let scale = TimeScale::for_duration(now - began);
    let tick = |at: i64| span("time-tick", length(at)).map(|tick| tick.style("left", percent(scale.bar(at, at).0)));
    let ticks = Part::new("div", "time-ticks").parts(scale.ticks().map(tick).collect());
    let row = |step: usize| Some(row(scene, &scene.it.steps[step], scale, began, now));
    let rows = Part::new("ol", "").parts(scene.laid.in_order().into_iter().map(row).collect());
    let title = Part::new("h3", "").with("id", "run-time-title").words("Timeline");
    let ticks = Part::new("div", "time-scale").with("aria-hidden", "true").parts(vec![Some(ticks)]);
    Part::new("section", "run-part run-time")
        .with("aria-labelledby", "run-time-title")
        .parts(vec![Some(title), Some(Part::new("div", "time").parts(vec![Some(ticks), Some(rows)]))])
}

fn row(scene: &Scene<'_>, step: &Step, scale: TimeScale, began: i64, now: i64) -> Part {
    let all = stretches(step, &scene.told.attempts);
    let (name, word) = (looks::step_name(step), looks::words(&step.status));
    let bars = all.iter().enumerate().map(|(at, it)| Some(bar(at, it, scale, began, now))).collect();
    let took = match (all.first(), all.last()) {
        (Some(first), Some(Stretch { to: Some(to), .. })) => length(to - first.from),
        (Some(first), Some(_)) => stopwatch(now - first.from),
        _ => word.to_lowercase(),
    };
    let spoken = match all.len() {
        0 => String::new(),
        1 => format!("{word}, "),
        attempts => format!("{word}, {attempts} attempts, "),
    };
    Part::new("li", "time-row")
        .with("data-step-id", step.step_id.to_string())
        .with("data-run", step.status.to_string())
        .flag("data-shown", scene.shown == Some(&step.step_id))
        .parts(vec![
            Some(Part::new("span", "time-name").with("data-full", name.clone()).words(name)),
            span("spoken", spoken),
            Some(Part::new("span", "time-track").with("aria-hidden", "true").parts(bars)),
            span("time-took", took),
        ])
}

fn bar(at: usize, it: &Stretch, scale: TimeScale, began: i64, now: i64) -> Part {
    let (left, width) = scale.bar(it.from - began, it.to.unwrap_or(now) - began);
    Part::new("span", "time-bar")
        .with("data-run", it.status.to_string())
        .flag("data-open", it.to.is_none())
        .with("title", format!("Attempt {}: {}", at + 1, looks::words(&it.status)))
        .style("left", percent(left))
        .style("width", percent(width))
}

fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

/// When the first thing of it began: by the server's clock, not ours.
fn began(it: &Execution) -> Option<i64> {
    let steps = it.steps.iter().filter_map(|step| step.started_at);
    steps.chain(it.started_at).min().map(|at| at.millis())
}
