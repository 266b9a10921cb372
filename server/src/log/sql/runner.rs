//! The runner's tables. Never its rules.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use orrery_protocol::{ExecutionId, RunId, Seq, TaskId, Workflow, WorkflowId};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row as _};

use super::read::EVENTS;
use super::rows::{corrupt, published};
use super::{Connection, EACH, Reader, Row, give, keep};
use crate::log::{ExecutionFilter, Ingested, LogError, RunnerWrite, Stored};
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
            let query = sqlx::query(sql).bind(id.as_str()).bind(json!(definition).to_string());
            query.bind(created_at.millis()).execute(to).await?;
        }
        RunnerWrite::Begun { definition, state, owner } => begun(to, definition, state, owner).await?,
        RunnerWrite::Moved(state) => {
            let sql = "UPDATE executions SET status = $1, state = $2 WHERE id = $3";
            let query = sqlx::query(sql).bind(state.status.as_str()).bind(json!(state).to_string());
            query.bind(state.execution_id.as_str()).execute(to).await?;
        }
        RunnerWrite::Task { id, record, created_at } => {
            let sql = "INSERT INTO tasks (id, record, created_at) VALUES ($1, $2, $3)";
            let query = sqlx::query(sql).bind(id.as_str()).bind(record.to_string());
            query.bind(created_at.millis()).execute(to).await?;
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
        .bind(json!(definition).to_string())
        .bind(json!(state).to_string())
        .bind(owner.as_str())
        .execute(to)
        .await?;
    Ok(())
}

impl Reader {
    pub async fn workflows(&self) -> Result<Vec<Workflow>, LogError> {
        let sql = "SELECT definition FROM workflows ORDER BY created_at DESC, id DESC LIMIT $1";
        texts(sqlx::query_scalar(sql).bind(LIST).fetch_all(&self.pool).await?)
    }

    pub async fn workflow(&self, id: &WorkflowId) -> Result<Option<Workflow>, LogError> {
        let sql = "SELECT definition FROM workflows WHERE id = $1";
        text(sqlx::query_scalar(sql).bind(id.as_str()).fetch_optional(&self.pool).await?)
    }

    pub async fn executions(&self, filter: &ExecutionFilter) -> Result<Vec<Stored>, LogError> {
        let sql = "SELECT definition, state FROM executions WHERE workflow_id IS NOT NULL
            AND ($1 IS NULL OR status = $1) AND ($2 IS NULL OR workflow_id = $2)
            ORDER BY started_at DESC, id DESC LIMIT $3";
        let query = sqlx::query(sql).bind(filter.status.as_deref());
        let query = query.bind(filter.workflow_id.as_ref().map(|id| id.as_str())).bind(i64::from(filter.limit));
        query.fetch_all(&self.pool).await?.iter().map(stored).collect()
    }

    pub async fn unfinished(&self) -> Result<Vec<Stored>, LogError> {
        let sql = "SELECT definition, state FROM executions WHERE status IN ('pending', 'running')";
        sqlx::query(sql).fetch_all(&self.pool).await?.iter().map(stored).collect()
    }

    pub async fn execution(&self, id: &ExecutionId) -> Result<Option<Stored>, LogError> {
        let sql = "SELECT definition, state FROM executions WHERE id = $1";
        sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?.as_ref().map(stored).transpose()
    }

    pub async fn run(&self, id: &RunId) -> Result<Option<Stored>, LogError> {
        let sql = "SELECT definition, state FROM executions WHERE run_id = $1";
        sqlx::query(sql).bind(id.as_str()).fetch_optional(&self.pool).await?.as_ref().map(stored).transpose()
    }

    pub async fn timeline(&self, id: &ExecutionId) -> Result<Vec<Arc<Published>>, LogError> {
        // Only the third of the four tables has such a column.
        let conditions = ["false", "false", "workflow_execution_id = $1", "false", ""];
        let sql: String = EVENTS.split("{}").zip(conditions).flat_map(|(part, condition)| [part, condition]).collect();
        let sql = format!("{sql} ORDER BY seq");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).fetch_all(&self.pool).await?;
        rows.iter().map(|row| published(row).map(Arc::new)).collect()
    }

    pub async fn task(&self, id: &TaskId) -> Result<Option<Value>, LogError> {
        let sql = "SELECT record FROM tasks WHERE id = $1";
        text(sqlx::query_scalar(sql).bind(id.as_str()).fetch_optional(&self.pool).await?)
    }

    pub async fn tasks(&self) -> Result<Vec<Value>, LogError> {
        let sql = "SELECT record FROM tasks ORDER BY created_at DESC, id DESC LIMIT $1";
        texts(sqlx::query_scalar(sql).bind(LIST).fetch_all(&self.pool).await?)
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
}

/// Which of these keys are there, where their events stand, and how their requests were answered.
pub(super) async fn taken_in(from: &mut Connection, keys: &[String]) -> Result<HashMap<String, Ingested>, LogError> {
    let sql = format!("SELECT key, seq, outcome FROM ingested WHERE key IN (SELECT value ->> 0 FROM {EACH})");
    let keys: Vec<[&str; 1]> = keys.iter().map(|key| [key.as_ref()]).collect();
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(json!(keys).to_string()).fetch_all(from).await?;
    let known = |row: &Row| {
        Ok((
            row.get(0),
            Ingested { seq: row.get::<i64, _>(1) as Seq, outcome: text(row.get::<Option<String>, _>(2).map(give))? },
        ))
    };
    rows.iter().map(known).collect()
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

fn stored(row: &Row) -> Result<Stored, LogError> {
    let definition = serde_json::from_str(row.get(0)).map_err(corrupt)?;
    Ok(Stored { definition, state: serde_json::from_str(row.get(1)).map_err(corrupt)? })
}

fn text<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, LogError> {
    text.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()
}

fn texts<T: DeserializeOwned>(texts: Vec<String>) -> Result<Vec<T>, LogError> {
    texts.iter().map(|text| serde_json::from_str(text).map_err(corrupt)).collect()
}
