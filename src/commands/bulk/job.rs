//! How far a bulk command is, and how it went with each workspace.

use crate::commands::Command;

/// The result for one workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Waiting,
    Running,
    Done,
    /// With the reason, in the server's words.
    Failed(String),
    /// The person cancelled the job before its turn.
    Cancelled,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BulkItem {
    pub name: String,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct BulkJob {
    pub label: BulkLabel,
    pub items: Vec<BulkItem>,
}

/// What a job is called while it runs, as in "Moving", and when it is done, as in "Moved".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BulkLabel {
    pub running: &'static str,
    pub done: &'static str,
}

impl BulkLabel {
    pub(super) const MOVE: Self = Self { running: "Moving", done: "Moved" };
    pub(super) const REMOVE: Self = Self { running: "Removing", done: "Removed" };
    pub(super) const UNDO: Self = Self { running: "Undoing changes", done: "Undid changes to" };
    pub(super) const REDO: Self = Self { running: "Redoing changes", done: "Redid changes to" };

    pub(super) fn of(command: &Command) -> Self {
        let (running, done) = match command {
            Command::Restart => ("Restarting", "Restarting"),
            Command::Rename(_) => ("Renaming", "Renamed"),
            Command::SetTier(_) => ("Changing tier", "Changed the tier of"),
            Command::SetCollapsed(true) => ("Collapsing", "Collapsed"),
            Command::SetCollapsed(false) => ("Expanding", "Expanded"),
            Command::SetModel(_) => ("Changing model", "Changed the model of"),
            Command::RemoveAgent => ("Removing agents", "Removed the agents from"),
            Command::MoveInto(_) => return Self::MOVE,
        };
        Self { running, done }
    }
}

impl BulkJob {
    pub fn count(&self, is_counted: fn(&Outcome) -> bool) -> usize {
        self.items.iter().filter(|item| is_counted(&item.outcome)).count()
    }

    /// Returns how many workspaces have a result.
    pub fn finished(&self) -> usize {
        self.items.len() - self.count(|outcome| matches!(outcome, Outcome::Waiting | Outcome::Running))
    }

    pub fn is_finished(&self) -> bool {
        self.finished() == self.items.len()
    }
}
