//! The one row that every append takes. Never held longer than one append.

use orrery_protocol::Seq;
use sqlx::Row as _;

use super::Connection;
use crate::log::LogError;
use crate::log::schema::new_epoch;

pub(super) struct Head {
    pub(super) epoch: String,
    pub(super) seq: Seq,
    pub(super) ownership: i64,
}

/// Names this very database: another cluster, another database in it, or a cluster that was rolled back in time differs.
const HOME: &str = "SELECT (SELECT system_identifier FROM pg_control_system())::text || ':'
    || (SELECT timeline_id FROM pg_control_checkpoint())::text || ':'
    || (SELECT oid FROM pg_database WHERE datname = current_database())::text";

/// Makes the head of a new log, and gives a log that was restored from a copy a new epoch: its places may have been
/// given to other events since.
pub(super) async fn settle_in(connection: &mut Connection) -> Result<String, LogError> {
    let home: String = sqlx::query_scalar(HOME).fetch_one(&mut *connection).await?;
    sqlx::query("INSERT INTO head (one, epoch, seq, oldest, home) VALUES (1, $1, 0, 1, $2) ON CONFLICT DO NOTHING")
        .bind(new_epoch())
        .bind(&home)
        .execute(&mut *connection)
        .await?;
    let moved = sqlx::query("UPDATE head SET epoch = $1, home = $2 WHERE home <> $2").bind(new_epoch()).bind(&home);
    if moved.execute(&mut *connection).await?.rows_affected() > 0 {
        tracing::warn!("this log was restored from a copy: it begins a new life, and clients take a snapshot");
    }
    Ok(sqlx::query_scalar("SELECT epoch FROM head").fetch_one(connection).await?)
}

pub(super) async fn take(connection: &mut Connection) -> Result<Head, LogError> {
    let row = sqlx::query("SELECT epoch, seq, ownership FROM head FOR UPDATE").fetch_one(connection).await?;
    Ok(Head { epoch: row.get(0), seq: row.get::<i64, _>(1) as Seq, ownership: row.get(2) })
}
