//! What the agent did, newest first, with the bodies of each entry. Never the structure events.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::{Timestamp, WorkspaceId};
use serde_json::Value;

use super::log::{Body, Log, LogRow};
use super::pages::{FetchState, fetched};
use super::signals::Signals;
use crate::commands::Commands;
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::button::Button;
use crate::ui::moment::length;

const PAGE: usize = 40;

#[component]
pub(super) fn ActivityTab(id: WorkspaceId) -> impl IntoView {
    let (signals, commands) = (expect_context::<StoreSignals>(), expect_context::<Commands>());
    let activity_of = id.clone();
    let reader = Reader { directory: expect_context(), own: StoredValue::new(id) };
    let (state, refetch) = fetched(
        signals.selected_activity.into(),
        Arc::new(move |api| {
            Box::pin(async move {
                let page = api.load_activity(&reader.own.get_value(), PAGE).await?;
                Ok(reader.rows(page))
            })
        }),
    );
    let older = RwSignal::new(Vec::<LogRow>::new());
    let is_all = RwSignal::new(false);
    // A page that grew at its head overlaps the older ones: each row once.
    let shown = Memo::new(move |_| {
        let mut all = state.with(|state| state.rows().to_vec());
        older.with(|older| older.iter().for_each(|row| add_once(&mut all, row)));
        all
    });
    let may_have_more = move || !is_all.get() && shown.with(Vec::len) >= PAGE;
    let load_older = move |_| {
        let before = shown.with_untracked(|shown| shown.last().and_then(|row| row.place.clone()));
        let (Some(before), Some(api)) = (before, commands.api()) else { return };
        spawn_local(async move {
            if let Ok(page) = api.load_activity_before(&reader.own.get_value(), &before, PAGE).await {
                is_all.try_set(page.len() < PAGE);
                let rows = reader.rows(page);
                older.try_update(|older| older.extend(rows));
            }
        });
    };
    view! {
        <Signals id=activity_of />
        <section class="section" aria-labelledby="panel-calls-title">
        <h3 id="panel-calls-title">"Calls and logs"</h3>
        <FetchState
            state=state
            loading="Loading the activity"
            empty_title="No activity yet"
            empty="Calls between agents, their logs and their errors appear here as they happen."
            on_retry=refetch
        />
        <Log rows=shown.into() />
        {move || may_have_more().then(|| view! { <Button small=true on_press=load_older>"Older entries"</Button> })}
        </section>
    }
}

fn add_once(all: &mut Vec<LogRow>, row: &LogRow) {
    if !all.iter().any(|one| one.key == row.key) {
        all.push(row.clone());
    }
}

/// Reads rows leniently: servers differ in what they keep.
#[derive(Clone, Copy)]
struct Reader {
    directory: Directory,
    own: StoredValue<WorkspaceId>,
}

impl Reader {
    fn rows(&self, page: Vec<Value>) -> Vec<LogRow> {
        page.iter().map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &Value) -> LogRow {
        let text = |key: &str| row.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let body = |key: &str| row.get(key).filter(|body| !body.is_null()).cloned();
        let kind = text("activity_type");
        let status = text("status");
        let took = row.get("duration_ms").and_then(Value::as_i64).map(length);
        let from = self.other(row, "source_id").map(|name| format!("from {name}"));
        let to = self.other(row, "target_id").map(|name| format!("to {name}"));
        let place = row.get("seq").and_then(Value::as_u64).map(|seq| seq.to_string()).or_else(|| text("created_at"));
        let error = body("error_detail");
        let ended_well = matches!(status.as_deref(), None | Some("ok" | "success" | "pending"));
        let what = text("summary").or_else(|| text("method")).or_else(|| kind.clone());
        let mut bodies = vec![
            Body { title: "Request", json: body("request_body") },
            Body { title: "Response", json: body("response_body") },
        ];
        let is_bad = error.is_some() || !ended_well;
        if error.is_some() {
            bodies.insert(0, Body { title: "Error", json: error });
        }
        LogRow {
            key: text("id").or_else(|| place.clone()).unwrap_or_default(),
            what: what.unwrap_or_else(|| "Something without a summary".to_owned()),
            at: text("created_at").and_then(|at| at.parse().ok()).map(Timestamp::millis),
            more: [kind.clone(), status.filter(|status| Some(status) != kind.as_ref()), took, from, to]
                .into_iter()
                .flatten()
                .collect(),
            is_bad,
            bodies,
            place,
            ..LogRow::default()
        }
    }

    /// Itself needs no name here.
    fn other(&self, row: &Value, key: &str) -> Option<String> {
        let id: WorkspaceId = row.get(key)?.as_str()?.parse().ok()?;
        let is_own = self.own.with_value(|own| *own == id);
        (!is_own).then(|| self.directory.name(&id).unwrap_or_else(|| id.to_string()))
    }
}
