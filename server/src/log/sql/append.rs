//! What a batch writes: a statement a table, whatever the number of rows. Never begins or commits, never reads
//! the log back.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::BTreeMap;

use orrery_protocol::Seq;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

use super::encode::Rows;
use super::script::{Given, Script};
use super::{Connection, EACH, claims, credentials, keep, retain, runner};
use crate::log::{Appended, Batch, LogError, RunnerWrite, Write};

/// The tables of the log, and their columns in the order in which `encode` writes them.
const STRUCTURE: &str =
    "structure_events (seq, id, event_type, workspace_id, agent_id, target_id, payload, created_at)";
const ACTIVITY: &str = "activity_logs (seq, id, workspace_id, activity_type, method, summary, status, source_id,
    target_id, duration_ms, request_body, response_body, error_detail, created_at)";
const RUN: &str = "run_events (seq, event_type, workspace_id, agent_id, task_id, run_id, workflow_id,
    workflow_execution_id, workflow_step_id, data, message, created_at)";
const TRANSIENT: &str = "transient_events (seq, workspace_id, frame)";

/// The columns that are not text.
const NUMBERS: &[&str] = &["seq", "duration_ms", "created_at"];

/// How many transient events are kept.
pub(super) struct Room {
    pub(super) kept: u64,
    /// What was added since the last trim: they run a little past it.
    pub(super) untrimmed: u64,
}

/// All of the batch, in the transaction that `to` is in.
pub(super) async fn fill(to: &mut Connection, batch: &Batch, room: &mut Room) -> Result<Appended, LogError> {
    let rows = Rows::of(batch)?;
    let script = &mut Script::default();
    for (table, rows) in
        [(STRUCTURE, &rows.structure), (ACTIVITY, &rows.activity), (RUN, &rows.run), (TRANSIENT, &rows.transient)]
    {
        insert(script, to, table, "", rows).await?;
    }
    let merge = " WHERE true ON CONFLICT (id) DO UPDATE SET record = excluded.record, config = excluded.config";
    insert(script, to, "workspaces (id, record, config)", merge, &rows.projection).await?;
    insert(script, to, "removed_workspaces (id, seq, forwarded_to)", "", &rows.removed).await?;
    if !rows.removed.is_empty() {
        let gone = format!("DELETE FROM workspaces WHERE id IN (SELECT value ->> 0 FROM {EACH})");
        script.say(to, &gone, vec![Given::Text(json!(rows.removed).to_string())]).await?;
    }
    let merge = " WHERE true ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record";
    insert(script, to, "run_records (kind, id, record)", merge, &rows.records).await?;
    if !rows.forgotten.is_empty() {
        let gone = format!("DELETE FROM run_records WHERE (kind, id) IN (SELECT value ->> 0, value ->> 1 FROM {EACH})");
        script.say(to, &gone, vec![Given::Text(json!(rows.forgotten).to_string())]).await?;
    }
    if !batch.published.is_empty() {
        move_head(script, to, batch).await?;
    }
    script.run(to).await?;
    set_column(to, "token_hash", &credentials::tokens(&batch.writes)).await?;
    set_column(to, "owner", &owners(&batch.writes)).await?;
    for write in &batch.writes {
        beside(to, write).await?;
    }
    let keys = batch.writes.iter().filter(|write| matches!(write, Write::Runner(RunnerWrite::Ingested { .. })));
    room.untrimmed = room.untrimmed.saturating_add((rows.transient.len() + keys.count()) as u64);
    let mut oldest = None;
    for write in &batch.writes {
        if let Write::Retain(it) = write {
            oldest = oldest.max(retain::retain(to, it).await?);
        }
    }
    if room.untrimmed > room.kept / 10 {
        oldest = oldest.max(trim(to, room.kept).await?);
        runner::trim(to).await?;
        room.untrimmed = 0;
    }
    Ok(Appended { oldest })
}

/// `rows` go in as one JSON text, so that a thousand events are one statement.
async fn insert(
    script: &mut Script,
    to: &mut Connection,
    into: &str,
    after: &str,
    rows: &[Value],
) -> Result<(), LogError> {
    let Some(width) = rows.first().and_then(Value::as_array).map(Vec::len) else { return Ok(()) };
    let names = into.trim_end_matches(')').split(['(', ',']).skip(1).map(str::trim);
    let columns: Vec<String> = names.enumerate().map(|(at, name)| column(at, name)).collect();
    debug_assert_eq!(columns.len(), width, "{into}");
    let sql = format!("INSERT INTO {into} SELECT {} FROM {EACH}{after}", columns.join(", "));
    script.say(to, &sql, vec![Given::Text(keep(Value::from(rows).to_string()))]).await
}

