//! The workflows that are defined, each with a way to execute it. Never how one is defined.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkflowId;
use serde_json::{Map, Value};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, SubmitEvent};

use super::offered::{Offered, offered, text};
use super::pressed::{around, named};
use crate::commands::Commands;
use crate::session::{RunRef, RunsPage, Session};

#[derive(Clone, Default)]
struct LoadedState {
    offered: Offered,
    /// Asked for its values.
    open: Option<String>,
    starting: bool,
    refused: Option<String>,
}

pub(super) fn workflows() -> AnyView {
    let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
    let known = RwSignal::new(LoadedState::default());
    let load = move || {
        // Asked again when the server's address is known.
        commands.api();
        spawn_local(async move {
            let answer = match commands.ready() {
                Ok(api) => api.list_workflows().await,
                Err(error) => Err(error),
            };
            known.try_update(|known| match answer {
                Ok(all) => known.offered = Offered { all: Some(all), problem: None },
                Err(error) => known.offered.problem = Some(format!("The workflows could not be loaded: {error}")),
            });
        });
    };
    Effect::new(move |_| load());
    let execute = move |id: String, form: Element| {
        let Ok(id) = id.parse::<WorkflowId>() else { return };
        known.update(|known| (known.starting, known.refused) = (true, None));
        spawn_local(async move {
            let answer = match commands.ready() {
                Ok(api) => api.execute_workflow(&id, values(&form)).await,
                Err(error) => Err(error),
            };
            known.try_update(|known| known.starting = false);
            match answer {
                Ok(execution) => session.panels.runs_page.set(Some(RunsPage::One(RunRef::Execution(execution)))),
                Err(error) => {
                    let refusal = format!("It was not started: {error}");
                    known.try_update(|known| (known.open, known.refused) = (Some(id.to_string()), Some(refusal)));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (id, form) = (named(&event, "data-workflow-id"), around(&event, "data-workflow-id"));
        let (Some(id), Some(form)) = (id, form) else { return };
        let is_open = known.with_untracked(|known| known.open.as_ref() == Some(&id));
        if known.with_untracked(|known| known.starting) {
            return;
        }
        // One that wants values is asked for them first.
        if !is_open && form.has_attribute("data-wants") {
            known.update(|known| (known.open, known.refused) = (Some(id), None));
        } else {
            execute(id, form);
        }
    };
    let again = move |event: web_sys::MouseEvent| {
        if named(&event, "data-again").is_some() {
            untrack(load);
        }
    };
    let none = "No workflow is defined yet: POST one to /api/workflows, then execute it here.";
    let content =
        move || known.with(|known| offered(&known.offered, "Loading the workflows", none, |one| workflow(one, known)));
    view! {
        <section class="runs-workflows" aria-labelledby="workflows-title" on:submit=submit on:click=again>
            <h3 id="workflows-title">"Workflows"</h3>
            {content}
        </section>
    }
    .into_any()
}

fn workflow(it: &Value, known: &LoadedState) -> AnyView {
    let list = |key: &str| it.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (id, name) = (text(it, "workflow_id"), text(it, "name"));
    let is_open = known.open.as_ref() == Some(&id);
    let variables = list("variables");
    let field = |one: &Value| {
        let (name, value) = (text(one, "name"), written(one.get("default")));
        let is_required = one.get("required").and_then(Value::as_bool).unwrap_or(false);
        view! {
            <label class="field">
                <span>{name.clone()}</span>
                <input class="input" autocomplete="off" name=name value=value required=is_required />
            </label>
        }
        .into_any()
    };
    let fields: Vec<AnyView> = if is_open { variables.iter().map(field).collect() } else { Vec::new() };
    let refused = known.refused.clone().filter(|_| is_open);
    let steps = list("steps").iter().map(|step| text(step, "name")).collect::<Vec<_>>().join(" · ");
    let answer = if known.starting && is_open { "Starting…" } else { "Execute" };
    view! {
        <li>
            <form class="workflow" data-workflow-id=id data-wants=(!variables.is_empty()).then_some("")>
                <div class="workflow-head">
                    <span class="workflow-name">{name.clone()}</span>
                    <button
                        type="submit"
                        class="button"
                        data-size="small"
                        data-tone=is_open.then_some("primary")
                        aria-label=format!("Execute {name}")
                    >
                        {answer}
                    </button>
                </div>
                <p class="workflow-words">{text(it, "description")}</p>
                <p class="workflow-steps">{steps}</p>
                <div class="workflow-values">{fields}</div>
                {refused.map(|words| view! { <p class="problem" role="alert">{words}</p> }.into_any())}
            </form>
        </li>
    }
    .into_any()
}

fn written(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// What reads as JSON is that; anything else is text. A field that was left empty is not sent.
fn values(form: &Element) -> Map<String, Value> {
    let mut all = Map::new();
    let Ok(inputs) = form.query_selector_all("input") else { return all };
    for input in (0..inputs.length()).filter_map(|at| inputs.item(at)?.dyn_into::<HtmlInputElement>().ok()) {
        let text = input.value();
        if !text.trim().is_empty() {
            all.insert(input.name(), serde_json::from_str(&text).unwrap_or(Value::String(text)));
        }
    }
    all
}
