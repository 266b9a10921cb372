//! Begins and commits a transaction by SQLite's own account of it. After an error SQLite may have rolled back by itself,
//! and a count of levels kept beside it, as sqlx keeps one, is then wrong.

use super::Connection;
use crate::log::LogError;

/// Fails if a transaction is open.
pub(super) async fn begin(connection: &mut Connection) -> Result<(), LogError> {
    sqlx::query("BEGIN IMMEDIATE").execute(connection).await?;
    Ok(())
}

/// Fails if no transaction is open, or if one is still open afterwards: SQLite begins none within another.
pub(super) async fn commit(connection: &mut Connection) -> Result<(), LogError> {
    sqlx::query("COMMIT; BEGIN; ROLLBACK").execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    async fn count(connection: &mut Connection) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(connection).await.unwrap()
    }

    #[tokio::test]
    async fn begins_and_commits_only_at_the_outermost_level() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("t.db").display());
        let mut connection = Connection::connect(&url).await.unwrap();
        let mut other = Connection::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE t (n INTEGER)").execute(&mut connection).await.unwrap();
        commit(&mut connection).await.unwrap_err();
        for round in 1..3 {
            begin(&mut connection).await.unwrap();
            begin(&mut connection).await.unwrap_err();
            sqlx::query("INSERT INTO t VALUES (1)").execute(&mut connection).await.unwrap();
            commit(&mut connection).await.unwrap();
            assert_eq!(count(&mut other).await, round);
        }
        // As SQLite does by itself on a full disk.
        begin(&mut connection).await.unwrap();
        sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
        commit(&mut connection).await.unwrap_err();
    }
}
