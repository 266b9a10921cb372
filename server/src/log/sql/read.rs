//! Reading the log back: a range of events, and everything that a server starts from. Never writes.
//!
//! Compiled once for each engine; `super` says which.

use std::sync::Arc;

use orrery_model::Runs;
use orrery_protocol::record::Viewport;
use orrery_protocol::{Epoch, Seq, Workspace, WorkspaceId};
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Row as _};

use super::gaps::without_gaps;
use super::rows::{activity_row, corrupt, json, key, parsed, published};
use super::{Connection, READ_AT_ONE_PLACE, Reader, Row, credentials};
use crate::log::{ActivityFilter, ActivityRow, LastWord, LogError, Restored, RunRecordKind, Unreadable};
use crate::publish::Published;

/// The four tables as one, each row with what its event is rebuilt from. `{}` is the condition on each.
pub(super) const EVENTS: &str = "
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
        let mut connection = self.pool.acquire().await?;
        events(&mut connection, after, limit, &self.unreadable).await
    }

    pub async fn of_workspace(
        &self,
        id: &WorkspaceId,
        after: Option<Seq>,
        until: Seq,
        limit: u32,
    ) -> Result<Vec<Arc<Published>>, LogError> {
        // An agent that moved here, too, is about this workspace.
        let arrived = "UNION ALL SELECT seq, 'structure', event_type, workspace_id, created_at, payload,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM structure_events
            WHERE target_id = $1 AND event_type = 'AGENT_MOVED' AND seq > $2 AND seq <= $3";
        let order = if after.is_some() { "ASC" } else { "DESC" };
        let events = EVENTS.replace("{}", "workspace_id = $1 AND seq > $2 AND seq <= $3");
        let sql = format!("{events} {arrived} ORDER BY seq {order} LIMIT $4");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(id.as_str()).bind(after.unwrap_or(0) as i64);
        let rows = query.bind(until as i64).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        let mut events: Vec<_> =
            rows.iter().map(|row| published(row, &self.unreadable).map(Arc::new)).collect::<Result<_, _>>()?;
        events.sort_unstable_by_key(|event: &Arc<Published>| event.seq);
        Ok(events)
    }

    pub async fn activity(&self, id: &WorkspaceId, filter: &ActivityFilter) -> Result<Vec<ActivityRow>, LogError> {
        let sql = "SELECT seq, activity_type AS kind, workspace_id, created_at, id AS text, method AS a, summary AS b,
            status AS c, source_id AS d, target_id AS e, duration_ms AS n, request_body, response_body, error_detail
            FROM activity_logs WHERE workspace_id = $1 AND seq < $2
            AND ($3 IS NULL OR activity_type = $3)
            AND ($4 IS NULL OR source_id = $4 OR ($4 = 'agent' AND source_id IS NOT NULL)
                OR ($4 = 'canvas' AND source_id IS NULL))
            ORDER BY seq DESC LIMIT $5";
        let (mut found, mut before) = (Vec::new(), filter.before as i64);
        loop {
            let wanted = filter.limit as usize - found.len();
            let query = sqlx::query(sql).bind(id.as_str()).bind(before).bind(filter.kind.as_deref());
            let rows = query.bind(filter.source.as_deref()).bind(wanted as i64).fetch_all(&self.pool).await?;
            for row in &rows {
                before = row.try_get("seq")?;
                found.extend(self.unreadable.skip("activity_logs", before, activity_row(row)));
            }
            // Rows that are skipped make no page look like the last one.
            if rows.len() < wanted || found.len() == filter.limit as usize {
                return Ok(found);
            }
        }
    }

    pub async fn oldest(&self) -> Result<Seq, LogError> {
        let oldest: i64 = sqlx::query_scalar("SELECT oldest FROM head").fetch_one(&self.pool).await?;
        Ok(oldest as Seq)
    }

    pub async fn last_word(&self, id: &WorkspaceId) -> Result<Option<LastWord>, LogError> {
        let removed = "SELECT seq, forwarded_to FROM removed_workspaces WHERE id = $1";
        let Some(row) = sqlx::query(removed).bind(id.as_str()).fetch_optional(&self.pool).await? else {
            return Ok(None);
        };
        let seq: i64 = row.get(0);
        let forwarded_to = row.get::<Option<&str>, _>(1).map(|id| id.parse().map_err(corrupt)).transpose()?;
        let last = self.read(seq as Seq - 1, 1).await?;
        let event = last.first().ok_or_else(|| corrupt("a removal without its event"))?.text().to_owned();
        Ok(Some(LastWord { event, forwarded_to }))
    }

    pub async fn viewport(&self) -> Result<Option<Viewport>, LogError> {
        let row = sqlx::query("SELECT x, y, zoom FROM viewport").fetch_optional(&self.pool).await?;
        Ok(row.map(|row| Viewport { x: row.get(0), y: row.get(1), zoom: row.get(2) }))
    }

    pub async fn restore(&self) -> Result<Restored, LogError> {
        let mut transaction = self.pool.begin_with(READ_AT_ONE_PLACE).await?;
        let head = sqlx::query("SELECT epoch, seq, oldest FROM head").fetch_one(&mut *transaction).await?;
        let mut restored = Restored {
            epoch: Epoch::new(head.get(0)),
            head: head.get::<i64, _>(1) as Seq,
            oldest: head.get::<i64, _>(2) as Seq,
            rows: Vec::new(),
            configs: Default::default(),
            removed: Default::default(),
            credentials: credentials::known(&mut transaction, &self.unreadable).await?,
            vitals: Vec::new(),
            runs: Runs::default(),
        };
        let unreadable = &self.unreadable;
        workspaces(&mut transaction, &mut restored, unreadable).await?;
        restored.runs = Runs::from_records(
            records(&mut transaction, RunRecordKind::Execution, unreadable).await?,
            records(&mut transaction, RunRecordKind::Run, unreadable).await?,
            records(&mut transaction, RunRecordKind::Agent, unreadable).await?,
        );
        let removed = sqlx::query("SELECT id FROM removed_workspaces").fetch_all(&mut *transaction).await?;
        let removed = removed.iter().filter_map(|row| unreadable.skip("removed_workspaces", key(row), parsed(row, 0)));
        restored.removed = removed.collect();
        Ok(restored)
    }
}

