//! The step that is looked at: why it failed, what it put out, its attempts and its facts. Never the other steps.

use leptos::prelude::*;
use orrery_protocol::{Step, WorkspaceId};

use super::attempts::stretches;
use super::looks;
use super::view::Scene;
use crate::ui::moment::{clock, length};

pub(super) fn step(scene: &Scene<'_>) -> AnyView {
    let shown = scene.it.steps.iter().find(|step| Some(&step.step_id) == scene.shown);
    let content = match shown {
        None => view! { <h3 id="run-step-title">"No steps yet"</h3> }.into_any(),
        Some(step) => (head(step), error(step), facts(scene, step), tries(scene, step), output(scene, step)).into_any(),
    };
    view! {
        <section class="run-part run-step" aria-labelledby="run-step-title">
            {content}
        </section>
    }
    .into_any()
}

fn head(step: &Step) -> AnyView {
    let status = step.status.to_string();
    view! {
        <h3 id="run-step-title">
            <i class="run-mark" data-run=status.clone()></i>
            <span class="run-step-name">{looks::step_name(step)}</span>
            <span class="run-word" data-run=status>
                {looks::words(&step.status)}
            </span>
        </h3>
    }
    .into_any()
}

fn error(step: &Step) -> Option<AnyView> {
    let title = match step.status.as_str() {
        "skipped" => "Why it was skipped",
        "failed" => "Error",
        _ => "Last error",
    };
    let tone = if title == "Error" { "danger" } else { "" };
    step.error_message.clone().map(|words| text(title, words, tone))
}

/// What its agent answered; read when the step is looked at.
fn output(scene: &Scene<'_>, step: &Step) -> Option<AnyView> {
    let told = scene.told.record.as_ref()?.steps.iter().find(|it| it.step_id == step.step_id)?;
    let pretty = serde_json::to_string_pretty(told.output_data.as_ref()?).ok()?;
    Some(text("Output", pretty, ""))
}

fn text(title: &'static str, words: String, tone: &'static str) -> AnyView {
    view! {
        <div class="json">
            <div class="json-head">
                <span>{title}</span>
            </div>
            <pre tabindex="0" role="region" aria-label=title data-tone=tone>
                {words}
            </pre>
        </div>
    }
    .into_any()
}

fn facts(scene: &Scene<'_>, step: &Step) -> AnyView {
    let plain = |words: String| words.into_any();
    let after = Some(step.depends_on_steps.join(", ")).filter(|names| !names.is_empty());
    let all = [
        ("Type", step.step_type.clone().map(plain)),
        ("Workspace", step.workspace_id.as_ref().map(|id| place(scene, id))),
        ("After", after.map(plain)),
        ("Started", step.started_at.map(|at| plain(clock(at.millis(), scene.now)))),
        ("Took", step.duration_seconds.map(|seconds| plain(length(looks::millis(seconds))))),
        ("Attempt", (step.attempt > 0).then(|| plain(step.attempt.to_string()))),
    ];
    let rows = all.into_iter().filter_map(|(name, value)| {
        let row = view! {
            <dt>{name}</dt>
            <dd>{value?}</dd>
        };
        Some(row.into_any())
    });
    let rows: Vec<AnyView> = rows.collect();
    view! { <dl class="facts">{rows}</dl> }.into_any()
}

fn place(scene: &Scene<'_>, id: &WorkspaceId) -> AnyView {
    let words = scene.roster.name(id).unwrap_or_else(|| id.to_string());
    view! {
        <button type="button" class="link" title="Show on the canvas" data-deed="show" data-place=id.to_string()>
            {words}
        </button>
    }
    .into_any()
}

/// One attempt is told by the facts already.
fn tries(scene: &Scene<'_>, step: &Step) -> Option<AnyView> {
    let all = stretches(step, &scene.told.attempts);
    let rows = all.iter().enumerate().map(|(at, it)| {
        let took = it.to.map(|to| length(to - it.from)).unwrap_or_default();
        view! {
            <li>
                <span>{(at + 1).to_string()}</span>
                <span class="run-word" data-run=it.status.to_string()>
                    {looks::words(&it.status)}
                </span>
                <span>{took}</span>
                <span class="run-reason">{it.error.clone().unwrap_or_default()}</span>
            </li>
        }
        .into_any()
    });
    let rows: Vec<AnyView> = rows.collect();
    let view = view! {
        <div class="json">
            <div class="json-head">
                <span>"Attempts"</span>
            </div>
            <ol class="run-tries">{rows}</ol>
        </div>
    };
    (all.len() > 1).then(|| view.into_any())
}
