//! The selected step of a run: its error, facts, attempts and output.

use leptos::prelude::*;
use orrery_protocol::{RunStatus, Step};

use super::labels::{seconds_to_millis, status_label, step_name};
use super::run_list::{StatusIcon, StatusLabel};
use super::run_query::RunQuery;
use super::workspace_link::WorkspaceLink;
use crate::store::Directory;
use crate::ui::json::Json;
use crate::ui::time::{format_duration, format_time_of_day};

#[component]
pub(super) fn StepDetails(query: RunQuery) -> impl IntoView {
    let step = Memo::new(move |_| {
        let id = query.selected_step.get()?;
        query.read(|execution| execution.steps.iter().find(|step| step.step_id == id).cloned())
    });
    let content = move || {
        step.get().map(|step| {
            let step = StoredValue::new(step);
            view! {
                <h3 id="run-step-title">
                    <StatusIcon status=step.with_value(|step| step.status.to_string()) />
                    <span class="run-step-name">{step.with_value(step_name)}</span>
                    {step.with_value(|step| {
                        view! { <StatusLabel status=step.status.to_string() label=status_label(&step.status) /> }
                    })}
                </h3>
                {step.with_value(error)}
                {step.with_value(|step| facts(query, step))}
                {move || step.with_value(|step| attempts(query, step))}
                {move || step.with_value(|step| output(query, step))}
            }
        })
    };
    view! {
        <section class="run-section run-step" aria-labelledby="run-step-title">
            {content}
        </section>
    }
}

fn error(step: &Step) -> Option<AnyView> {
    let (title, tone) = match step.status {
        RunStatus::Skipped => ("Reason", None),
        RunStatus::Failed => ("Error", Some("danger")),
        _ => ("Last error", None),
    };
    let error = step.error_message.clone()?;
    let view = view! {
        <div class="run-step-error" data-tone=tone>
            <Json title=title text=error none="" />
        </div>
    };
    Some(view.into_any())
}

/// Shows the facts that are known.
fn facts(query: RunQuery, step: &Step) -> AnyView {
    let directory = expect_context::<Directory>();
    let dependencies = Some(step.depends_on_steps.join(", ")).filter(|names| !names.is_empty());
    let started_at = step.started_at.map(|at| format_time_of_day(at.millis(), query.now.get_untracked()));
    let took = step.duration_seconds.map(|seconds| format_duration(seconds_to_millis(seconds)));
    let attempt = (step.attempt > 0).then(|| step.attempt.to_string());
    let workspace = step.workspace_id.clone().map(|id| {
        let name = directory.display_name(&id);
        view! { <WorkspaceLink id=id label=name /> }.into_any()
    });
    let text = |text: Option<String>| text.map(IntoAny::into_any);
    let facts = [
        ("Type", text(step.step_type.clone())),
        ("Workspace", workspace),
        ("Depends on", text(dependencies)),
        ("Started", text(started_at)),
        ("Duration", text(took)),
        ("Attempt", text(attempt)),
    ];
    let fact = |(name, value): (&'static str, Option<AnyView>)| {
        value.map(|value| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
            .into_any()
        })
    };
    view! { <dl class="facts">{facts.into_iter().filter_map(fact).collect_view()}</dl> }.into_any()
}

/// A single attempt is described by the facts.
fn attempts(query: RunQuery, step: &Step) -> Option<AnyView> {
    let spans = query.spans(step);
    if spans.len() < 2 {
        return None;
    }
    let rows = spans.into_iter().enumerate().map(|(index, span)| {
        let took = span.end.map(|end| format_duration(end - span.start));
        view! {
            <li>
                <span>{index + 1}</span>
                <StatusLabel status=span.status.to_string() label=status_label(&span.status) />
                <span>{took}</span>
                <span class="run-reason">{span.error}</span>
            </li>
        }
    });
    let view = view! {
        <div class="json">
            <div class="json-head">
                <span>"Attempts"</span>
            </div>
            <ol class="run-attempts">{rows.collect_view()}</ol>
        </div>
    };
    Some(view.into_any())
}

/// Shows what the step put out, which only the server's answer contains.
fn output(query: RunQuery, step: &Step) -> Option<AnyView> {
    let output = query.details.state().with(|state| {
        let execution = &state.answer()?.execution;
        execution.steps.iter().find(|it| it.step_id == step.step_id)?.output_data.clone()
    });
    let text = serde_json::to_string_pretty(&output?).ok()?;
    Some(view! { <Json title="Output" text=text none="" /> }.into_any())
}
