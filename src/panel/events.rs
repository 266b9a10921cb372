//! This workspace's own log, newest first, each event as JSON on demand. Never the fleet's feed.

use leptos::prelude::*;
use orrery_protocol::{Timestamp, WorkspaceId};
use serde_json::Value;

use super::entry::Entry;
use super::pages::{FetchState, fetched};
use crate::live::Live;
use crate::ui::json::Json;
use crate::ui::moment::clock;

#[derive(Debug, Clone, PartialEq)]
struct Row {
    kind: String,
    at: Option<Timestamp>,
    seq: Option<u64>,
    json: Value,
}

#[component]
pub(super) fn EventsTab(id: WorkspaceId) -> impl IntoView {
    let live = expect_context::<Live>();
    let hint = Memo::new({
        let id = id.clone();
        move |_| live.entries(Some(&id), 1).first().map_or(0, |entry| entry.number)
    });
    let (state, refetch) = fetched(hint.into(), move |api| {
        let id = id.clone();
        async move { Ok(rows(api.events(&id).await?)) }
    });
    let key = |row: &Row| (row.seq, row.kind.clone(), row.at.map(Timestamp::millis));
    view! {
        <FetchState
            state=state
            loading="Loading the events"
            empty_title="No events yet"
            empty="What happens to this workspace is logged here."
            on_retry=refetch
        />
        <ul class="entries">
            <For
                each=move || state.with(|state| state.rows().to_vec())
                key=key
                children=move |row| view! { <EventEntry row=row /> }
            />
        </ul>
    }
}

#[component]
fn EventEntry(row: Row) -> impl IntoView {
    let live = expect_context::<Live>();
    let when = row.at.map(|at| clock(at.millis(), live.now.get_untracked().millis())).unwrap_or_default();
    let more = row.seq.map(|seq| format!("seq {seq}")).into_iter().collect();
    let is_bad = matches!(row.kind.as_str(), "WORKSPACE_PROVISION_FAILED" | "WORKSPACE_DEGRADED");
    let json = StoredValue::new(row.json);
    view! {
        <Entry what=row.kind when=when more=more is_bad=is_bad>
            {move || view! {
                <Json title="Event" text=json.with_value(|json| serde_json::to_string_pretty(json).ok()) none="" />
            }}
        </Entry>
    }
}

/// An array, or an object that holds one; oldest first on the wire.
fn rows(answer: Value) -> Vec<Row> {
    let list = match answer {
        Value::Array(list) => list,
        Value::Object(map) => map.into_iter().find_map(|(_, value)| value.as_array().cloned()).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut rows: Vec<Row> = list.into_iter().map(row).collect();
    rows.reverse();
    rows
}

fn row(json: Value) -> Row {
    let text = |keys: &[&str]| keys.iter().find_map(|key| json.get(key)?.as_str()).map(str::to_owned);
    Row {
        kind: text(&["event", "event_type"]).unwrap_or_else(|| "An event without a name".to_owned()),
        at: text(&["timestamp", "created_at"]).and_then(|at| at.parse().ok()),
        seq: json.get("seq").and_then(Value::as_u64),
        json,
    }
}
