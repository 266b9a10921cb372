//! What an operator does to a log that is not a request: a copy, and a new life. Never while events are decided.

use std::path::{Path, PathBuf};

use super::{LogError, postgres, sqlite};
use crate::config::Config;

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error("a PostgreSQL log is copied with pg_dump: see docs/operations.md")]
    NotSqlite,
    #[error("{0} is there already: a backup never writes over anything")]
    IsThere(PathBuf),
    #[error("there is no log in {0}")]
    NoLog(PathBuf),
    #[error(transparent)]
    Log(#[from] LogError),
}

/// A whole copy in one file, of one moment; the server may run meanwhile. A server that finds it as its log begins a new
/// life with it.
pub async fn backup(config: &Config, to: &Path) -> Result<(), UpkeepError> {
    if config.database_url.is_some() {
        return Err(UpkeepError::NotSqlite);
    }
    if to.exists() {
        return Err(UpkeepError::IsThere(to.to_owned()));
    }
    let from = config.data_dir.join(sqlite::DATABASE);
    if !from.exists() {
        return Err(UpkeepError::NoLog(config.data_dir.clone()));
    }
    Ok(sqlite::backup(&from, to).await?)
}

/// The log gets a new epoch, so that no client resumes where other events were. No server may run on it.
pub async fn new_epoch(config: &Config) -> Result<String, LogError> {
    match &config.database_url {
        Some(url) => postgres::new_life(url.expose()).await,
        None => sqlite::new_life(&config.data_dir).await,
    }
}
