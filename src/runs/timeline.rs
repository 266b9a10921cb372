//! The steps over time: a row a step, a bar an attempt. The scale is changed rarely, so that only a running bar moves.
//! Never where a bar lies (`geometry::span`).

use leptos::prelude::*;
use orrery_protocol::{Execution, Step};

use super::attempts::{Stretch, stretches};
use super::looks;
use super::view::Scene;
use crate::geometry::span::Scale;
use crate::ui::moment::{length, stopwatch};

pub(super) fn timeline(scene: &Scene<'_>) -> AnyView {
    let began = began(scene.it).unwrap_or(scene.now);
    let ended = scene.it.completed_at.filter(|_| scene.it.status.is_terminal());
    let now = ended.map_or(scene.now, |at| at.millis());
    let scale = Scale::holding(now - began);
    let tick = |at: i64| {
        let left = percent(scale.bar(at, at).0);
        view! {
            <span class="time-tick" style:left=left>
                {length(at)}
            </span>
        }
        .into_any()
    };
    let ticks: Vec<AnyView> = scale.ticks().map(tick).collect();
    let order = scene.laid.in_order();
    let rows: Vec<AnyView> =
        order.into_iter().map(|step| row(scene, &scene.it.steps[step], scale, began, now)).collect();
    view! {
        <section class="run-part run-time" aria-labelledby="run-time-title">
            <h3 id="run-time-title">"Timeline"</h3>
            <div class="time">
                <div class="time-scale" aria-hidden="true">
                    <div class="time-ticks">{ticks}</div>
                </div>
                <ol>{rows}</ol>
            </div>
        </section>
    }
    .into_any()
}

fn row(scene: &Scene<'_>, step: &Step, scale: Scale, began: i64, now: i64) -> AnyView {
    let all = stretches(step, &scene.told.attempts);
    let (name, word) = (looks::step_name(step), looks::words(&step.status));
    let bars: Vec<AnyView> = all.iter().enumerate().map(|(at, it)| bar(at, it, scale, began, now)).collect();
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
    view! {
        <li
            class="time-row"
            data-step-id=step.step_id.to_string()
            data-run=step.status.to_string()
            data-shown=(scene.shown == Some(&step.step_id)).then_some("")
        >
            <span class="time-name" data-full=name.clone()>
                {name.clone()}
            </span>
            <span class="spoken">{spoken}</span>
            <span class="time-track" aria-hidden="true">
                {bars}
            </span>
            <span class="time-took">{took}</span>
        </li>
    }
    .into_any()
}

fn bar(at: usize, it: &Stretch, scale: Scale, began: i64, now: i64) -> AnyView {
    let (left, width) = scale.bar(it.from - began, it.to.unwrap_or(now) - began);
    view! {
        <span
            class="time-bar"
            data-run=it.status.to_string()
            data-open=it.to.is_none().then_some("")
            title=format!("Attempt {}: {}", at + 1, looks::words(&it.status))
            style:left=percent(left)
            style:width=percent(width)
        ></span>
    }
    .into_any()
}

fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

/// When the first thing of it began: by the server's clock, not ours.
fn began(it: &Execution) -> Option<i64> {
    let steps = it.steps.iter().filter_map(|step| step.started_at);
    steps.chain(it.started_at).min().map(|at| at.millis())
}
