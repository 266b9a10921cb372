//! The engine of a server that is told nothing: SQLite, in its own folder. Never shared.

use std::path::Path;

use orrery_server::config::Config;

pub async fn choose(_config: &mut Config) {}

/// The same for the real binary.
pub async fn flags(_folder: &Path) -> Vec<String> {
    Vec::new()
}

/// Changes the log of a stopped server behind its back.
pub async fn tamper(folder: &Path, sql: &str) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("orrery.db"));
    let mut connection = options.connect().await.unwrap();
    for trigger in ["structure_events_are_never_updated", "structure_events_are_never_deleted"] {
        let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER IF EXISTS {trigger}"));
        sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
