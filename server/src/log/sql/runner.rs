//! The runner's tables. Never its rules.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use orrery_protocol::{ExecutionId, RunId, Seq, TaskId, Workflow, WorkflowId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row as _};

use super::read::EVENTS;
use super::rows::{corrupt, json, key, published};
use super::{Connection, EACH, Reader, Row, claims, give, keep};
use crate::log::{
    Claim, ClaimId, ClaimKind, ClaimOwner, ExecutionFilter, Ingested, LogError, Outcome, RunnerWrite, Stored,
};
use crate::ownership::Owner;
use crate::publish::Published;
use crate::runner::execution::{State, Subject};

/// How many keys of events taken in are remembered.
const KEYS: i64 = 100_000;
const LIST: i64 = 500;

pub(super) async fn write(to: &mut Connection, write: &RunnerWrite) -> Result<(), LogError> {
    match write {
        RunnerWrite::Workflow { id, definition, created_at } => {
            let sql = "INSERT INTO workflows (id, definition, created_at) VALUES ($1, $2, $3)";
            let query = sqlx::query(sql).bind(id.as_str()).bind(text(definition)?);
            query.bind(created_at.millis()).execute(&mut *to).await?;
            claims::write(to, &own(definition, [(ClaimKind::Workflow, Some(id.as_str()))])).await?;
        }
        RunnerWrite::Begun { definition, state, owner } => begun(to, definition, state, owner).await?,
        RunnerWrite::Moved(state) => {
            let sql = "UPDATE executions SET status = $1, state = $2 WHERE id = $3";
            let query = sqlx::query(sql).bind(state.status.as_str()).bind(text(state)?);
            query.bind(state.execution_id.as_str()).execute(to).await?;
        }
        RunnerWrite::Task { id, record, created_at } => {
            let sql = "INSERT INTO tasks (id, record, created_at) VALUES ($1, $2, $3)";
            let query = sqlx::query(sql).bind(id.as_str()).bind(record.to_string());
            query.bind(created_at.millis()).execute(&mut *to).await?;
            claims::write(to, &[own_id(ClaimKind::Task, id.as_str())]).await?;
        }
        RunnerWrite::Ingested { key, seq, outcome, at } => {
            let sql = "INSERT INTO ingested (key, seq, outcome, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            let outcome = outcome.as_ref().map(|outcome| keep(json!(outcome).to_string()));
            sqlx::query(sql).bind(key).bind(*seq as i64).bind(outcome).bind(at.millis()).execute(to).await?;
        }
    }
    Ok(())
}

async fn begun(to: &mut Connection, definition: &Workflow, state: &State, owner: &Owner) -> Result<(), LogError> {
    let (task, run) = match &state.subject {
        Subject::Workflow => (None, None),
        Subject::Task { task_id, run_id, .. } => (Some(task_id.as_str()), Some(run_id.as_str())),
    };
    let sql = "INSERT INTO executions (id, workflow_id, task_id, run_id, status, started_at, definition, state, owner)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(sql)
        .bind(state.execution_id.as_str())
        .bind(definition.workflow_id.as_ref().filter(|_| run.is_none()).map(|id| id.as_str()))
        .bind(task)
        .bind(run)
        .bind(state.status.as_str())
        .bind(state.started_at.millis())
        .bind(text(definition)?)
        .bind(text(state)?)
        .bind(owner.as_str())
        .execute(&mut *to)
        .await?;
    let ids = [
        (ClaimKind::Execution, Some(state.execution_id.as_str())),
        (ClaimKind::Workflow, definition.workflow_id.as_ref().map(|id| id.as_str())),
        (ClaimKind::Run, run),
        (ClaimKind::Task, task),
    ];
    claims::write(to, &own(definition, ids)).await
}

/// What the runner executes is nobody else's: these ids, and the steps of the definition.
fn own<const N: usize>(definition: &Workflow, ids: [(ClaimKind, Option<&str>); N]) -> Vec<(ClaimId, Claim)> {
    let steps = definition.steps.iter().filter_map(|step| step.step_id.as_ref());
    let steps = steps.map(|id| (ClaimKind::Step, Some(id.as_str())));
    let ids = ids.into_iter().chain(steps).filter_map(|(kind, id)| Some((kind, id?)));
    ids.map(|(kind, id)| own_id(kind, id)).collect()
}

fn own_id(kind: ClaimKind, id: &str) -> (ClaimId, Claim) {
    (ClaimId::new(kind, id), Claim { owner: ClaimOwner::Operators, used_at: None })
}

impl Reader {
    pub async fn workflows(&self) -> Result<Vec<Workflow>, LogError> {
        let sql = "SELECT id, definition FROM workflows ORDER BY created_at DESC, id DESC LIMIT $1";
        let rows = sqlx::query(sql).bind(LIST).fetch_all(&self.pool).await?;
        Ok(rows.iter().filter_map(|row| self.written("workflows", row)).collect())
    }

