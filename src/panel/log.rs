//! Rows of a log, each opening to the JSON behind it. Never which log.

use leptos::{html, prelude::*};
use orrery_protocol::WorkspaceId;
use serde_json::Value;

use crate::session::{CameraCommand, Session};
use crate::store::StoreSignals;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::json::Json;
use crate::ui::moment::clock;

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct LogRow {
    /// Tells it from the others; the same row keeps it when it is fetched again.
    pub key: String,
    pub what: String,
    /// Milliseconds since 1970.
    pub at: Option<i64>,
    /// Short words of the second line.
    pub more: Vec<String>,
    pub is_bad: bool,
    /// What it changed.
    pub facts: Vec<(&'static str, String)>,
    /// Whom it is about, when that is not the one whose log it is.
    pub about: Option<WorkspaceId>,
    pub bodies: Vec<Body>,
    /// Where the page before it begins.
    pub place: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Body {
    pub title: &'static str,
    pub json: Option<Value>,
}

#[component]
pub(super) fn Log(rows: Signal<Vec<LogRow>>) -> impl IntoView {
    view! {
        <ul class="entries">
            <For each=move || rows.get() key=|row| row.key.clone() children=|row| view! { <Entry row=row /> } />
        </ul>
    }
}

/// What is inside is made when it opens.
#[component]
fn Entry(row: LogRow) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let when = row.at.map(|at| clock(at, signals.now.get_untracked().millis()));
    let session = expect_context::<Session>();
    let is_sought = session.panels.event_key.with_untracked(|sought| sought.as_ref() == Some(&row.key));
    let (open, full) = (RwSignal::new(is_sought), row.what.clone());
    let element = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get().filter(|_| is_sought) {
            session.panels.event_key.set(None);
            element.scroll_into_view();
        }
    });
    let (facts, about) = (StoredValue::new(row.facts), StoredValue::new(row.about));
    let bodies = StoredValue::new(row.bodies);
    let more = row.more.into_iter().map(|word| view! { <span>{word}</span> }).collect_view();
    view! {
        <li class="entry" node_ref=element data-tone=row.is_bad.then_some("danger")>
            <button
                type="button"
                class="entry-row"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Glyph icon=Icon::ChevronRight />
                <span class="entry-what" data-full=full>
                    {row.what}
                </span>
                <span class="entry-when">{when}</span>
                <span class="entry-more">{more}</span>
            </button>
            {move || {
                open.get().then(|| {
                    let bodies = bodies.get_value().into_iter().map(|body| {
                        let text = body.json.as_ref().and_then(pretty);
                        view! { <Json title=body.title text=text none="No body was logged" /> }
                    });
                    view! {
                        <div class="entry-body">
                            {changed(facts.get_value())}
                            {about.get_value().map(|id| view! { <Show id=id /> })}
                            {bodies.collect_view()}
                        </div>
                    }
                })
            }}
        </li>
    }
}

fn changed(facts: Vec<(&'static str, String)>) -> Option<impl IntoView> {
    let rows = |(name, value): (&'static str, String)| view! { <dt>{name}</dt><dd>{value}</dd> };
    (!facts.is_empty()).then(|| view! { <dl class="facts">{facts.into_iter().map(rows).collect_view()}</dl> })
}

#[component]
fn Show(id: WorkspaceId) -> impl IntoView {
    let session = expect_context::<Session>();
    let go = move |_| {
        session.open(id.clone());
        session.camera_command.set(Some(CameraCommand::Show(id.clone())));
    };
    view! { <button type="button" class="link" on:click=go>"Show the workspace"</button> }
}

/// Some servers keep a body as JSON, others as the text of it.
fn pretty(body: &Value) -> Option<String> {
    match body {
        Value::Null => None,
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) => serde_json::to_string_pretty(&inner).ok(),
            Err(_) => Some(text.clone()),
        },
        other => serde_json::to_string_pretty(other).ok(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_body_is_indented_whether_it_came_as_json_or_as_its_text() {
        let indented = "{\n  \"a\": 1\n}";
        assert_eq!(pretty(&json!({"a": 1})).as_deref(), Some(indented));
        assert_eq!(pretty(&json!("{\"a\":1}")).as_deref(), Some(indented));
        assert_eq!(pretty(&json!("plain words")).as_deref(), Some("plain words"));
        assert_eq!(pretty(&Value::Null), None);
    }
}
