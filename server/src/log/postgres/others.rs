//! What a server looks up to follow the others. Never an event: `read` has those.

use orrery_protocol::{Epoch, Seq, WorkspaceId};
use sqlx::Row as _;

use super::rows::{corrupt, json, key, parsed};
use super::{Reader, Row, credentials};
use crate::auth::{Known, TokenHash};
use crate::liveness::Vitals;
use crate::log::LogError;
use crate::metrics::LOG_QUESTIONS;

/// Where a shared log stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    pub epoch: Epoch,
    pub seq: Seq,
    pub oldest: Seq,
    /// Differs when tokens did.
    pub credentials: i64,
    /// Differs when somebody took over, or said something to an execution.
    pub ownership: i64,
}

impl Reader {
    /// Where the log stands: what the other servers may have changed.
    pub async fn glance(&self) -> Result<Glance, LogError> {
        let sql = "SELECT epoch, seq, oldest, credentials, ownership FROM head";
        let row = sqlx::query(sql).fetch_one(&self.pool).await?;
        Ok(Glance {
            epoch: Epoch::new(row.get(0)),
            seq: row.get::<i64, _>(1) as Seq,
            oldest: row.get::<i64, _>(2) as Seq,
            credentials: row.get(3),
            ownership: row.get(4),
        })
    }

    pub async fn credentials(&self) -> Result<Known, LogError> {
        credentials::known(&mut *self.pool.acquire().await?, &self.unreadable).await
    }

    /// Returns the workspace whose token has this hash, as it is committed now.
    pub async fn workspace_of(&self, token: &TokenHash) -> Result<Option<WorkspaceId>, LogError> {
        LOG_QUESTIONS.add(1);
        let sql = "SELECT id FROM workspaces WHERE token_hash = $1";
        let id: Option<String> = sqlx::query_scalar(sql).bind(token.to_string()).fetch_optional(&self.pool).await?;
        id.map(|id| id.parse().map_err(corrupt)).transpose()
    }

    pub async fn vitals(&self) -> Result<Vec<(WorkspaceId, Vitals)>, LogError> {
        let sql = "SELECT id, vitals FROM workspaces WHERE vitals IS NOT NULL";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        let vitals = |row: &Row| Ok((parsed(row, 0)?, json(row, 1)?.ok_or_else(|| corrupt("no vitals"))?));
        Ok(rows.iter().filter_map(|row| self.unreadable.skip("workspaces.vitals", key(row), vitals(row))).collect())
    }
}
