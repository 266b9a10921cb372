//! Who the ids in run events belong to: the first sender that named one. The rules are in `decide::claims`.

use orrery_protocol::WorkspaceId;

/// So often it is noted that an id is still in use, in milliseconds.
pub const CLAIM_NOTED_EVERY: i64 = 24 * 60 * 60 * 1000;

/// What an id of a run event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    Run,
    Execution,
    Task,
    Workflow,
    Step,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClaimId {
    pub kind: ClaimKind,
    pub id: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub owner: ClaimOwner,
    /// When it was last named, to the day, in milliseconds since 1970. `None`: it is kept for ever.
    pub used_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimOwner {
    /// Whoever has the admin token, anyone in open mode, and the runner.
    Operators,
    Workspace(WorkspaceId),
}

impl ClaimKind {
    pub const ALL: [Self; 5] = [Self::Run, Self::Execution, Self::Task, Self::Workflow, Self::Step];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Execution => "execution",
            Self::Task => "task",
            Self::Workflow => "workflow",
            Self::Step => "step",
        }
    }
}

impl ClaimId {
    pub fn new(kind: ClaimKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl ClaimOwner {
    /// As it is stored: a workspace's id, or nothing.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Operators => "",
            Self::Workspace(id) => id.as_str(),
        }
    }

    pub(super) fn read(text: &str) -> Result<Self, orrery_protocol::id::InvalidId> {
        match text {
            "" => Ok(Self::Operators),
            id => id.parse().map(Self::Workspace),
        }
    }
}