pub(super) async fn events(
    from: &mut Connection,
    after: Seq,
    limit: u32,
    unreadable: &Unreadable,
) -> Result<Vec<Arc<Published>>, LogError> {
    // Read before the rows: whatever it includes must be among them.
    let head: i64 = sqlx::query_scalar("SELECT seq FROM head").fetch_one(&mut *from).await?;
    let sql = format!("{} ORDER BY seq LIMIT $2", EVENTS.replace("{}", "seq > $1"));
    let query = sqlx::query(AssertSqlSafe(sql)).bind(after as i64).bind(i64::from(limit));
    let rows = query.fetch_all(&mut *from).await?;
    let read = rows.iter().map(|row| published(row, unreadable).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let last = read.last().map_or(after, |last| last.seq);
    if last >= (head as Seq).min(after + Seq::from(limit)) && read.len() as Seq == last - after {
        return Ok(read);
    }
    // Read after the rows: what was trimmed in between is not missing.
    let oldest: i64 = sqlx::query_scalar("SELECT oldest FROM head").fetch_one(from).await?;
    Ok(without_gaps(read, (after + 1).max(oldest as Seq), head as Seq, limit as usize, unreadable))
}

async fn workspaces(from: &mut Connection, into: &mut Restored, unreadable: &Unreadable) -> Result<(), LogError> {
    let sql = "SELECT id, record, config, vitals FROM workspaces";
    for row in sqlx::query(sql).fetch_all(from).await? {
        let skip = |read| unreadable.skip("workspaces", key(&row), read);
        let Some((id, record)) = unreadable.skip("workspaces", key(&row), workspace(&row)) else { continue };
        into.rows.push(record);
        // Without what it was provisioned with, and without its vitals, a workspace is still one.
        if let Some(config) = skip(json(&row, 2)).flatten() {
            into.configs.insert(id.clone(), config);
        }
        if let Some(vitals) = unreadable.skip("workspaces.vitals", key(&row), json(&row, 3)).flatten() {
            into.vitals.push((id, vitals));
        }
    }
    Ok(())
}

fn workspace(row: &Row) -> Result<(WorkspaceId, Workspace), LogError> {
    let id: WorkspaceId = parsed(row, 0)?;
    let record: Workspace = json(row, 1)?.ok_or_else(|| corrupt("it has no record"))?;
    match record.id == id {
        true => Ok((id, record)),
        false => Err(corrupt(format!("its record is that of {}", record.id))),
    }
}

async fn records<T: DeserializeOwned>(
    from: &mut Connection,
    kind: RunRecordKind,
    unreadable: &Unreadable,
) -> Result<Vec<T>, LogError> {
    let sql = "SELECT id, record FROM run_records WHERE kind = $1";
    let rows = sqlx::query(sql).bind(kind.as_str()).fetch_all(from).await?;
    let read = |row: &Row| unreadable.skip("run_records", key(row), json(row, 1)).flatten();
    Ok(rows.iter().filter_map(read).collect())
}
