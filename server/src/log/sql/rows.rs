//! A row of the four tables, read back as the event that it was. Never the queries.
//!
//! Compiled once for each engine; `super` says which.

use std::str::FromStr;

use orrery_protocol::workspace_event::Activity;
use orrery_protocol::{
    Event, EventEnvelope, RunEvent, Seq, Timestamp, UnknownEvent, WorkspaceChange, WorkspaceEvent, WorkspaceEventKind,
    WorkspaceId,
};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sqlx::Row as _;

use super::{Row, give};
use crate::log::unreadable::placeholder;
use crate::log::{ActivityRow, LogError, Unreadable};
use crate::publish::Published;

pub(super) fn corrupt(error: impl std::fmt::Display) -> LogError {
    LogError::Corrupt(error.to_string())
}

/// The text that names a row, in its first column.
pub(super) fn key(row: &Row) -> String {
    row.try_get(0).unwrap_or_default()
}

/// Reads a column that holds an id or the like.
pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(row: &Row, column: usize) -> Result<T, LogError> {
    row.try_get::<&str, _>(column).map_err(corrupt)?.parse().map_err(corrupt)
}

/// Reads a column that holds JSON or nothing.
pub(super) fn json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<Option<T>, LogError> {
    let text: Option<&str> = row.try_get(column).map_err(corrupt)?;
    text.map(|text| serde_json::from_str(text).map_err(corrupt)).transpose()
}

/// Reads a row of `read::EVENTS`; one that cannot be read leaves a placeholder with its seq.
pub(super) fn published(row: &Row, unreadable: &Unreadable) -> Result<Published, LogError> {
    let seq = number(row, "seq")? as Seq;
    let read = event(row).and_then(|event| Published::encode(seq, event).map_err(corrupt));
    read.or_else(|error| {
        let table = match text(row, "home") {
            Ok("transient") => "transient_events",
            Ok("run") => "run_events",
            Ok("activity") => "activity_logs",
            _ => "structure_events",
        };
        unreadable.note(table, &seq, &error);
        let kind = said(row, "kind").ok().flatten();
        let (workspace, at) = (id(row, "workspace_id").ok().flatten(), timestamp(row).ok());
        Ok(Published::new(seq, placeholder(kind.as_deref(), workspace, at, seq, &error)))
    })
}

fn event(row: &Row) -> Result<Event, LogError> {
    let written = text(row, "text")?;
    Ok(match text(row, "home")? {
        "transient" => EventEnvelope::read(written).map_err(corrupt)?.event,
        "run" => Event::Run(run(row, written)?),
        "activity" => workspace(row, WorkspaceChange::ActivityLogged(activity(row, written)?))?,
        _ => structure(row, written)?,
    })
}

/// Reads a row of the query for activities, which spells the columns as `read::EVENTS` does.
pub(super) fn activity_row(row: &Row) -> Result<ActivityRow, LogError> {
    let body = |column: &str| -> Result<Option<Box<RawValue>>, LogError> {
        row.try_get::<Option<String>, _>(column).map_err(corrupt)?.map(readable).transpose()
    };
    Ok(ActivityRow {
        seq: number(row, "seq")? as Seq,
        workspace_id: id(row, "workspace_id")?.ok_or_else(|| corrupt("an activity without a workspace"))?,
        created_at: timestamp(row)?,
        activity: activity(row, text(row, "text")?)?,
        request_body: body("request_body")?,
        response_body: body("response_body")?,
        error_detail: body("error_detail")?,
    })
}

/// A stored body as every client can read it. Older servers stored what some cannot: that is shown as text.
fn readable(body: String) -> Result<Box<RawValue>, LogError> {
    let checked = crate::json::check(&body).ok().and_then(|body| RawValue::from_string(body.into_owned()).ok());
    checked.map_or_else(|| serde_json::value::to_raw_value(&body).map_err(corrupt), Ok)
}

fn structure(row: &Row, payload: &str) -> Result<Event, LogError> {
    let workspace_id: WorkspaceId = id(row, "workspace_id")?.ok_or_else(|| corrupt("an event without a workspace"))?;
    let kind = text(row, "kind")?;
    match WorkspaceEventKind::parse(kind) {
        Some(kind) => workspace(row, WorkspaceChange::read(kind, payload, &workspace_id).map_err(corrupt)?),
        None => Ok(Event::Unknown(UnknownEvent {
            kind: kind.to_owned(),
            workspace_id: Some(workspace_id),
            timestamp: Some(timestamp(row)?),
            payload: serde_json::from_str(payload).map_err(corrupt)?,
        })),
    }
}

fn workspace(row: &Row, change: WorkspaceChange) -> Result<Event, LogError> {
    let workspace_id = id(row, "workspace_id")?.ok_or_else(|| corrupt("an event without a workspace"))?;
    Ok(Event::Workspace(WorkspaceEvent { workspace_id, timestamp: timestamp(row)?, change }))
}

fn activity(row: &Row, id_text: &str) -> Result<Activity, LogError> {
    Ok(Activity {
        id: Some(id_text.to_owned()),
        activity_type: said(row, "kind")?,
        method: said(row, "a")?,
        summary: said(row, "b")?,
        status: said(row, "c")?,
        source_id: id(row, "d")?,
        target_id: id(row, "e")?,
        duration_ms: row.try_get::<Option<i64>, _>("n").map_err(corrupt)?.map(|millis| millis as u64),
    })
}

fn run(row: &Row, data: &str) -> Result<RunEvent, LogError> {
    Ok(RunEvent {
        event_type: said(row, "kind")?.unwrap_or_default().as_str().into(),
        timestamp: timestamp(row)?,
        workspace_id: id(row, "workspace_id")?,
        agent_id: id(row, "a")?,
        task_id: id(row, "b")?,
        run_id: id(row, "c")?,
        workflow_id: id(row, "d")?,
        workflow_execution_id: id(row, "e")?,
        workflow_step_id: id(row, "f")?,
        data: serde_json::from_str(data).map_err(corrupt)?,
        message: said(row, "g")?,
    })
}

fn id<Id: FromStr<Err: std::fmt::Display>>(row: &Row, column: &str) -> Result<Option<Id>, LogError> {
    let text: Option<&str> = row.try_get(column).map_err(corrupt)?;
    text.map(|text| text.parse().map_err(corrupt)).transpose()
}

fn timestamp(row: &Row) -> Result<Timestamp, LogError> {
    Ok(Timestamp::from_millis(number(row, "created_at")?))
}

fn number(row: &Row, column: &str) -> Result<i64, LogError> {
    row.try_get(column).map_err(corrupt)
}

fn text<'r>(row: &'r Row, column: &str) -> Result<&'r str, LogError> {
    row.try_get(column).map_err(corrupt)
}

/// Somebody's own words.
fn said(row: &Row, column: &str) -> Result<Option<String>, LogError> {
    Ok(row.try_get::<Option<String>, _>(column).map_err(corrupt)?.map(give))
}
