//! Reading the log back: a range of events, and everything that a server starts from. Never writes.

use std::sync::Arc;

use orrery_protocol::record::Viewport;
use orrery_protocol::{Epoch, Seq, WorkspaceId};
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::Reader;
use super::rows::{corrupt, published};
use crate::log::{LogError, Restored};
use crate::publish::Published;

/// The four tables as one, each row with what its event is rebuilt from. `{}` is the condition on each.
const EVENTS: &str = "
    SELECT seq, 'structure' AS home, event_type AS kind, workspace_id, created_at, payload AS text,
        NULL AS a, NULL AS b, NULL AS c, NULL AS d, NULL AS e, NULL AS f, NULL AS g, NULL AS n
        FROM structure_events WHERE {}
    UNION ALL SELECT seq, 'activity', activity_type, workspace_id, created_at, id,
        method, summary, status, source_id, target_id, NULL, NULL, duration_ms
        FROM activity_logs WHERE {}
    UNION ALL SELECT seq, 'run', event_type, workspace_id, created_at, data,
        agent_id, task_id, run_id, workflow_id, workflow_execution_id, workflow_step_id, message, NULL
        FROM run_events WHERE {}
    UNION ALL SELECT seq, 'transient', NULL, workspace_id, NULL, frame,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM transient_events WHERE {}";

impl Reader {
    pub async fn read(&self, after: Seq, limit: u32) -> Result<Vec<Arc<Published>>, LogError> {
        let sql = format!("{} ORDER BY seq LIMIT ?2", EVENTS.replace("{}", "seq > ?1"));
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(after as i64).bind(limit).fetch_all(&self.pool).await?;
        rows.iter().map(|row| published(row).map(Arc::new)).collect()
    }

    pub async fn viewport(&self) -> Result<Option<Viewport>, LogError> {
        let row = sqlx::query("SELECT x, y, zoom FROM viewport").fetch_optional(&self.pool).await?;
        Ok(row.map(|row| Viewport { x: row.get(0), y: row.get(1), zoom: row.get(2) }))
    }

    pub async fn restore(&self) -> Result<Restored, LogError> {
        let mut transaction = self.pool.begin().await?;
        let head = sqlx::query("SELECT epoch, seq, oldest FROM head").fetch_one(&mut *transaction).await?;
        let mut restored = Restored {
            epoch: Epoch::new(head.get(0)),
            head: head.get::<i64, _>(1) as Seq,
            oldest: head.get::<i64, _>(2) as Seq,
            rows: Vec::new(),
            configs: Default::default(),
            removed: Default::default(),
            tokens: Vec::new(),
            vitals: Vec::new(),
        };
        workspaces(&mut transaction, &mut restored).await?;
        let removed: Vec<String> =
            sqlx::query_scalar("SELECT id FROM removed_workspaces").fetch_all(&mut *transaction).await?;
        restored.removed = removed.iter().map(|id| id.parse().map_err(corrupt)).collect::<Result<_, _>>()?;
        Ok(restored)
    }
}

async fn workspaces(from: &mut SqliteConnection, into: &mut Restored) -> Result<(), LogError> {
    let sql = "SELECT id, record, config, token_hash, vitals FROM workspaces";
    for row in sqlx::query(sql).fetch_all(from).await? {
        let id: WorkspaceId = row.get::<&str, _>(0).parse().map_err(corrupt)?;
        into.rows.push(serde_json::from_str(row.get(1)).map_err(corrupt)?);
        if let Some(config) = row.get::<Option<&str>, _>(2) {
            into.configs.insert(id.clone(), serde_json::from_str(config).map_err(corrupt)?);
        }
        if let Some(hash) = row.get::<Option<&str>, _>(3) {
            into.tokens.push((id.clone(), hash.parse().map_err(corrupt)?));
        }
        if let Some(vitals) = row.get::<Option<&str>, _>(4) {
            into.vitals.push((id, serde_json::from_str(vitals).map_err(corrupt)?));
        }
    }
    Ok(())
}
