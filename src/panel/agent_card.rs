//! The agent card as its owner published it: its main fields, then the whole JSON. The card is not validated.

use leptos::prelude::*;
use serde_json::Value;

use super::selected_workspace::SelectedWorkspace;
use crate::ui::json::Json;
use crate::ui::state::Message;

#[component]
pub(super) fn AgentCardTab(workspace: SelectedWorkspace) -> impl IntoView {
    let card = workspace.field(|it| it.agent_card.clone());
    move || {
        match card.get() {
        None => {
            view! { <Message title="No agent card yet" words="The card will appear here when the agent registers.".to_owned() /> }
                .into_any()
        }
        Some(card) => {
            let map = card.to_map();
            let pretty = serde_json::to_string_pretty(&map).ok();
            view! {
                <section class="section">
                    <dl class="facts">
                        {text(&map, "name", "Name")}
                        {text(&map, "version", "Version")}
                        {text(&map, "description", "Description")}
                        {text(&map, "url", "URL")}
                        {capabilities(&map)}
                    </dl>
                </section>
                {skills(&map)}
                <section class="section">
                    <Json title="Agent card (JSON)" text=pretty none="" />
                </section>
            }
            .into_any()
        }
    }
    }
}

type Map = serde_json::Map<String, Value>;

fn text(card: &Map, key: &str, name: &'static str) -> Option<impl IntoView + use<>> {
    let text = card.get(key)?.as_str()?.to_owned();
    Some(view! {
        <dt>{name}</dt>
        <dd>{text}</dd>
    })
}

fn capabilities(card: &Map) -> Option<impl IntoView + use<>> {
    let capabilities = card.get("capabilities")?.as_object()?;
    let can: Vec<_> =
        capabilities.iter().filter(|(_, can)| **can == Value::Bool(true)).map(|(name, _)| name.clone()).collect();
    (!can.is_empty()).then(|| {
        view! {
            <dt>"Capabilities"</dt>
            <dd>{can.join(", ")}</dd>
        }
    })
}

/// A skill is a name, or an object with a name and a description.
fn skills(card: &Map) -> Option<impl IntoView + use<>> {
    let skills = card.get("skills")?.as_array().filter(|skills| !skills.is_empty())?;
    let rows: Vec<_> = skills
        .iter()
        .filter_map(|skill| {
            let name = skill.as_str().or_else(|| skill.get("name").or_else(|| skill.get("id"))?.as_str())?.to_owned();
            let description = skill.get("description").and_then(Value::as_str).map(str::to_owned);
            Some(view! {
                <li>
                    {name}
                    {description.map(|text| view! { <p class="field-hint">{text}</p> })}
                </li>
            })
        })
        .collect();
    Some(view! {
        <section class="section">
            <h3>"Skills"</h3>
            <ul class="agent-card-skills">{rows}</ul>
        </section>
    })
}
