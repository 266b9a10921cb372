//! The agent card as its owner published it: what people look for first, then the whole JSON. Never validates it.

use leptos::prelude::*;
use serde_json::Value;

use super::shown::Shown;
use crate::ui::json::Json;
use crate::ui::state::Message;

#[component]
pub(super) fn AgentCardTab(shown: Shown) -> impl IntoView {
    let card = shown.field(|it| it.agent_card.clone());
    move || match card.get() {
        None => {
            view! { <Message title="No agent card yet" words="An agent publishes one when it registers.".to_owned() /> }
                .into_any()
        }
        Some(card) => {
            let map = card.to_map();
            let pretty = serde_json::to_string_pretty(&map).ok();
            view! {
                <section class="section">
                    <dl class="facts">
                        {words(&map, "name", "Name")}
                        {words(&map, "version", "Version")}
                        {words(&map, "description", "Description")}
                        {words(&map, "url", "URL")}
                        {capabilities(&map)}
                    </dl>
                </section>
                {skills(&map)}
                <section class="section">
                    <Json title="The whole card" text=pretty none="" />
                </section>
            }
            .into_any()
        }
    }
}

type Map = serde_json::Map<String, Value>;

fn words(card: &Map, key: &str, name: &'static str) -> Option<impl IntoView + use<>> {
    let words = card.get(key)?.as_str()?.to_owned();
    Some(view! {
        <dt>{name}</dt>
        <dd>{words}</dd>
    })
}

fn capabilities(card: &Map) -> Option<impl IntoView + use<>> {
    let capabilities = card.get("capabilities")?.as_object()?;
    let can: Vec<_> =
        capabilities.iter().filter(|(_, can)| **can == Value::Bool(true)).map(|(name, _)| name.clone()).collect();
    (!can.is_empty()).then(|| {
        view! {
            <dt>"Can"</dt>
            <dd>{can.join(", ")}</dd>
        }
    })
}

/// A skill is a word, or an object with more to say.
fn skills(card: &Map) -> Option<impl IntoView + use<>> {
    let skills = card.get("skills")?.as_array().filter(|skills| !skills.is_empty())?;
    let rows: Vec<_> = skills
        .iter()
        .filter_map(|skill| {
            let name = skill.as_str().or_else(|| skill.get("name").or_else(|| skill.get("id"))?.as_str())?.to_owned();
            let about = skill.get("description").and_then(Value::as_str).map(str::to_owned);
            Some(view! {
                <li>
                    {name}
                    {about.map(|about| view! { <p class="field-hint">{about}</p> })}
                </li>
            })
        })
        .collect();
    Some(view! {
        <section class="section">
            <h3>"Skills"</h3>
            <ul class="card-page-skills">{rows}</ul>
        </section>
    })
}
