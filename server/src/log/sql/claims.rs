//! The table of claims, and which workspaces have a token: what a decision asks before it runs.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::{HashMap, HashSet};

use orrery_protocol::WorkspaceId;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row as _};

use super::rows::corrupt;
use super::{Connection, EACH, keep};
use crate::log::{Claim, ClaimId, ClaimKind, ClaimOwner, LogError};

/// Which of these ids belong to somebody.
pub(super) async fn claims(from: &mut Connection, ids: &[ClaimId]) -> Result<HashMap<ClaimId, Claim>, LogError> {
    let sql = format!(
        "SELECT kind, id, owner, used_at FROM claims WHERE (kind, id) IN (SELECT value ->> 0, value ->> 1 FROM {EACH})"
    );
    let ids: Vec<[&str; 2]> = ids.iter().map(|it| [it.kind.as_str(), it.id.as_str()]).collect();
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(keep(json!(ids).to_string())).fetch_all(from).await?;
    let mut claims = HashMap::new();
    for row in &rows {
        let kind = ClaimKind::ALL.into_iter().find(|kind| kind.as_str() == row.get::<&str, _>(0));
        let kind = kind.ok_or_else(|| corrupt("the kind of a claim"))?;
        let owner = ClaimOwner::read(row.get(2)).map_err(corrupt)?;
        claims.insert(ClaimId::new(kind, row.get::<String, _>(1)), Claim { owner, used_at: row.get(3) });
    }
    Ok(claims)
}

/// Adds those that are new. Of the others only the time changes: what belongs to somebody stays theirs.
pub(super) async fn write(to: &mut Connection, claims: &[(ClaimId, Claim)]) -> Result<(), LogError> {
    let row = |(id, claim): &(ClaimId, Claim)| json!([id.kind.as_str(), id.id, claim.owner.as_str(), claim.used_at]);
    let sql = format!(
        "INSERT INTO claims (kind, id, owner, used_at)
        SELECT value ->> 0, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT) FROM {EACH} WHERE true
        ON CONFLICT (kind, id) DO UPDATE SET used_at = excluded.used_at"
    );
    let rows: Vec<Value> = claims.iter().map(row).collect();
    sqlx::query(AssertSqlSafe(sql)).bind(keep(Value::from(rows).to_string())).execute(to).await?;
    Ok(())
}

/// Lets go of those that nobody has named since then.
pub(super) async fn retain(to: &mut Connection, used_before: i64) -> Result<(), LogError> {
    sqlx::query("DELETE FROM claims WHERE used_at < $1").bind(used_before).execute(to).await?;
    Ok(())
}

/// Which of these workspaces have a token.
pub(super) async fn with_token(
    from: &mut Connection,
    workspaces: &[WorkspaceId],
) -> Result<HashSet<WorkspaceId>, LogError> {
    let sql =
        format!("SELECT id FROM workspaces WHERE token_hash IS NOT NULL AND id IN (SELECT value ->> 0 FROM {EACH})");
    let ids: Vec<[&str; 1]> = workspaces.iter().map(|id| [id.as_str()]).collect();
    let ids: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(json!(ids).to_string()).fetch_all(from).await?;
    ids.iter().map(|id| id.parse().map_err(corrupt)).collect()
}
