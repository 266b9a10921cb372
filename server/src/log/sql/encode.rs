//! A batch as rows of JSON, a list a table. Never the statements.
//!
//! Compiled once for each engine; `super` says which.

use std::collections::HashMap;

use orrery_protocol::{Event, Timestamp, WorkspaceChange, WorkspaceEvent};
use serde_json::{Value, json};

use crate::clock;
use crate::log::{Batch, Bodies, LogError, Write};

#[derive(Default)]
pub(super) struct Rows {
    pub(super) structure: Vec<Value>,
    pub(super) activity: Vec<Value>,
    pub(super) run: Vec<Value>,
    pub(super) transient: Vec<Value>,
    pub(super) projection: Vec<Value>,
    pub(super) removed: Vec<Value>,
    pub(super) records: Vec<Value>,
    pub(super) forgotten: Vec<Value>,
}

impl Rows {
    pub(super) fn of(batch: &Batch) -> Result<Self, LogError> {
        let bodies = batch.writes.iter().filter_map(|write| match write {
            Write::Bodies { activity_id, bodies } => Some((activity_id.as_str(), bodies)),
            _ => None,
        });
        let bodies: HashMap<&str, &Bodies> = bodies.collect();
        let mut rows = Self::default();
        for published in &batch.published {
            let seq = published.seq;
            match &published.event {
                Event::Workspace(event) => match &event.change {
                    WorkspaceChange::ActivityLogged(it) => {
                        let none = Bodies::default();
                        let id = it.id.clone().unwrap_or_else(clock::mint_text);
                        let Bodies { request, response, error_detail } = bodies.get(id.as_str()).unwrap_or(&&none);
                        rows.activity.push(json!([
                            seq,
                            id,
                            event.workspace_id,
                            it.activity_type,
                            it.method,
                            it.summary,
                            it.status,
                            it.source_id,
                            it.target_id,
                            it.duration_ms,
                            request,
                            response,
                            error_detail,
                            millis(event.timestamp),
                        ]));
                    }
                    change if change.kind().is_structure() => rows.structure.push(structure_row(seq, event)),
                    _ => rows.transient.push(json!([seq, event.workspace_id, published.text()])),
                },
                Event::Run(it) => rows.run.push(json!([
                    seq,
                    it.event_type,
                    it.workspace_id,
                    it.agent_id,
                    it.task_id,
                    it.run_id,
                    it.workflow_id,
                    it.workflow_execution_id,
                    it.workflow_step_id,
                    Value::from(it.data.clone()).to_string(),
                    it.message,
                    millis(it.timestamp),
                ])),
                Event::Unknown(it) => rows.transient.push(json!([seq, it.workspace_id, published.text()])),
            }
        }
        for it in &batch.rows {
            // Text inside text: SQLite must not respell the numbers of a record, or its hash would change.
            let record = serde_json::to_string(&it.row).map_err(|error| LogError::Corrupt(error.to_string()))?;
            rows.projection.push(json!([it.row.id, record, it.config.as_ref().map(Value::to_string)]));
        }
        rows.removed = batch.removed.iter().map(|it| json!([it.id, it.seq, it.forwarded_to])).collect();
        for it in &batch.records {
            match &it.record {
                Some(record) => rows.records.push(json!([it.kind.as_str(), it.id, record])),
                None => rows.forgotten.push(json!([it.kind.as_str(), it.id])),
            }
        }
        Ok(rows)
    }
}

fn structure_row(seq: u64, event: &WorkspaceEvent) -> Value {
    let (agent, target) = match &event.change {
        WorkspaceChange::AgentAssigned { agent_id, .. } => (Some(agent_id), None),
        WorkspaceChange::AgentReplaced { agent_id, .. } | WorkspaceChange::AgentRemoved { agent_id, .. } => {
            (agent_id.as_ref(), None)
        }
        WorkspaceChange::AgentMoved { agent_id, to, .. } => (Some(agent_id), Some(to)),
        WorkspaceChange::Moved { new_parent_id, .. } => (None, new_parent_id.as_ref()),
        WorkspaceChange::Removed { forwarded_to, .. } => (None, forwarded_to.as_ref()),
        _ => (None, None),
    };
    json!([
        seq,
        clock::mint_text(),
        event.change.kind().as_str(),
        event.workspace_id,
        agent,
        target,
        event.change.payload().to_string(),
        millis(event.timestamp),
    ])
}

fn millis(timestamp: Timestamp) -> i64 {
    timestamp.millis()
}
