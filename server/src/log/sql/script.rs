//! Statements that go to the engine together where it takes them so: each time that it is asked costs two changes of
//! thread, or a way over the network. Never what they say.
//!
//! Compiled once for each engine; `super` says which.

use sqlx::AssertSqlSafe;

use super::{Connection, Row, TOGETHER};
use crate::log::LogError;

#[derive(Default)]
pub(super) struct Script {
    sql: String,
    given: Vec<Given>,
}

pub(super) enum Given {
    Text(String),
    Number(i64),
}

impl Script {
    /// Behind what was said before. In each statement `$1` is the first of what is given with it.
    pub(super) async fn say(&mut self, to: &mut Connection, sql: &str, given: Vec<Given>) -> Result<(), LogError> {
        if !TOGETHER {
            self.run(to).await?;
        }
        self.sql.push_str(&shifted(sql, self.given.len()));
        self.sql.push_str("; ");
        self.given.extend(given);
        Ok(())
    }

    /// The first row of an answer: only the last statement may give one.
    pub(super) async fn run(&mut self, to: &mut Connection) -> Result<Option<Row>, LogError> {
        let Self { sql, given } = std::mem::take(self);
        if sql.is_empty() {
            return Ok(None);
        }
        // Only constants and numbers are in the statements; everything else is given beside them.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for given in given {
            query = match given {
                Given::Text(text) => query.bind(text),
                Given::Number(number) => query.bind(number),
            };
        }
        Ok(query.fetch_optional(to).await?)
    }
}

/// `$1` as `$4`, when three are given before it.
fn shifted(sql: &str, by: usize) -> String {
    let mut parts = sql.split('$');
    let mut shifted = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        match part[..digits].parse::<usize>() {
            Ok(number) => shifted.push_str(&format!("${}{}", number + by, &part[digits..])),
            Err(_) => shifted.push_str(&format!("${part}")),
        }
    }
    shifted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_is_counted_on() {
        assert_eq!(shifted("a $1, b $2", 0), "a $1, b $2");
        assert_eq!(shifted("a $1, b $12 c ->> '$.x'", 3), "a $4, b $15 c ->> '$.x'");
    }
}
