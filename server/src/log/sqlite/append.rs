//! One batch, one transaction: a statement a table, whatever the number of rows. Never reads the log back.

use std::collections::HashMap;

use orrery_protocol::{Event, Seq, Timestamp, WorkspaceChange, WorkspaceEvent};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::{Appender, runner};
use crate::clock;
use crate::log::{Appended, Batch, Bodies, LogError, Write};

/// How many transient events are kept for resuming, and how far past that they may run before they are trimmed.
const KEPT: u64 = 100_000;
const SLACK: u64 = 10_000;

impl Appender {
    pub async fn append(&mut self, batch: &Batch) -> Result<Appended, LogError> {
        let rows = Rows::of(batch);
        let mut transaction = self.connection.begin().await?;
        let to = &mut *transaction;
        insert(
            to,
            "structure_events (seq, id, event_type, workspace_id, agent_id, target_id, payload, created_at)",
            "",
            &rows.structure,
        )
        .await?;
        insert(to, "activity_logs (seq, id, workspace_id, activity_type, method, summary, status, source_id, target_id, duration_ms, request_body, response_body, error_detail, created_at)", "", &rows.activity).await?;
        insert(to, "run_events (seq, event_type, workspace_id, agent_id, task_id, run_id, workflow_id, workflow_execution_id, workflow_step_id, data, message, created_at)", "", &rows.run).await?;
        insert(to, "transient_events (seq, workspace_id, frame)", "", &rows.transient).await?;
        let merge = " WHERE true ON CONFLICT (id) DO UPDATE SET record = excluded.record, config = excluded.config";
        insert(to, "workspaces (id, record, config)", merge, &rows.projection).await?;
        insert(to, "removed_workspaces (id, seq, forwarded_to)", "", &rows.removed).await?;
        if !rows.removed.is_empty() {
            let gone = "DELETE FROM workspaces WHERE id IN (SELECT value ->> 0 FROM json_each(?))";
            sqlx::query(gone).bind(json!(rows.removed).to_string()).execute(&mut *to).await?;
        }
        let merge = " WHERE true ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record";
        insert(to, "run_records (kind, id, record)", merge, &rows.records).await?;
        if !rows.forgotten.is_empty() {
            let gone =
                "DELETE FROM run_records WHERE (kind, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))";
            sqlx::query(gone).bind(json!(rows.forgotten).to_string()).execute(&mut *to).await?;
        }
        for write in &batch.writes {
            beside(to, write).await?;
        }
        if !batch.published.is_empty() {
            move_head(to, batch).await?;
        }
        self.untrimmed = self.untrimmed.saturating_add(rows.transient.len() as u64);
        let mut oldest = None;
        if self.untrimmed > SLACK {
            oldest = trim(to).await?;
            runner::trim(to).await?;
            self.untrimmed = 0;
        }
        transaction.commit().await?;
        Ok(Appended { oldest })
    }
}

/// `rows` go in as one JSON text, so that a thousand events are one statement.
async fn insert(to: &mut SqliteConnection, into: &str, after: &str, rows: &[Value]) -> Result<(), LogError> {
    let Some(width) = rows.first().and_then(Value::as_array).map(Vec::len) else { return Ok(()) };
    let columns: Vec<String> = (0..width).map(|column| format!("value ->> {column}")).collect();
    let sql = format!("INSERT INTO {into} SELECT {} FROM json_each(?){after}", columns.join(", "));
    // Only the constants of this file and numbers are in the statement.
    sqlx::query(AssertSqlSafe(sql)).bind(Value::from(rows).to_string()).execute(to).await?;
    Ok(())
}

async fn beside(to: &mut SqliteConnection, write: &Write) -> Result<(), LogError> {
    match write {
        Write::Token { workspace_id, hash } => {
            let sql = "UPDATE workspaces SET token_hash = ? WHERE id = ?";
            sqlx::query(sql).bind(hash.to_string()).bind(workspace_id.as_str()).execute(to).await?;
        }
        Write::Vitals(vitals) => {
            let rows: Vec<Value> = vitals.iter().map(|(id, vitals)| json!([id, json!(vitals).to_string()])).collect();
            let sql = "UPDATE workspaces SET vitals = said.vitals
                FROM (SELECT value ->> 0 AS id, value ->> 1 AS vitals FROM json_each(?)) AS said
                WHERE workspaces.id = said.id";
            sqlx::query(sql).bind(Value::from(rows).to_string()).execute(to).await?;
        }
        Write::Viewport(it) => {
            let sql = "INSERT INTO viewport (one, x, y, zoom) VALUES (1, ?, ?, ?)
                ON CONFLICT (one) DO UPDATE SET x = excluded.x, y = excluded.y, zoom = excluded.zoom";
            sqlx::query(sql).bind(it.x).bind(it.y).bind(it.zoom).execute(to).await?;
        }
        Write::Runner(write) => runner::write(to, write).await?,
        // They went in with their activity.
        Write::Bodies { .. } => {}
    }
    Ok(())
}

