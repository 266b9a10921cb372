//! What a server starts from. Never the queries that read it.

use std::collections::{HashMap, HashSet};

use orrery_model::{Canvas, Runs};
use orrery_protocol::{Epoch, Seq, Workspace, WorkspaceId};
use serde_json::Value;

use crate::auth::Known;
use crate::liveness::Vitals;

/// Everything that a server starts from, read in one transaction.
#[derive(Debug, Clone)]
pub struct Restored {
    pub epoch: Epoch,
    pub head: Seq,
    /// The first event of the unbroken rest.
    pub oldest: Seq,
    pub rows: Vec<Workspace>,
    pub configs: HashMap<WorkspaceId, Value>,
    pub removed: HashSet<WorkspaceId>,
    pub credentials: Known,
    pub vitals: Vec<(WorkspaceId, Vitals)>,
    pub runs: Runs,
}

impl Restored {
    /// The fold of the whole log.
    pub fn canvas(&self) -> Canvas {
        Canvas::from_rows(self.rows.iter().cloned(), self.head).with_runs(self.runs.clone())
    }
}
