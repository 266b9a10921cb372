//! The activity tab: the agent's events, calls and logs, newest first.

use leptos::prelude::*;
use orrery_protocol::{Timestamp, WorkspaceId};
use serde_json::Value;

use super::agent_events::AgentEvents;
use super::log_list::{LogBody, LogList, LogRow};
use crate::api::{Api, ApiError};
use crate::commands::Commands;
use crate::commands::query::Query;
use crate::store::{Directory, StoreSignals};
use crate::ui::button::Button;
use crate::ui::list_state::ListPlaceholder;
use crate::ui::time::format_duration;

const PAGE_SIZE: usize = 40;

#[component]
pub(super) fn ActivityTab(id: WorkspaceId) -> impl IntoView {
    let (signals, commands) = (expect_context::<StoreSignals>(), expect_context::<Commands>());
    let reader = ActivityReader { directory: expect_context(), own: StoredValue::new(id.clone()) };
    let request = Box::new(move |api: Api| {
        Box::pin(async move { Ok(reader.rows(api.load_activity(&reader.own.get_value(), PAGE_SIZE).await?)) }) as _
    });
    let latest = Query::new(Signal::derive(move || Some(signals.selected_activity.get())), request);
    let older = RwSignal::new(Vec::<LogRow>::new());
    let is_complete = RwSignal::new(false);
    let newest = latest.answer();
    let rows = Memo::new(move |_| {
        let mut rows: Vec<LogRow> = newest.get();
        // New activity moves rows from the first page into the older ones.
        older.with(|older| {
            for row in older {
                if !rows.iter().any(|other| other.key == row.key) {
                    rows.push(row.clone());
                }
            }
        });
        rows
    });
    let load_older = Action::new_local(move |(): &()| async move {
        let cursor = rows.with_untracked(|rows| rows.last().and_then(|row| row.cursor.clone()));
        let Some(cursor) = cursor else { return Ok(()) };
        let page = commands.ready()?.load_activity_before(&reader.own.get_value(), &cursor, PAGE_SIZE).await?;
        is_complete.set(page.len() < PAGE_SIZE);
        older.update(|older| older.extend(reader.rows(page)));
        Ok::<(), ApiError>(())
    });
    let may_have_more = move || !is_complete.get() && rows.with(Vec::len) >= PAGE_SIZE;
    let error = move || load_older.value().with(|answer| answer.as_ref()?.as_ref().err().map(ToString::to_string));
    view! {
        <AgentEvents id=id />
        <section class="section" aria-labelledby="panel-calls-title">
            <h3 id="panel-calls-title">"Calls and logs"</h3>
            <ListPlaceholder
                state=latest.list_state(Vec::is_empty)
                subject="activity"
                empty="No activity yet. Calls between agents, logs and errors will appear here."
                on_retry=latest.retry()
            />
            <LogList rows=rows.into() />
            {move || {
                error().map(|error| {
                    view! { <p class="problem" role="alert">{format!("Could not load older entries: {error}")}</p> }
                })
            }}
            <Show when=may_have_more>
                <Button small=true disabled=load_older.pending() on_press=move |_| drop(load_older.dispatch_local(()))>
                    "Load older entries"
                </Button>
            </Show>
        </section>
    }
}

/// Turns activity records into rows. All fields are optional: servers differ in what they store.
#[derive(Clone, Copy)]
struct ActivityReader {
    directory: Directory,
    own: StoredValue<WorkspaceId>,
}

impl ActivityReader {
    fn rows(&self, page: Vec<Value>) -> Vec<LogRow> {
        page.iter().map(|record| self.row(record)).collect()
    }

    fn row(&self, record: &Value) -> LogRow {
        let text =
            |key: &str| record.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let body = |key: &str| record.get(key).filter(|body| !body.is_null()).cloned();
        let kind = text("activity_type");
        let status = text("status");
        let took = record.get("duration_ms").and_then(Value::as_i64).map(format_duration);
        let from = self.peer(record, "source_id").map(|name| format!("from {name}"));
        let to = self.peer(record, "target_id").map(|name| format!("to {name}"));
        let seq = record.get("seq").and_then(Value::as_u64).map(|seq| seq.to_string());
        let cursor = seq.or_else(|| text("created_at"));
        let error = body("error_detail");
        let is_success = matches!(status.as_deref(), None | Some("ok" | "success" | "pending"));
        let title = text("summary").or_else(|| text("method")).or_else(|| kind.clone());
        let is_problem = error.is_some() || !is_success;
        let error = error.map(|error| LogBody { title: "Error", json: Some(error) });
        let bodies = [
            LogBody { title: "Request", json: body("request_body") },
            LogBody { title: "Response", json: body("response_body") },
        ];
        LogRow {
            key: text("id").or_else(|| cursor.clone()).unwrap_or_default(),
            title: title.unwrap_or_else(|| "Activity without a summary".to_owned()),
            at: text("created_at").and_then(|at| at.parse().ok()).map(Timestamp::millis),
            details: [kind.clone(), status.filter(|status| Some(status) != kind.as_ref()), took, from, to]
                .into_iter()
                .flatten()
                .collect(),
            is_problem,
            bodies: error.into_iter().chain(bodies).collect(),
            cursor,
            ..LogRow::default()
        }
    }

    /// Returns the name of another workspace that took part in a call.
    fn peer(&self, record: &Value, key: &str) -> Option<String> {
        let id: WorkspaceId = record.get(key)?.as_str()?.parse().ok()?;
        let is_own = self.own.with_value(|own| *own == id);
        (!is_own).then(|| self.directory.display_name(&id))
    }
}
