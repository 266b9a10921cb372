//! Which server owns what it runs, by leases in the database's time. Taken over in the transaction that holds the head: so
//! nobody who was taken for gone can append in the name of what it lost. Never decides when to take over.

use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use orrery_protocol::{ExecutionId, WorkspaceId};
use serde_json::json;

use super::rows::{self, corrupt, key, parsed};
use super::{Connection, EACH, Reader, Row};
use crate::log::{LogError, SharedWrite, Waiting};
use crate::ownership::Owner;

/// What has no owner that is there.
#[derive(Debug, Default, PartialEq)]
pub struct Ownerless {
    pub executions: Vec<ExecutionId>,
    pub workspaces: Vec<WorkspaceId>,
}

/// `$1`: whether those whose time has passed are gone.
const OWNED: &str = "owner IN (SELECT id FROM servers WHERE NOT $1 OR until > now())";
const UNFINISHED: &str = "status IN ('pending', 'running')";

/// Answered words are kept for so long.
const WORDS_KEPT: &str = "1 hour";

impl Reader {
    /// A server comes: from now on it may own.
    pub async fn join(&self, owner: &Owner, lasting: Duration) -> Result<(), LogError> {
        let sql = "INSERT INTO servers (id, until) VALUES ($1, now() + make_interval(secs => $2))";
        sqlx::query(sql).bind(owner.as_str()).bind(lasting.as_secs_f64()).execute(&self.pool).await?;
        Ok(())
    }

