//! A database of its own in one private PostgreSQL for each folder, so that a server that comes again finds its log.

use orrery_server::config::Config;
use orrery_tests::postgres::Postgres;

pub async fn choose(config: &mut Config) {
    let name: String = config.data_dir.to_string_lossy().to_lowercase().replace(|it: char| !it.is_alphanumeric(), "_");
    let url = Postgres::of_this_process().await.database(&name).await;
    config.database_url = Some(url.as_str().into());
}