    pub async fn workflow(&self, id: &WorkflowId) -> Result<Option<Workflow>, LogError> {
        let sql = "SELECT id, definition FROM workflows WHERE id = $1";
        let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|row| self.written("workflows", &row)))
    }

    pub async fn executions(&self, filter: &ExecutionFilter) -> Result<Vec<Stored>, LogError> {
        let sql = "SELECT id, definition, state FROM executions WHERE workflow_id IS NOT NULL
            AND ($1 IS NULL OR status = $1) AND ($2 IS NULL OR workflow_id = $2)
            ORDER BY started_at DESC, id DESC LIMIT $3";
        let query = sqlx::query(sql).bind(filter.status.as_deref());
        let query = query.bind(filter.workflow_id.as_ref().map(|id| id.as_str())).bind(i64::from(filter.limit));
        let rows = query.fetch_all(&self.pool).await?;
        Ok(rows.iter().filter_map(|row| self.stored(row)).collect())
    }

    pub async fn unfinished(&self) -> Result<Vec<Stored>, LogError> {
        let sql = "SELECT id, definition, state FROM executions WHERE status IN ('pending', 'running')";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        Ok(rows.iter().filter_map(|row| self.stored(row)).collect())
    }

    pub async fn execution(&self, id: &ExecutionId) -> Result<Option<Stored>, LogError> {
        let sql = "SELECT id, definition, state FROM executions WHERE id = $1";
        let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|row| self.stored(&row)))
    }

    pub async fn run(&self, id: &RunId) -> Result<Option<Stored>, LogError> {
        let sql = "SELECT id, definition, state FROM executions WHERE run_id = $1";
        let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|row| self.stored(&row)))
    }

    pub async fn timeline(&self, id: &ExecutionId) -> Result<Vec<Arc<Published>>, LogError> {
        // Only the third of the four tables has such a column.
        let conditions = ["false", "false", "workflow_execution_id = $1", "false", ""];
        let sql: String = EVENTS.split("{}").zip(conditions).flat_map(|(part, condition)| [part, condition]).collect();
        let sql = format!("{sql} ORDER BY seq");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_all(&self.pool).await?;
        rows.iter().map(|row| published(row, &self.unreadable).map(Arc::new)).collect()
    }

    pub async fn task(&self, id: &TaskId) -> Result<Option<Value>, LogError> {
        let sql = "SELECT id, record FROM tasks WHERE id = $1";
        let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|row| self.written("tasks", &row)))
    }

    pub async fn tasks(&self) -> Result<Vec<Value>, LogError> {
        let sql = "SELECT id, record FROM tasks ORDER BY created_at DESC, id DESC LIMIT $1";
        let rows = sqlx::query(sql).bind(LIST).fetch_all(&self.pool).await?;
        Ok(rows.iter().filter_map(|row| self.written("tasks", row)).collect())
    }

    pub async fn runs_of_ours(&self, ids: &[String]) -> Result<HashSet<String>, LogError> {
        let sql = format!(
            "SELECT id FROM executions WHERE id IN (SELECT value ->> 0 FROM {EACH})
            UNION ALL SELECT run_id FROM executions WHERE run_id IN (SELECT value ->> 0 FROM {EACH})"
        );
        let ids: Vec<[&str; 1]> = ids.iter().map(|id| [id.as_ref()]).collect();
        let ours: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(json!(ids).to_string()).fetch_all(&self.pool).await?;
        Ok(ours.into_iter().collect())
    }

    /// A row of an id and one JSON text.
    fn written<T: DeserializeOwned>(&self, table: &'static str, row: &Row) -> Option<T> {
        self.unreadable.skip(table, key(row), json(row, 1)).flatten()
    }

    fn stored(&self, row: &Row) -> Option<Stored> {
        let missing = || corrupt("it is empty");
        let definition = json(row, 1).and_then(|it| it.ok_or_else(missing));
        let state = json(row, 2).and_then(|it| it.ok_or_else(missing));
        let read = definition.and_then(|definition| Ok(Stored { definition, state: state? }));
        self.unreadable.skip("executions", key(row), read)
    }
}

/// Which of these keys are there, where their events stand, and how their requests were answered.
pub(super) async fn taken_in(from: &mut Connection, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
    let sql = format!("SELECT key, seq, outcome FROM ingested WHERE key IN (SELECT value ->> 0 FROM {EACH})");
    let keys: Vec<[&str; 1]> = keys.iter().map(|key| [key.as_ref()]).collect();
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(json!(keys).to_string()).fetch_all(from).await?;
    // An outcome that cannot be read fits no request, so that nothing is done twice.
    let unknown = |_| Outcome { request: String::new(), status: 0, body: Value::Null };
    let outcome = |text: String| serde_json::from_str(&give(text)).unwrap_or_else(unknown);
    let known = |row: &Row| {
        let outcome = row.get::<Option<String>, _>(2).map(outcome);
        (row.get(0), Ingested { seq: row.get::<i64, _>(1) as Seq, outcome })
    };
    Ok(rows.iter().map(known).collect())
}

/// Forgets how requests were answered before this time, with their keys.
pub(super) async fn forget_outcomes(to: &mut Connection, before: i64) -> Result<(), LogError> {
    sqlx::query("DELETE FROM ingested WHERE outcome IS NOT NULL AND at < $1").bind(before).execute(to).await?;
    Ok(())
}

/// Forgets the keys that are too old to be repeated by mistake.
pub(super) async fn trim(to: &mut Connection) -> Result<(), LogError> {
    let sql = "DELETE FROM ingested WHERE seq < (SELECT seq FROM ingested ORDER BY seq DESC LIMIT 1 OFFSET $1)";
    sqlx::query(sql).bind(KEYS).execute(to).await?;
    Ok(())
}

/// As JSON.
fn text(value: &impl Serialize) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(corrupt)
}
