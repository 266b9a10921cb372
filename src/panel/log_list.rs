//! A list of log rows, each opening to what it changed and to its JSON.

use leptos::{html, prelude::*};
use orrery_protocol::WorkspaceId;
use serde_json::Value;

use crate::runs::WorkspaceLink;
use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::json::Json;
use crate::ui::time::format_time_of_day;

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct LogRow {
    /// Identifies the row; the same after it is fetched again.
    pub key: String,
    pub title: String,
    /// Milliseconds since 1970.
    pub at: Option<i64>,
    /// Short texts of the second line.
    pub details: Vec<String>,
    pub is_problem: bool,
    /// What the event changed: names and values.
    pub changes: Vec<(&'static str, String)>,
    /// The workspace, in a log that is not its own.
    pub workspace: Option<WorkspaceId>,
    pub bodies: Vec<LogBody>,
    /// The cursor of the page of older rows.
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct LogBody {
    pub title: &'static str,
    pub json: Option<Value>,
}

#[component]
pub(super) fn LogList(rows: Signal<Vec<LogRow>>) -> impl IntoView {
    view! {
        <ul class="log-list">
            <For each=move || rows.get() key=|row| row.key.clone() let:row>
                <LogEntry row=row />
            </For>
        </ul>
    }
}

/// Opens at once and scrolls into view when it is the requested event of the session.
#[component]
fn LogEntry(row: LogRow) -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let time = row.at.map(|at| format_time_of_day(at, signals.now.get_untracked().millis()));
    let is_requested = session.event.with_untracked(|key| key.as_ref() == Some(&row.key));
    let is_open = RwSignal::new(is_requested);
    let element = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get().filter(|_| is_requested) {
            session.event.set(None);
            element.scroll_into_view();
        }
    });
    let details = row.details.iter().map(|text| view! { <span>{text.clone()}</span> }).collect_view();
    let (title, is_problem) = (row.title.clone(), row.is_problem);
    let row = StoredValue::new(row);
    view! {
        <li class="log-entry" node_ref=element data-tone=is_problem.then_some("danger")>
            <button
                type="button"
                class="log-entry-row"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                <Glyph icon=Icon::ChevronRight />
                <span class="log-entry-title" data-full=title.clone()>
                    {title.clone()}
                </span>
                <span class="log-entry-time">{time}</span>
                <span class="log-entry-details">{details}</span>
            </button>
            <Show when=move || is_open.get()>{row.with_value(entry_body)}</Show>
        </li>
    }
}

fn entry_body(row: &LogRow) -> AnyView {
    let change = |(name, value): &(&'static str, String)| {
        view! {
            <dt>{*name}</dt>
            <dd>{value.clone()}</dd>
        }
    };
    let changes = row.changes.iter().map(change).collect_view();
    let body = |body: &LogBody| {
        view! { <Json title=body.title text=body.json.as_ref().and_then(pretty_json) none="No body logged" /> }
    };
    view! {
        <div class="log-entry-body">
            {(!row.changes.is_empty()).then(|| view! { <dl class="facts">{changes}</dl> })}
            {row.workspace.clone().map(|id| view! { <WorkspaceLink id=id label="Show on canvas" /> })}
            {row.bodies.iter().map(body).collect_view()}
        </div>
    }
    .into_any()
}

/// Returns the body indented. Some servers store JSON bodies as text.
fn pretty_json(body: &Value) -> Option<String> {
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
    fn body_is_indented_whether_it_is_json_or_json_text() {
        let indented = "{\n  \"a\": 1\n}";
        assert_eq!(pretty_json(&json!({"a": 1})).as_deref(), Some(indented));
        assert_eq!(pretty_json(&json!("{\"a\":1}")).as_deref(), Some(indented));
        assert_eq!(pretty_json(&json!("plain words")).as_deref(), Some("plain words"));
        assert_eq!(pretty_json(&Value::Null), None);
    }
}
