//! Duties that one server has for all: a row with an end, by the database's clock. Never a lock: who dies, loses it by time.

use std::time::Duration;

use super::Reader;
use crate::log::LogError;

impl Reader {
    /// Takes the duty or keeps it for so long; `false` while another server has it.
    pub async fn lease(&self, name: &str, holder: &str, lasting: Duration) -> Result<bool, LogError> {
        let sql = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, now() + make_interval(secs => $3))
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
            WHERE leases.holder = excluded.holder OR leases.until < now()";
        let lease = sqlx::query(sql).bind(name).bind(holder).bind(lasting.as_secs_f64());
        Ok(lease.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Gives it back, so that nobody waits for its end.
    pub async fn end_lease(&self, name: &str, holder: &str) -> Result<(), LogError> {
        let sql = "DELETE FROM leases WHERE name = $1 AND holder = $2";
        sqlx::query(sql).bind(name).bind(holder).execute(&self.pool).await?;
        Ok(())
    }
}
