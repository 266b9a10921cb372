//! What decisions look at: the fold of every event so far, and what the canvas does not keep. Never changed by a decision.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use orrery_layout::positions::PositionIndex;
use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::{Epoch, Event, Seq, Timestamp, Workspace, WorkspaceChange, WorkspaceId};
use serde::Serialize;
use serde_json::Value;

use crate::error::Refusal;
use crate::log::{
    Batch, Claim, ClaimId, Ingested, Projected, Removal, Restored, RunRecord, RunRecordKind, RunnerWrite, Write,
};
use crate::ownership::Owner;
use crate::publish::published::{Published, Unencodable};

#[derive(Debug, Clone)]
pub struct State {
    pub epoch: Epoch,
    pub canvas: Canvas,
    /// Where the workspaces of the canvas are.
    pub positions: PositionIndex,
    /// Every id that was ever removed.
    pub removed: HashSet<WorkspaceId>,
    /// What a workspace was provisioned with, for provisioning it again.
    pub configs: HashMap<WorkspaceId, Value>,
    /// The time of the decision at hand; it never goes back.
    pub now: Timestamp,
    /// By what name this server owns what it runs; `None`: others have taken that over.
    pub owner: Option<Owner>,
    /// Of the keys that this batch's decisions ask for, those that are in the log.
    pub taken_in: HashMap<String, Ingested>,
    /// Whom ids of run events belong to: at least those that this batch's decisions ask for, as far as they belong to
    /// anybody. What belongs to somebody stays theirs, so an entry is never wrong.
    pub claims: HashMap<ClaimId, Claim>,
    /// Of the workspaces that this batch's decisions ask about, those that have a token.
    pub with_token: HashSet<WorkspaceId>,
}

impl State {
    pub fn new(restored: Restored) -> Self {
        let canvas = restored.canvas();
        Self {
            positions: PositionIndex::of(&canvas),
            canvas,
            epoch: restored.epoch,
            removed: restored.removed,
            configs: restored.configs,
            now: Timestamp::default(),
            owner: None,
            taken_in: HashMap::new(),
            claims: HashMap::new(),
            with_token: HashSet::new(),
        }
    }

    /// What one decision writes, the next one in the batch finds.
    pub(super) fn note(&mut self, write: &Write) {
        match write {
            Write::Runner(RunnerWrite::Ingested { key, seq, outcome, .. }) => {
                self.taken_in.insert(key.clone(), Ingested { seq: *seq, outcome: outcome.clone() });
            }
            Write::Claims(claims) => self.claims.extend(claims.iter().cloned()),
            Write::Token { workspace_id, .. } => {
                self.with_token.insert(workspace_id.clone());
            }
            Write::Revoked(workspace_id) => {
                self.with_token.remove(workspace_id);
            }
            _ => {}
        }
    }

    /// The place of the last event.
    pub fn seq(&self) -> Seq {
        self.canvas.seq()
    }

    /// Nothing happens in a name that this server no longer has.
    pub fn acts_for(&self, owner: &Owner) -> Result<(), Refusal> {
        match self.owner.as_ref() == Some(owner) {
            true => Ok(()),
            false => Err(Refusal::Conflict("another server has taken this over".into())),
        }
    }

    /// A workspace that is on the canvas, or the right refusal.
    pub fn known(&self, id: &WorkspaceId) -> Result<(Slot, &Workspace), Refusal> {
        let slot = self.canvas.find(id);
        slot.and_then(|slot| Some((slot, self.canvas.get(slot)?))).ok_or_else(|| match self.removed.contains(id) {
            true => Refusal::Removed(id.clone()),
            false => Refusal::no_workspace(id),
        })
    }

    /// Gives the events of one decision their places. Returns an error that refuses this decision alone when clients could
    /// not read one of them.
    pub(super) fn encode(&self, events: Vec<Event>) -> Result<Vec<Arc<Published>>, Refusal> {
        let places = self.seq() + 1..;
        let encode = || places.zip(events).map(|(seq, event)| Published::encode(seq, event).map(Arc::new)).collect();
        let encoded: Result<Vec<_>, Unencodable> = catch_unwind(AssertUnwindSafe(encode)).map_err(|_| {
            tracing::error!("encoding an event panicked: its request fails, and no other");
            Refusal::Internal
        })?;
        encoded.map_err(|error| {
            tracing::error!(%error, "an event is refused");
            Refusal::BadRequest(error.to_string())
        })
    }

    pub(super) fn fold(&mut self, events: Vec<Arc<Published>>, batch: &mut Batch, changes: &mut Changes) {
        for published in events {
            batch.removed.extend(self.follow(&published, changes));
            batch.published.push(published);
        }
    }

    /// Folds an event that has its place.
    pub(super) fn follow(&mut self, published: &Published, changes: &mut Changes) -> Option<Removal> {
        self.canvas.advance_seq(published.seq);
        let (removed, added, updated) = (changes.removed.len(), changes.added.len(), changes.updated.len());
        self.canvas.fold(&published.event, changes);
        let removed: Vec<Slot> = changes.removed[removed..].iter().map(|(slot, _)| *slot).collect();
        let touched: Vec<Slot> = changes.added[added..].iter().chain(&changes.updated[updated..]).copied().collect();
        self.positions.update(&self.canvas, &touched, &removed);
        let Event::Workspace(event) = &published.event else { return None };
        let id = &event.workspace_id;
        match &event.change {
            WorkspaceChange::Provisioning(it) => {
                it.config.clone().map(|config| self.configs.insert(id.clone(), config));
                None
            }
            WorkspaceChange::Removed { forwarded_to, .. } => {
                self.configs.remove(id);
                self.removed.insert(id.clone());
                let (id, forwarded_to) = (id.clone(), forwarded_to.clone());
                Some(Removal { id, seq: published.seq, forwarded_to })
            }
            _ => None,
        }
    }

    /// The rows that a batch touched, as they stand after it.
    pub(super) fn project(&self, changes: &Changes, batch: &mut Batch) -> serde_json::Result<()> {
        let mut slots: Vec<Slot> = changes.added.iter().chain(&changes.updated).copied().collect();
        slots.sort_unstable();
        slots.dedup();
        let rows = slots.into_iter().filter_map(|slot| self.canvas.get(slot));
        batch.rows =
            rows.map(|row| Projected { row: row.clone(), config: self.configs.get(&row.id).cloned() }).collect();
        let runs = self.canvas.runs();
        for id in sorted(&changes.executions) {
            batch.records.push(record(RunRecordKind::Execution, id.as_str(), runs.execution(id))?);
        }
        for id in sorted(&changes.runs) {
            batch.records.push(record(RunRecordKind::Run, id.as_str(), runs.run(id))?);
        }
        for id in sorted(&changes.agents) {
            batch.records.push(record(RunRecordKind::Agent, id.as_str(), runs.agent(id.as_str()))?);
        }
        Ok(())
    }
}

/// Each once.
fn sorted<Id: Ord>(ids: &[Id]) -> impl Iterator<Item = &Id> {
    ids.iter().collect::<BTreeSet<_>>().into_iter()
}

fn record(kind: RunRecordKind, id: &str, record: Option<&impl Serialize>) -> serde_json::Result<RunRecord> {
    let record = record.map(serde_json::to_string).transpose()?;
    Ok(RunRecord { kind, id: id.to_owned(), record })
}
