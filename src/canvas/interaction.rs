//! Signals of what the person is doing on the canvas: the focused node, the running drag, pending retries.

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

/// Private to the canvas; other modules read and change it through `CanvasController`.
#[derive(Clone, Copy)]
pub(super) struct Interaction {
    pub(super) focused_id: RwSignal<Option<WorkspaceId>>,
    pub(super) drop_target_id: RwSignal<Option<WorkspaceId>>,
    pub(super) drag_kind: RwSignal<Option<DragKind>>,
    pub(super) is_space_down: RwSignal<bool>,
    pub(super) retrying: RwSignal<Vec<WorkspaceId>>,
    /// Whether the mouse is over a node that can be dragged.
    pub(super) is_over_node: RwSignal<bool>,
}

/// What the running drag of a pointer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DragKind {
    Pan,
    Nodes,
    Marquee,
}

impl DragKind {
    /// Returns the value of the canvas element's `data-gesture` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pan => "pan",
            Self::Nodes => "drag",
            Self::Marquee => "marquee",
        }
    }
}

impl Interaction {
    pub(super) fn new() -> Self {
        Self {
            focused_id: RwSignal::new(None),
            drop_target_id: RwSignal::new(None),
            drag_kind: RwSignal::new(None),
            is_space_down: RwSignal::new(false),
            retrying: RwSignal::new(Vec::new()),
            is_over_node: RwSignal::new(false),
        }
    }
}

/// Sets a signal only if its value changes, so that its readers do not run in vain.
pub(super) fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|current| *current != value) {
        signal.set(value);
    }
}
