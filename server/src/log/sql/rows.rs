//! A row of the four tables, read back as the event that it was. Never the queries.
//!
//! Compiled once for each engine; `super` says which.

use std::str::FromStr;

use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{
    Event, Logged, RunEvent, Seq, Timestamp, UnknownEvent, WorkspaceChange, WorkspaceEvent, WorkspaceEventKind,
    WorkspaceId,
};
use serde_json::value::RawValue;
use sqlx::Row as _;

use super::{Row, give};
use crate::log::{ActivityRow, LogError};
use crate::publish::Published;

pub(super) fn corrupt(error: impl std::fmt::Display) -> LogError {
    LogError::Corrupt(error.to_string())
}

/// Reads a row of `read::EVENTS`.
pub(super) fn published(row: &Row) -> Result<Published, LogError> {
    let seq = row.get::<i64, _>("seq") as Seq;
    let text: &str = row.get("text");
    let event = match row.get("home") {
        "transient" => Logged::read(text).map_err(corrupt)?.event,
        "run" => Event::Run(run(row, text)?),
        "activity" => workspace(row, WorkspaceChange::ActivityLogged(activity(row, text)?))?,
        _ => structure(row, text)?,
    };
    Ok(Published::new(seq, event))
}

/// Reads a row of the query for activities, which spells the columns as `read::EVENTS` does.
pub(super) fn activity_row(row: &Row) -> Result<ActivityRow, LogError> {
    let body = |column: &str| {
        let text: Option<String> = row.get(column);
        text.map(|text| RawValue::from_string(text).map_err(corrupt)).transpose()
    };
    Ok(ActivityRow {
        seq: row.get::<i64, _>("seq") as Seq,
        workspace_id: id(row, "workspace_id")?.ok_or_else(|| corrupt("an activity without a workspace"))?,
        created_at: timestamp(row),
        activity: activity(row, row.get("text"))?,
        request_body: body("request_body")?,
        response_body: body("response_body")?,
        error_detail: body("error_detail")?,
    })
}

fn structure(row: &Row, payload: &str) -> Result<Event, LogError> {
    let workspace_id: WorkspaceId = id(row, "workspace_id")?.ok_or_else(|| corrupt("an event without a workspace"))?;
    let kind: &str = row.get("kind");
    match WorkspaceEventKind::parse(kind) {
        Some(kind) => workspace(row, WorkspaceChange::read(kind, payload, &workspace_id).map_err(corrupt)?),
        None => Ok(Event::Unknown(UnknownEvent {
            kind: kind.to_owned(),
            workspace_id: Some(workspace_id),
            timestamp: Some(timestamp(row)),
            payload: serde_json::from_str(payload).map_err(corrupt)?,
        })),
    }
}

fn workspace(row: &Row, change: WorkspaceChange) -> Result<Event, LogError> {
    let workspace_id = id(row, "workspace_id")?.ok_or_else(|| corrupt("an event without a workspace"))?;
    Ok(Event::Workspace(WorkspaceEvent { workspace_id, timestamp: timestamp(row), change }))
}

fn activity(row: &Row, id_text: &str) -> Result<Activity, LogError> {
    Ok(Activity {
        id: Some(id_text.to_owned()),
        activity_type: said(row, "kind"),
        method: said(row, "a"),
        summary: said(row, "b"),
        status: said(row, "c"),
        source_id: id(row, "d")?,
        target_id: id(row, "e")?,
        duration_ms: row.get::<Option<i64>, _>("n").map(|millis| millis as u64),
    })
}

fn run(row: &Row, data: &str) -> Result<RunEvent, LogError> {
    Ok(RunEvent {
        event_type: said(row, "kind").unwrap_or_default().as_str().into(),
        timestamp: timestamp(row),
        workspace_id: id(row, "workspace_id")?,
        agent_id: id(row, "a")?,
        task_id: id(row, "b")?,
        run_id: id(row, "c")?,
        workflow_id: id(row, "d")?,
        workflow_execution_id: id(row, "e")?,
        workflow_step_id: id(row, "f")?,
        data: serde_json::from_str(data).map_err(corrupt)?,
        message: said(row, "g"),
    })
}

fn id<Id: FromStr<Err: std::fmt::Display>>(row: &Row, column: &str) -> Result<Option<Id>, LogError> {
    row.get::<Option<&str>, _>(column).map(|text| text.parse().map_err(corrupt)).transpose()
}

fn timestamp(row: &Row) -> Timestamp {
    Timestamp::from_millis(row.get("created_at"))
}

/// Somebody's own words.
fn said(row: &Row, column: &str) -> Option<String> {
    row.get::<Option<String>, _>(column).map(give)
}
