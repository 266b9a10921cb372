//! What is kept of credentials: hashes of tokens, and the sign-ins that ended before their time. Never a token.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::rows::{corrupt, key, parsed};
use super::{Connection, Row};
use crate::auth::{Known, SignIn};
use crate::clock;
use crate::log::{LogError, Unreadable, Write};

pub(super) async fn known(from: &mut Connection, unreadable: &Unreadable) -> Result<Known, LogError> {
    let sql = "SELECT id, token_hash FROM workspaces WHERE token_hash IS NOT NULL";
    let token = |row: &Row| Ok((parsed(row, 0)?, parsed(row, 1)?));
    let rows = sqlx::query(sql).fetch_all(&mut *from).await?;
    // A token that cannot be read is nobody's.
    let tokens = rows.iter().filter_map(|row| unreadable.skip("workspaces.token_hash", key(row), token(row))).collect();
    let sign_in = |row: &Row| {
        let id = SignIn::parse_id(&key(row)).ok_or_else(|| corrupt("the id of a sign-in"))?;
        Ok(SignIn { id, until: row.try_get(1).map_err(corrupt)? })
    };
    let rows = sqlx::query("SELECT id, until FROM signed_out").fetch_all(from).await?;
    let signed_out = rows.iter().filter_map(|row| unreadable.skip("signed_out", key(row), sign_in(row))).collect();
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
