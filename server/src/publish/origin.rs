//! On whose behalf something is published: the unit of fair scheduling and of quotas.

use std::sync::Arc;

use orrery_protocol::WorkspaceId;

use crate::limits::Quotas;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The server itself: timers, executions, processes.
    Server,
    /// The operator.
    Operator,
    /// A workspace: its agent, or somebody who acts for it in open mode.
    Workspace(WorkspaceId),
}

/// Whose turn a request takes, and whose quota it uses.
#[derive(Clone)]
pub(crate) struct Billing {
    pub(crate) origin: Origin,
    /// `None` for what is not limited: the operator's calls and the server's own.
    pub(crate) quotas: Option<Arc<Quotas>>,
}

impl Billing {
    pub(crate) fn server() -> Self {
        Self { origin: Origin::Server, quotas: None }
    }

    /// Returns the workspace whose quota is used.
    pub(crate) fn metered(&self) -> Option<(&Quotas, &WorkspaceId)> {
        match (&self.quotas, &self.origin) {
            (Some(quotas), Origin::Workspace(id)) => Some((quotas, id)),
            _ => None,
        }
    }
}
