//! The step that is looked at: why it failed, what it put out, its attempts and its facts. Never the other steps.

use orrery_protocol::{Step, WorkspaceId};

use super::attempts::stretches;
use super::looks;
use super::view::{Scene, mark, span, word};
use crate::ui::moment::{clock, length};
use crate::ui::written::Part;

pub(super) fn step(scene: &Scene<'_>) -> Part {
    let shown = scene.it.steps.iter().find(|step| Some(&step.step_id) == scene.shown);
    let content = match shown {
        None => vec![Some(Part::new("h3", "").with("id", "run-step-title").words("No steps yet"))],
        Some(step) => {
            vec![Some(head(step)), error(step), Some(facts(scene, step)), tries(scene, step), output(scene, step)]
        }
    };
    Part::new("section", "run-part run-step").with("aria-labelledby", "run-step-title").parts(content)
}

fn head(step: &Step) -> Part {
    let status = step.status.to_string();
    Part::new("h3", "").with("id", "run-step-title").parts(vec![
        mark(&status),
        span("run-step-name", looks::step_name(step)),
        word(&status, looks::words(&step.status)),
    ])
}

fn error(step: &Step) -> Option<Part> {
    let (title, tone) = match step.status.as_str() {
        "skipped" => ("Why it was skipped", ""),
        "failed" => ("Error", "danger"),
        _ => ("Last error", ""),
    };
    step.error_message.clone().map(|words| text(title, words, tone))
}

/// What its agent answered; written out when the step is looked at.
fn output(scene: &Scene<'_>, step: &Step) -> Option<Part> {
    let told = scene.told.record.as_ref()?.steps.iter().find(|it| it.step_id == step.step_id)?;
    let pretty = serde_json::to_string_pretty(told.output_data.as_ref()?).ok()?;
    Some(text("Output", pretty, ""))
}

fn text(title: &'static str, words: String, tone: &'static str) -> Part {
    let pre = Part::new("pre", "").with("tabindex", "0").with("role", "region").with("aria-label", title);
    titled(title, pre.with("data-tone", tone).words(words))
}

fn titled(title: &'static str, content: Part) -> Part {
    let head = Part::new("div", "json-head").parts(vec![span("", title)]);
    Part::new("div", "json").parts(vec![Some(head), Some(content)])
}

/// Each fact has its place, whether it is known or not.
fn facts(scene: &Scene<'_>, step: &Step) -> Part {
    let after = Some(step.depends_on_steps.join(", ")).filter(|names| !names.is_empty());
    let started = step.started_at.map(|at| clock(at.millis(), scene.now));
    let took = step.duration_seconds.map(|seconds| length(looks::millis(seconds)));
    let attempt = (step.attempt > 0).then(|| step.attempt.to_string());
    let plain = |words: Option<String>| words.and_then(|words| span("", words));
    let all = [
        ("Type", plain(step.step_type.clone())),
        ("Workspace", step.workspace_id.as_ref().map(|id| place(scene, id))),
        ("After", plain(after)),
        ("Started", plain(started)),
        ("Took", plain(took)),
        ("Attempt", plain(attempt)),
    ];
    let mut rows = Vec::new();
    for (name, value) in all {
        rows.push(value.is_some().then(|| Part::new("dt", "").words(name)));
        rows.push(value.map(|value| Part::new("dd", "").parts(vec![Some(value)])));
    }
    Part::new("dl", "facts").parts(rows)
}

fn place(scene: &Scene<'_>, id: &WorkspaceId) -> Part {
    let link = Part::new("button", "link").with("type", "button").with("title", "Show on the canvas");
    let link = link.with("data-deed", "show").with("data-place", id.to_string());
    link.words(scene.directory.name(id).unwrap_or_else(|| id.to_string()))
}

/// One attempt is told by the facts already.
fn tries(scene: &Scene<'_>, step: &Step) -> Option<Part> {
    let all = stretches(step, &scene.told.attempts);
    if all.len() < 2 {
        return None;
    }
    let rows = all.iter().enumerate().map(|(at, it)| {
        let took = it.to.map(|to| length(to - it.from)).unwrap_or_default();
        Some(Part::new("li", "").parts(vec![
            span("", (at + 1).to_string()),
            word(it.status.as_str(), looks::words(&it.status)),
            span("", took),
            span("run-reason", it.error.clone().unwrap_or_default()),
        ]))
    });
    Some(titled("Attempts", Part::new("ol", "run-tries").parts(rows.collect())))
}
