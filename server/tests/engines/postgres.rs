//! A database of its own in one private PostgreSQL for each folder, so that a server that comes again finds its log.

use std::path::Path;

use orrery_server::config::Config;
use orrery_tests::postgres::Postgres;

pub async fn choose(config: &mut Config) {
    config.database_url = Some(url(&config.data_dir).await.as_str().into());
}

/// The same for the real binary.
pub async fn flags(folder: &Path) -> Vec<String> {
    vec!["--database-url".into(), url(folder).await]
}

async fn url(folder: &Path) -> String {
    let name: String = folder.to_string_lossy().to_lowercase().replace(|it: char| !it.is_alphanumeric(), "_");
    Postgres::of_this_process().await.database(&name).await
}

/// Changes the log of a stopped server behind its back.
pub async fn tamper(folder: &Path, sql: &str) {
    use sqlx::{ConnectOptions, Connection};
    let options: sqlx::postgres::PgConnectOptions = url(folder).await.parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    let drop = "DROP TRIGGER IF EXISTS structure_events_are_never_changed ON structure_events";
    sqlx::raw_sql(drop).execute(&mut connection).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Has the log of a stopped server refuse run events whose data hold this text.
pub async fn refuse_run_events(folder: &Path, text: &str) {
    let check = format!(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.data::text LIKE '%{text}%' THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END IF;
            RETURN NEW; END $$;
        CREATE TRIGGER refused BEFORE INSERT ON run_events FOR EACH ROW EXECUTE FUNCTION refuse();"
    );
    tamper(folder, &check).await;
}

async fn database(folder: &Path) -> sqlx::PgConnection {
    use sqlx::Connection as _;
    sqlx::PgConnection::connect(&url(folder).await).await.unwrap()
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
