//! The engine of a server that is told nothing: SQLite, in its own folder. Never shared.

use std::path::Path;

use orrery_server::config::Config;

pub async fn choose(_config: &mut Config) {}

/// The same for the real binary.
pub async fn flags(_folder: &Path) -> Vec<String> {
    Vec::new()
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
