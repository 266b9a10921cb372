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
