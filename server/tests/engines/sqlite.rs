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

/// Has the log of a stopped server refuse run events whose data hold this text.
pub async fn refuse_run_events(folder: &Path, text: &str) {
    let when = format!("CREATE TRIGGER refused BEFORE INSERT ON run_events WHEN NEW.data LIKE '%{text}%'");
    tamper(folder, &format!("{when} BEGIN SELECT RAISE(ABORT, 'refused'); END;")).await;
}

async fn database(folder: &Path) -> sqlx::SqliteConnection {
    use sqlx::Connection as _;
    let path = folder.join("orrery.db");
    sqlx::SqliteConnection::connect(path.to_str().unwrap()).await.unwrap()
}

/// The state of an execution as the log keeps it.
pub async fn stored_state(folder: &Path, id: &str) -> String {
    let query = sqlx::query_scalar("SELECT state FROM executions WHERE id = $1").bind(id);
    query.fetch_one(&mut database(folder).await).await.unwrap()
}

/// Overwrites it; no server may run.
pub async fn store_state(folder: &Path, id: &str, state: &str) {
    let query = sqlx::query("UPDATE executions SET state = $2 WHERE id = $1").bind(id).bind(state);
    query.execute(&mut database(folder).await).await.unwrap();
}
