//! What a person asks for on the canvas and other modules carry out.

use leptos::prelude::*;
use orrery_protocol::{ExecutionId, WorkspaceId};

use super::controller::CanvasController;

/// Emitted by buttons on cards and teams. The canvas imports neither the panel nor the runs: the lazily loaded chunk carries
/// the events out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CanvasEvent {
    /// A team is to be collapsed into a card, or expanded.
    CollapseRequested { workspace: WorkspaceId, is_collapsed: bool },
    /// A failed workspace is to be restarted.
    RetryRequested { workspace: WorkspaceId, name: String },
    /// The running executions of a workspace are to be shown; `execution` if there is only one.
    RunsRequested { workspace: WorkspaceId, execution: Option<ExecutionId> },
    /// What led to a failure or a degradation is to be shown.
    CauseRequested { workspace: WorkspaceId },
}

impl CanvasController {
    pub(super) fn emit(&self, event: CanvasEvent) {
        self.event.set(Some(event));
    }

    /// Calls `handle` with each event from now on, and with the last one from before, as long as the owner exists.
    pub fn on_event(&self, handle: impl Fn(CanvasEvent) + 'static) {
        let event = self.event;
        Effect::new(move |_| {
            if let Some(emitted) = event.get() {
                event.update_untracked(|event| *event = None);
                untrack(|| handle(emitted));
            }
        });
    }
}