    /// It is still there; `false`: it was taken for gone, and owns nothing any more.
    pub async fn renew(&self, owner: &Owner, lasting: Duration) -> Result<bool, LogError> {
        let sql = "UPDATE servers SET until = now() + make_interval(secs => $2) WHERE id = $1";
        let renewed = sqlx::query(sql).bind(owner.as_str()).bind(lasting.as_secs_f64()).execute(&self.pool).await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// A server goes: nobody waits for the end of its time.
    pub async fn leave(&self, owner: &Owner) -> Result<(), LogError> {
        sqlx::query("DELETE FROM servers WHERE id = $1").bind(owner.as_str()).execute(&self.pool).await?;
        Ok(())
    }

    /// `by_time`: those whose time has passed are gone. `unowned`: also the workspaces that never had an owner.
    pub async fn ownerless(&self, by_time: bool, unowned: bool) -> Result<Ownerless, LogError> {
        let sql = format!("SELECT id FROM executions WHERE {UNFINISHED} AND (owner IS NULL OR NOT {OWNED})");
        let executions: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(by_time).fetch_all(&self.pool).await?;
        let sql =
            format!("SELECT id FROM workspaces WHERE ($2 AND owner IS NULL) OR (owner IS NOT NULL AND NOT {OWNED})");
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(by_time).bind(unowned);
        let workspaces: Vec<String> = query.fetch_all(&self.pool).await?;
        Ok(Ownerless {
            executions: self.ids("executions", &executions),
            workspaces: self.ids("workspaces", &workspaces),
        })
    }

    /// Which of these unfinished executions this server owns.
    pub async fn executions_owned(&self, by: &Owner, ids: &[ExecutionId]) -> Result<Vec<ExecutionId>, LogError> {
        let sql = format!(
            "SELECT id FROM executions WHERE {UNFINISHED} AND owner = $2
            AND id IN (SELECT value ->> 0 FROM {EACH})"
        );
        let ids = among(ids.iter().map(ExecutionId::as_str));
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(ids).bind(by.as_str());
        let ids: Vec<String> = query.fetch_all(&self.pool).await?;
        Ok(self.ids("executions", &ids))
    }

    /// The workspaces whose processes this server has.
    pub async fn workspaces_owned(&self, by: &Owner) -> Result<HashSet<WorkspaceId>, LogError> {
        let sql = "SELECT id FROM workspaces WHERE owner = $1";
        let ids: Vec<String> = sqlx::query_scalar(sql).bind(by.as_str()).fetch_all(&self.pool).await?;
        Ok(self.ids("workspaces", &ids))
    }

    /// Those of the ids that can be read.
    fn ids<C: FromIterator<Id>, Id: FromStr<Err: Display>>(&self, table: &'static str, ids: &[String]) -> C {
        ids.iter().filter_map(|id| self.unreadable.skip(table, id, id.parse().map_err(corrupt))).collect()
    }

    /// What was said to the executions of this server and waits for an answer.
    pub async fn words(&self, owner: &Owner) -> Result<Vec<Waiting>, LogError> {
        let sql = "SELECT words.id, execution_id, word FROM words JOIN executions ON executions.id = execution_id
            WHERE answer IS NULL AND owner = $1 ORDER BY words.id";
        let rows = sqlx::query(sql).bind(owner.as_str()).fetch_all(&self.pool).await?;
        let waiting = |row: &Row| {
            let word = rows::json(row, 2)?.ok_or_else(|| corrupt("no word"))?;
            Ok(Waiting { id: key(row).into(), execution_id: parsed(row, 1)?, word })
        };
        Ok(rows.iter().filter_map(|row| self.unreadable.skip("words", key(row), waiting(row))).collect())
    }

    /// What came of a word: `None` as long as nobody has answered, an empty text when it was done.
    pub async fn answer(&self, word: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT answer FROM words WHERE id = $1";
        Ok(sqlx::query_scalar(sql).bind(word).fetch_optional(&self.pool).await?.flatten())
    }
}

/// In the transaction that holds the head.
pub(super) async fn write(to: &mut Connection, write: &SharedWrite) -> Result<(), LogError> {
    match write {
        SharedWrite::TakeOver { owner, by_time, executions, workspaces } => {
            if *by_time {
                let sql = "DELETE FROM servers WHERE until <= now() AND id <> $1";
                sqlx::query(sql).bind(owner.as_str()).execute(&mut *to).await?;
            }
            let executions = among(executions.iter().map(ExecutionId::as_str));
            let workspaces = among(workspaces.iter().map(WorkspaceId::as_str));
            for (table, ids) in [("executions", executions), ("workspaces", workspaces)] {
                let sql = format!(
                    "UPDATE {table} SET owner = $2 WHERE id IN (SELECT value ->> 0 FROM {EACH})
                    AND (owner IS NULL OR owner NOT IN (SELECT id FROM servers))"
                );
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ids).bind(owner.as_str()).execute(&mut *to).await?;
            }
        }
        SharedWrite::Said(Waiting { id, execution_id, word }) => {
            let sql = "INSERT INTO words (id, execution_id, word) VALUES ($1, $2, $3)";
            let query = sqlx::query(sql).bind(&**id).bind(execution_id.as_str());
            query.bind(json!(word).to_string()).execute(&mut *to).await?;
            let sql = format!("DELETE FROM words WHERE said_at < now() - INTERVAL '{WORDS_KEPT}'");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *to).await?;
        }
        SharedWrite::Answered { word, answer } => {
            let sql = "UPDATE words SET answer = $2 WHERE id = $1 AND answer IS NULL";
            sqlx::query(sql).bind(&**word).bind(answer).execute(&mut *to).await?;
            return Ok(());
        }
    }
    sqlx::query("UPDATE head SET ownership = ownership + 1").execute(to).await?;
    Ok(())
}

/// For `EACH`.
fn among<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    json!(ids.map(|id| [id]).collect::<Vec<_>>()).to_string()
}

/// Was this server not taken for gone? With the head in hand: nobody can be taken for gone meanwhile.
pub(super) async fn is_there(connection: &mut Connection, owner: &Owner) -> Result<bool, LogError> {
    let sql = "SELECT 1 FROM servers WHERE id = $1";
    Ok(sqlx::query(sql).bind(owner.as_str()).fetch_optional(connection).await?.is_some())
}
