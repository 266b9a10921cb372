//! What is kept of credentials: hashes of tokens, and the sign-ins that ended before their time. Never a token.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::rows::corrupt;
use super::{Connection, Row};
use crate::auth::{Known, SignIn};
use crate::clock;
use crate::log::{LogError, Write};

pub(super) async fn known(from: &mut Connection) -> Result<Known, LogError> {
    let sql = "SELECT id, token_hash FROM workspaces WHERE token_hash IS NOT NULL";
    let token = |row: &Row| {
        let (id, hash): (&str, &str) = (row.get(0), row.get(1));
        Ok((id.parse().map_err(corrupt)?, hash.parse().map_err(corrupt)?))
    };
    let tokens = sqlx::query(sql).fetch_all(&mut *from).await?.iter().map(token).collect::<Result<_, LogError>>()?;
    let sign_in = |row: &Row| {
        let id = SignIn::parse_id(row.get(0)).ok_or_else(|| corrupt("the id of a sign-in"))?;
        Ok(SignIn { id, until: row.get(1) })
    };
    let rows = sqlx::query("SELECT id, until FROM signed_out").fetch_all(from).await?;
    let signed_out = rows.iter().map(sign_in).collect::<Result<_, LogError>>()?;
    Ok(Known { tokens, signed_out })
}

/// The hash of each workspace's token after these writes: the last word stands.
pub(super) fn tokens(writes: &[Write]) -> BTreeMap<&str, Option<String>> {
    let tokens = writes.iter().filter_map(|write| match write {
        Write::Token { workspace_id, hash } => Some((workspace_id.as_str(), Some(hash.to_string()))),
        Write::Revoked(workspace_id) => Some((workspace_id.as_str(), None)),
        _ => None,
    });
    tokens.collect()
}

/// Those that are over anyway need no note.
pub(super) async fn sign_out(to: &mut Connection, sign_in: &SignIn) -> Result<(), LogError> {
    let now = clock::now().millis();
    sqlx::query("DELETE FROM signed_out WHERE until < $1").bind(now).execute(&mut *to).await?;
    let sql = "INSERT INTO signed_out (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sqlx::query(sql).bind(sign_in.id_text()).bind(sign_in.until).execute(to).await?;
    Ok(())
}
