//! Optimistic updates: changes of workspaces as diffs, the requests that carry them out, and the overlay of those that the
//! server has not confirmed yet.

mod diff;
mod overlay;
mod request;
mod workspace_diff;

pub use diff::Diff;
pub use overlay::{OptimisticOverlay, PendingId};
pub use request::WorkspaceRequest;
pub use workspace_diff::{FieldChange, Position, PositionSource, WorkspaceDiff};

#[cfg(test)]
mod tests;
