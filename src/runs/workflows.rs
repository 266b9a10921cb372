//! The workflows that are defined, and a form to start each of them.

use leptos::{ev::SubmitEvent, prelude::*};
use serde_json::{Map, Value};

use super::catalog::{Catalog, StartAction, StartError, text};
use crate::api::ApiError;
use crate::commands::Commands;
use crate::commands::query::Query;
use crate::session::{RunsPage, Session, Subject};

#[component]
pub(super) fn WorkflowList() -> impl IntoView {
    let once = Signal::stored(Some(0));
    let workflows = Query::new(once, Box::new(|api| Box::pin(async move { api.workflows().await })));
    view! {
        <Catalog
            title="Workflows"
            subject="workflows"
            empty="No workflows yet. Create one with POST /api/workflows to start it here."
            items=workflows
            item=|workflow| view! { <WorkflowForm workflow=workflow /> }.into_any()
        />
    }
}

/// An input variable of a workflow.
#[derive(Clone)]
struct Variable {
    name: String,
    is_required: bool,
    value: RwSignal<String>,
}

/// Asks for the variables of a workflow that has some before it starts.
#[component]
fn WorkflowForm(workflow: Value) -> impl IntoView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let (id, name) = (text(&workflow, "workflow_id"), text(&workflow, "name"));
    let variables = StoredValue::new(list(&workflow, "variables").iter().map(Variable::new).collect::<Vec<_>>());
    let is_expanded = RwSignal::new(variables.with_value(Vec::is_empty));
    let workflow_id = StoredValue::new(id.clone());
    let start: StartAction = Action::new_local(move |(): &()| async move {
        let id = workflow_id.get_value();
        let id = id.parse().map_err(|_| ApiError::Unreadable("the workflow has no id".to_owned()))?;
        let execution = commands.ready()?.execute(&id, variables.with_value(|all| input(all))).await?;
        session.runs.set(Some(RunsPage::One(Subject::Execution(execution))));
        Ok(())
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !is_expanded.get_untracked() {
            is_expanded.set(true);
        } else if !start.pending().get_untracked() {
            start.dispatch_local(());
        }
    };
    let steps = list(&workflow, "steps").iter().map(|step| text(step, "name")).collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <form class="workflow" data-workflow-id=id on:submit=submit>
                <div class="workflow-head">
                    <span class="workflow-name">{name.clone()}</span>
                    <button type="submit" class="button" data-size="small" aria-label=format!("Start {name}")>
                        {move || if start.pending().get() { "Starting…" } else { "Start" }}
                    </button>
                </div>
                <p class="workflow-description">{text(&workflow, "description")}</p>
                <p class="workflow-steps">{steps}</p>
                <Show when=move || is_expanded.get()>
                    <div class="workflow-inputs">{variables.get_value().into_iter().map(field).collect_view()}</div>
                </Show>
                <StartError start=start />
            </form>
        </li>
    }
}

fn field(variable: Variable) -> AnyView {
    let Variable { name, is_required, value } = variable;
    view! {
        <label class="field">
            <span>{name.clone()}</span>
            <input
                class="input"
                autocomplete="off"
                name=name
                required=is_required
                prop:value=value
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

impl Variable {
    fn new(variable: &Value) -> Self {
        let default = match variable.get("default") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        Self {
            name: text(variable, "name"),
            is_required: variable.get("required").and_then(Value::as_bool).unwrap_or(false),
            value: RwSignal::new(default),
        }
    }
}

/// Returns the values to start with: JSON where a value reads as such, otherwise text. Empty fields are left out.
fn input(variables: &[Variable]) -> Map<String, Value> {
    let entry = |variable: &Variable| {
        let text = variable.value.get_untracked();
        let is_empty = text.trim().is_empty();
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (!is_empty).then(|| (variable.name.clone(), value))
    };
    variables.iter().filter_map(entry).collect()
}

fn list<'a>(workflow: &'a Value, key: &str) -> &'a [Value] {
    workflow.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
