//! How a database gets its tables and its epoch. Never a table.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A name and its SQL. A step that was released is never changed.
pub(super) type Step = (&'static str, &'static str);

pub(super) fn migrator(steps: &'static [Step]) -> Migrator {
    let step = |(index, (name, sql)): (usize, &(&'static str, &'static str))| {
        Migration::new(index as i64 + 1, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().enumerate().map(step).collect())
}

/// A new log is a new life: sixteen hexadecimal digits, never used before.
pub(super) fn new_epoch() -> String {
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    format!("{:016x}", u64::from_le_bytes(random))
}
