//! Why the log could not be opened, read or written.

use std::io;
use std::path::PathBuf;

use orrery_protocol::Seq;

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(
        "{database} cannot be opened as the event log: {error}; restore a backup in its place, or name another folder \
         with --data-dir"
    )]
    Unopened { database: PathBuf, error: Box<LogError> },
    #[error("{0}: {1}")]
    Folder(PathBuf, io::Error),
    #[error("another server uses the folder {0}")]
    InUse(PathBuf),
    #[error(
        "{database} is missing, but {trace} shows that a log was there: put the database back or restore a backup in \
         its place; to begin with an empty log, delete {trace}"
    )]
    Missing { database: PathBuf, trace: PathBuf },
    #[error(
        "there is no log in {database}: put the right file back or restore a backup in its place; to begin with an \
         empty log, delete it and, if it is there, {epoch}"
    )]
    WithoutLog { database: PathBuf, epoch: PathBuf },
    #[error(
        "{0} was deleted or replaced while the server used it, so nothing is written any more: put it back, or stop the \
         server, restore a backup and start it again"
    )]
    Lost(PathBuf),
    /// The batch may be in the log or not: `Appender::begin` tells.
    #[error("a commit was not confirmed: {0}")]
    Unconfirmed(Box<LogError>),
    #[error("somebody else appended to this log: the head is not {0}")]
    HeadMoved(Seq),
    #[error("the log was replaced by another one: start this server anew")]
    AnotherLife,
    #[error("the database took too long")]
    TooLate,
    #[error("a stored row cannot be read: {0}")]
    Corrupt(String),
}

impl LogError {
    /// Returns whether the database is to blame rather than what it was asked: the same may succeed later.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(error)) => {
                !is_bad_question(error.code().as_deref().unwrap_or_default())
            }
            Self::Database(error) => is_about_the_connection(error),
            Self::Unconfirmed(error) | Self::Unopened { error, .. } => error.is_outage(),
            Self::Folder(..) | Self::Lost(_) | Self::HeadMoved(_) | Self::AnotherLife | Self::TooLate => true,
            Self::Migration(_) | Self::InUse(_) | Self::Missing { .. } | Self::WithoutLog { .. } | Self::Corrupt(_) => {
                false
            }
        }
    }
}

fn is_about_the_connection(error: &sqlx::Error) -> bool {
    use sqlx::Error::{BeginFailed, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    matches!(error, Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | PoolClosed | WorkerCrashed | BeginFailed)
}

/// Codes of PostgreSQL have five characters, of which the first two are a class: bad data, a constraint, bad SQL. SQLite's
/// are numbers, the lowest byte of which is a class: bad SQL, a constraint, a wrong type, a value out of range.
fn is_bad_question(code: &str) -> bool {
    match (code.len(), code.parse::<u32>()) {
        (5, _) => ["22", "23", "42"].iter().any(|class| code.starts_with(class)),
        (_, Ok(code)) => [1, 19, 20, 25].contains(&(code & 0xff)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_from_a_bad_question() {
        // A constraint, a syntax error, an invalid byte sequence.
        for code in ["19", "2067", "1", "23505", "42601", "22021"] {
            assert!(is_bad_question(code), "{code}");
        }
        // A full disk, an I/O error, a damaged file, a shutdown, too many connections.
        for code in ["13", "778", "11", "57P01", "53300", "08006"] {
            assert!(!is_bad_question(code), "{code}");
        }
    }
}