/// Also the proof that nobody else appended to this log.
async fn move_head(to: &mut SqliteConnection, batch: &Batch) -> Result<(), LogError> {
    let head = batch.head + batch.published.len() as u64;
    let moved = sqlx::query("UPDATE head SET seq = ? WHERE seq = ?")
        .bind(head as i64)
        .bind(batch.head as i64)
        .execute(to)
        .await?
        .rows_affected();
    match moved {
        1 => Ok(()),
        _ => Err(LogError::HeadMoved(batch.head)),
    }
}

async fn trim(to: &mut SqliteConnection) -> Result<Option<Seq>, LogError> {
    let last = "SELECT seq FROM transient_events ORDER BY seq DESC LIMIT 1 OFFSET ?";
    let last: Option<i64> = sqlx::query_scalar(last).bind(KEPT as i64).fetch_optional(&mut *to).await?;
    if let Some(last) = last {
        sqlx::query("DELETE FROM transient_events WHERE seq <= ?").bind(last).execute(&mut *to).await?;
        sqlx::query("UPDATE head SET oldest = ?").bind(last + 1).execute(&mut *to).await?;
    }
    Ok(last.map(|last| last as Seq + 1))
}

/// The batch as rows of JSON, a list a table.
#[derive(Default)]
struct Rows {
    structure: Vec<Value>,
    activity: Vec<Value>,
    run: Vec<Value>,
    transient: Vec<Value>,
    projection: Vec<Value>,
    removed: Vec<Value>,
    records: Vec<Value>,
    forgotten: Vec<Value>,
}

impl Rows {
    fn of(batch: &Batch) -> Self {
        let bodies = batch.writes.iter().filter_map(|write| match write {
            Write::Bodies { activity_id, bodies } => Some((activity_id.as_str(), bodies)),
            _ => None,
        });
        let bodies: HashMap<&str, &Bodies> = bodies.collect();
        let mut rows = Self::default();
        for published in &batch.published {
            let seq = published.seq;
            match &published.event {
                Event::Workspace(event) => match &event.change {
                    WorkspaceChange::ActivityLogged(it) => {
                        let none = Bodies::default();
                        let id = it.id.clone().unwrap_or_else(clock::mint_text);
                        let Bodies { request, response, error_detail } = bodies.get(id.as_str()).unwrap_or(&&none);
                        rows.activity.push(json!([
                            seq,
                            id,
                            event.workspace_id,
                            it.activity_type,
                            it.method,
                            it.summary,
                            it.status,
                            it.source_id,
                            it.target_id,
                            it.duration_ms,
                            request,
                            response,
                            error_detail,
                            millis(event.timestamp),
                        ]));
                    }
                    change if change.kind().is_structure() => rows.structure.push(structure_row(seq, event)),
                    _ => rows.transient.push(json!([seq, event.workspace_id, published.text()])),
                },
                Event::Run(it) => rows.run.push(json!([
                    seq,
                    it.event_type,
                    it.workspace_id,
                    it.agent_id,
                    it.task_id,
                    it.run_id,
                    it.workflow_id,
                    it.workflow_execution_id,
                    it.workflow_step_id,
                    json!(it.data).to_string(),
                    it.message,
                    millis(it.timestamp),
                ])),
                Event::Unknown(it) => rows.transient.push(json!([seq, it.workspace_id, published.text()])),
            }
        }
        // Text inside text: SQLite must not respell the numbers of a record, or its hash would change.
        let text = |value: Value| value.to_string();
        rows.projection =
            batch.rows.iter().map(|it| json!([it.row.id, text(json!(it.row)), it.config.clone().map(text)])).collect();
        rows.removed = batch.removed.iter().map(|it| json!([it.id, it.seq, it.forwarded_to])).collect();
        for it in &batch.records {
            match &it.record {
                Some(record) => rows.records.push(json!([it.kind.as_str(), it.id, record])),
                None => rows.forgotten.push(json!([it.kind.as_str(), it.id])),
            }
        }
        rows
    }
}

fn structure_row(seq: u64, event: &WorkspaceEvent) -> Value {
    let (agent, target) = match &event.change {
        WorkspaceChange::AgentAssigned { agent_id, .. } => (Some(agent_id), None),
        WorkspaceChange::AgentReplaced { agent_id, .. } | WorkspaceChange::AgentRemoved { agent_id, .. } => {
            (agent_id.as_ref(), None)
        }
        WorkspaceChange::AgentMoved { agent_id, to, .. } => (Some(agent_id), Some(to)),
        WorkspaceChange::Moved { new_parent_id, .. } => (None, new_parent_id.as_ref()),
        WorkspaceChange::Removed { forwarded_to, .. } => (None, forwarded_to.as_ref()),
        _ => (None, None),
    };
    json!([
        seq,
        clock::mint_text(),
        event.change.kind().as_str(),
        event.workspace_id,
        agent,
        target,
        event.change.payload().to_string(),
        millis(event.timestamp),
    ])
}

fn millis(timestamp: Timestamp) -> i64 {
    timestamp.millis()
}
