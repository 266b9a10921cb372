//! What the agent did, newest first, with the bodies of each entry. Never the structure events.

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Timestamp, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::entry::Entry;
use super::pages::{FetchState, fetched};
use crate::actions::Actions;
use crate::live::Live;
use crate::roster::Roster;
use crate::ui::button::Button;
use crate::ui::json::Json;
use crate::ui::moment::{clock, length};

const PAGE: usize = 40;

/// Read leniently: servers differ in what they keep.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(default)]
struct Row {
    id: Option<String>,
    seq: Option<u64>,
    created_at: Option<Timestamp>,
    activity_type: Option<String>,
    method: Option<String>,
    summary: Option<String>,
    status: Option<String>,
    source_id: Option<String>,
    target_id: Option<String>,
    duration_ms: Option<u64>,
    request_body: Option<Value>,
    response_body: Option<Value>,
    error_detail: Option<Value>,
}

#[component]
pub(super) fn ActivityTab(id: WorkspaceId) -> impl IntoView {
    let (live, actions) = (expect_context::<Live>(), expect_context::<Actions>());
    let of = StoredValue::new(id.clone());
    let older = RwSignal::new(Vec::<Row>::new());
    let is_all = RwSignal::new(false);
    let (state, refetch) = fetched(live.selected_activity.into(), {
        let id = id.clone();
        move |api| {
            let id = id.clone();
            async move { Ok(rows(api.activity(&id, PAGE).await?)) }
        }
    });
    // A page that grew at its head overlaps the older ones: each row once.
    let shown = Memo::new(move |_| {
        let mut all = state.with(|state| state.rows().to_vec());
        older.with(|older| {
            let newer: Vec<_> =
                older.iter().filter(|row| !all.iter().any(|one| one.key() == row.key())).cloned().collect();
            all.extend(newer);
        });
        all
    });
    let may_have_more = move || !is_all.get() && shown.with(Vec::len) >= PAGE;
    let load_older = move |_| {
        let last = shown.with_untracked(|shown| shown.last().and_then(Row::place));
        let (Some(before), Some(api)) = (last, actions.api()) else { return };
        let id = id.clone();
        spawn_local(async move {
            if let Ok(page) = api.activity_before(&id, &before, PAGE).await {
                is_all.try_set(page.len() < PAGE);
                older.try_update(|older| older.extend(rows(page)));
            }
        });
    };
    view! {
        <FetchState
            state=state
            loading="Loading the activity"
            empty_title="No activity yet"
            empty="Calls between agents, their logs and their errors appear here as they happen."
            on_retry=refetch
        />
        <ul class="entries">
            <For each=move || shown.get() key=Row::key children=move |row| view! { <ActivityEntry row=row of=of.get_value() /> } />
        </ul>
        {move || may_have_more().then(|| view! {
            <Button small=true on_press=load_older.clone()>"Older entries"</Button>
        })}
    }
}

#[component]
fn ActivityEntry(row: Row, of: WorkspaceId) -> impl IntoView {
    let (live, roster) = (expect_context::<Live>(), expect_context::<Roster>());
    let now = live.now.get_untracked().millis();
    let what = row.summary.clone().or_else(|| row.method.clone()).or_else(|| row.activity_type.clone());
    let when = row.created_at.map(|at| clock(at.millis(), now)).unwrap_or_default();
    let is_bad =
        row.error_detail.is_some() || !matches!(row.status.as_deref(), None | Some("ok" | "success" | "pending"));
    let named = |id: &String| {
        let id = WorkspaceId::parse(id).ok()?;
        // Itself needs no name here.
        (id != of).then(|| roster.name(&id).unwrap_or_else(|| id.to_string()))
    };
    let more = [
        row.activity_type.clone(),
        row.status.clone().filter(|status| row.activity_type.as_ref() != Some(status)),
        row.duration_ms.map(|millis| length(millis as i64)),
        row.source_id.as_ref().and_then(named).map(|source| format!("from {source}")),
        row.target_id.as_ref().and_then(named).map(|target| format!("to {target}")),
    ];
    let row = StoredValue::new(row);
    view! {
        <Entry
            what=what.unwrap_or_else(|| "Something without a summary".to_owned())
            when=when
            more=more.into_iter().flatten().collect()
            is_bad=is_bad
        >
            {move || row.with_value(|row| view! {
                {row.error_detail.as_ref().map(|error| view! { <Json title="Error" text=pretty(error) none="" /> })}
                <Json title="Request" text=row.request_body.as_ref().and_then(pretty) none="No body was logged" />
                <Json title="Response" text=row.response_body.as_ref().and_then(pretty) none="No body was logged" />
            })}
        </Entry>
    }
}

impl Row {
    fn key(&self) -> String {
        self.id.clone().or_else(|| self.place()).unwrap_or_default()
    }

    /// Where the older page begins.
    fn place(&self) -> Option<String> {
        self.seq.map(|seq| seq.to_string()).or_else(|| self.created_at.map(|at| at.to_string()))
    }
}

/// A row that cannot be read is shown as it came rather than left out.
fn rows(values: Vec<Value>) -> Vec<Row> {
    let read = |value: Value| {
        serde_json::from_value(value.clone()).unwrap_or_else(|_| Row {
            id: value.get("id").and_then(Value::as_str).map(str::to_owned),
            summary: Some("An entry that cannot be read".into()),
            request_body: Some(value),
            ..Row::default()
        })
    };
    values.into_iter().map(read).collect()
}

/// Some servers keep a body as JSON, others as the text of it.
fn pretty(body: &Value) -> Option<String> {
    match body {
        Value::Null => None,
        Value::String(text) => match serde_json::from_str::<Box<RawValue>>(text) {
            Ok(_) => {
                serde_json::from_str::<Value>(text).ok().and_then(|inner| serde_json::to_string_pretty(&inner).ok())
            }
            Err(_) => Some(text.clone()),
        },
        other => serde_json::to_string_pretty(other).ok(),
    }
}