fn column(at: usize, name: &str) -> String {
    match NUMBERS.contains(&name) {
        true => format!("CAST(value ->> {at} AS BIGINT)"),
        false => format!("value ->> {at}"),
    }
}

async fn beside(to: &mut Connection, write: &Write) -> Result<(), LogError> {
    match write {
        Write::SignedOut(sign_in) => credentials::sign_out(to, sign_in).await?,
        Write::Vitals(vitals) => {
            let rows: Vec<Value> = vitals.iter().map(|(id, vitals)| json!([id, json!(vitals).to_string()])).collect();
            let sql = format!(
                "UPDATE workspaces SET vitals = said.vitals
                FROM (SELECT value ->> 0 AS id, value ->> 1 AS vitals FROM {EACH}) AS said
                WHERE workspaces.id = said.id"
            );
            sqlx::query(AssertSqlSafe(sql)).bind(Value::from(rows).to_string()).execute(to).await?;
        }
        Write::Viewport(it) => {
            let sql = "INSERT INTO viewport (one, x, y, zoom) VALUES (1, $1, $2, $3)
                ON CONFLICT (one) DO UPDATE SET x = excluded.x, y = excluded.y, zoom = excluded.zoom";
            sqlx::query(sql).bind(it.x).bind(it.y).bind(it.zoom).execute(to).await?;
        }
        Write::Claims(claims) => claims::write(to, claims).await?,
        Write::Runner(write) => runner::write(to, write).await?,
        // They went in with their activity or with others of their kind, or come when everything is in.
        Write::Token { .. }
        | Write::Revoked(_)
        | Write::Process { .. }
        | Write::Bodies { .. }
        | Write::Retain(_)
        | Write::Shared(_) => {}
    }
    Ok(())
}

/// Writes one column of many workspaces in one statement.
async fn set_column(
    to: &mut Connection,
    column: &str,
    values: &BTreeMap<&str, Option<String>>,
) -> Result<(), LogError> {
    if values.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = values.iter().map(|(id, value)| json!([id, value])).collect();
    let sql = format!(
        "UPDATE workspaces SET {column} = said.value
        FROM (SELECT value ->> 0 AS id, value ->> 1 AS value FROM {EACH}) AS said
        WHERE workspaces.id = said.id"
    );
    sqlx::query(AssertSqlSafe(sql)).bind(Value::from(rows).to_string()).execute(to).await?;
    Ok(())
}

/// Who has each workspace's process after these writes.
fn owners(writes: &[Write]) -> BTreeMap<&str, Option<String>> {
    let owners = writes.iter().filter_map(|write| match write {
        Write::Process { workspace_id, owner } => Some((workspace_id.as_str(), Some(owner.as_str().to_owned()))),
        _ => None,
    });
    owners.collect()
}

/// Also the proof that nobody else appended to this log.
async fn move_head(script: &mut Script, to: &mut Connection, batch: &Batch) -> Result<(), LogError> {
    let head = batch.head + batch.published.len() as u64;
    let sql = "UPDATE head SET seq = $1 WHERE seq = $2 RETURNING seq";
    script.say(to, sql, vec![Given::Number(head as i64), Given::Number(batch.head as i64)]).await?;
    match script.run(to).await? {
        Some(_) => Ok(()),
        None => Err(LogError::HeadMoved(batch.head)),
    }
}

async fn trim(to: &mut Connection, kept: u64) -> Result<Option<Seq>, LogError> {
    let last = "SELECT seq FROM transient_events ORDER BY seq DESC LIMIT 1 OFFSET $1";
    let last: Option<i64> = sqlx::query_scalar(last).bind(kept as i64).fetch_optional(&mut *to).await?;
    if let Some(last) = last {
        sqlx::query("DELETE FROM transient_events WHERE seq <= $1").bind(last).execute(&mut *to).await?;
        sqlx::query("UPDATE head SET oldest = $1 WHERE oldest < $1").bind(last + 1).execute(&mut *to).await?;
    }
    Ok(last.map(|last| last as Seq + 1))
}
