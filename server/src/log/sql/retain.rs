//! Lets go of old activities and run events, a bite at a time. Structure events are never touched. Never decides how old
//! is old.
//!
//! The clock is the server's own: a mark says how far the log was at a time, so an event with a made-up timestamp does
//! not move anything. Compiled once for each engine; `super` says which.

use orrery_protocol::Seq;
use sqlx::AssertSqlSafe;

use super::{Connection, Reader, claims, runner};
use crate::log::{CLAIM_NOTED_EVERY, LogError, Retain};

/// So many rows of a table in one transaction: nobody waits long for it.
const BITE: i64 = 2_000;

/// Sets a mark, and lets go of what lies before the old ones. Answers with the first event of the unbroken rest.
pub(super) async fn retain(to: &mut Connection, it: &Retain) -> Result<Option<Seq>, LogError> {
    let mark = "INSERT INTO marks (at, seq) SELECT CAST($1 AS BIGINT), seq FROM head WHERE true ON CONFLICT DO NOTHING";
    sqlx::query(mark).bind(it.now).execute(&mut *to).await?;
    let mut oldest = None;
    for (table, before) in it.tables() {
        let Some(last) = last(to, table, before).await? else { continue };
        let sql = format!("DELETE FROM {table} WHERE seq <= $1");
        sqlx::query(AssertSqlSafe(sql)).bind(last).execute(&mut *to).await?;
        oldest = oldest.max(Some(last + 1));
    }
    if let Some(oldest) = oldest {
        sqlx::query("UPDATE head SET oldest = $1 WHERE oldest < $1").bind(oldest).execute(&mut *to).await?;
    }
    if let Some(before) = it.runs_before {
        claims::retain(to, before.saturating_sub(CLAIM_NOTED_EVERY)).await?;
    }
    if let Some(before) = it.outcomes_before {
        runner::forget_outcomes(to, before).await?;
    }
    if let Some(before) = it.tables().map(|(_, before)| before).min() {
        // The newest of the old ones still says how far.
        let sql = "DELETE FROM marks WHERE at < (SELECT max(at) FROM marks WHERE at <= $1)";
        sqlx::query(sql).bind(before).execute(to).await?;
    }
    Ok(oldest.map(|oldest| oldest as Seq))
}

impl Reader {
    /// Is there anything left to let go of?
    pub async fn has_expired(&self, it: &Retain) -> Result<bool, LogError> {
        let mut connection = self.pool.acquire().await?;
        for (table, before) in it.tables() {
            if last(&mut connection, table, before).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The last row of the first bite.
async fn last(of: &mut Connection, table: &str, before: i64) -> Result<Option<i64>, LogError> {
    let sql = format!(
        "SELECT max(seq) FROM (SELECT seq FROM {table}
        WHERE seq <= (SELECT max(seq) FROM marks WHERE at <= $1) ORDER BY seq LIMIT {BITE}) AS bite"
    );
    // Only constants of this program are in the statement.
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).bind(before).fetch_one(of).await?)
}
