//! What only servers that share a log keep there: who owns what, and what people said to an execution elsewhere. Never an
//! event.

use std::sync::Arc;

use orrery_protocol::{ExecutionId, WorkspaceId};

use crate::ownership::Owner;
use crate::runner::Word;

#[derive(Debug, Clone)]
pub enum SharedWrite {
    /// Of these executions and processes those without an owner that is there.
    TakeOver {
        owner: Owner,
        /// Servers whose time has passed are gone.
        by_time: bool,
        executions: Vec<ExecutionId>,
        workspaces: Vec<WorkspaceId>,
    },
    Said(Waiting),
    /// Empty: it was done. Otherwise why not.
    Answered {
        word: Arc<str>,
        answer: String,
    },
}

/// A word on its way to the owner of an execution.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub id: Arc<str>,
    pub execution_id: ExecutionId,
    pub word: Word,
}
