//! The state of this tab: the selection, the filter, the open panels and the toasts. Nothing here is known to the server.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::{WorkspaceId, record::Viewport};

use crate::store::Filter;
pub use crate::store::RunRef;

/// Provided as context; cheap to copy. Each field is a signal of its own, so that a component reads only what it needs.
#[derive(Clone, Copy)]
pub struct Session {
    /// The selected workspace, which the side panel shows.
    pub selection: RwSignal<Option<WorkspaceId>>,
    /// The workspaces that are selected in addition to `selection`.
    pub selected_ids: RwSignal<HashSet<WorkspaceId>>,
    /// The workspace that the camera keeps in view.
    pub followed: RwSignal<Option<WorkspaceId>>,
    /// Every workspace that it excludes is dimmed.
    pub filter: RwSignal<Filter>,
    /// The camera. Written by the canvas.
    pub viewport: RwSignal<Viewport>,
    /// What the camera is to show next. The canvas clears it when it has started.
    pub camera_command: RwSignal<Option<CameraCommand>>,
    /// Whether problems are announced by notifications while the tab is hidden.
    pub notifications_enabled: RwSignal<bool>,
    pub panels: Panels,
    pub toasts: Toasts,
}

/// Which parts of the page are open.
#[derive(Clone, Copy)]
pub struct Panels {
    /// The tab of the side panel; `None` while the panel is closed.
    pub tab: RwSignal<Option<PanelTab>>,
    /// Whether the activity feed is open.
    pub feed_open: RwSignal<bool>,
    /// The page about executions that covers the canvas.
    pub runs_page: RwSignal<Option<RunsPage>>,
    /// The key of the event that the event log scrolls to and opens.
    pub event_key: RwSignal<Option<String>>,
    /// Whether the command palette is open.
    pub palette_open: RwSignal<bool>,
    /// Whether the filter bar is open although no filter is set.
    pub filter_bar_open: RwSignal<bool>,
}

/// The toasts.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// The toasts that are shown, the latest last.
    pub list: RwSignal<Vec<Toast>>,
    last_id: StoredValue<u64>,
}

/// A tab of the side panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelTab {
    Details,
    Activity,
    AgentCard,
    Events,
    Runs,
}

/// A page about executions and runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsPage {
    /// The list of all of them.
    All,
    One(RunRef),
}

/// What the camera is to show.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraCommand {
    /// Every workspace.
    Fit,
    /// One workspace, large enough to read.
    Show(WorkspaceId),
    /// The same center at a zoom that is multiplied by this factor.
    Zoom(f64),
}

/// The result of a command, in one line.
#[derive(Clone)]
pub struct Toast {
    /// Counts up from 1.
    pub id: u64,
    pub kind: ToastKind,
    pub text: String,
    /// The entry of the undo history that undoes what the toast reports.
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    Success,
    /// The command failed or was refused, for the reason in the text.
    Error,
}

/// How many toasts are shown: more would cover the canvas.
const TOAST_LIMIT: usize = 4;

impl Session {
    /// Creates the state of a new tab.
    pub fn new() -> Self {
        Self {
            selection: RwSignal::new(None),
            selected_ids: RwSignal::new(HashSet::new()),
            followed: RwSignal::new(None),
            filter: RwSignal::new(Filter::default()),
            viewport: RwSignal::new(Viewport::default()),
            camera_command: RwSignal::new(None),
            notifications_enabled: RwSignal::new(false),
            panels: Panels {
                tab: RwSignal::new(None),
                feed_open: RwSignal::new(false),
                runs_page: RwSignal::new(None),
                event_key: RwSignal::new(None),
                palette_open: RwSignal::new(false),
                filter_bar_open: RwSignal::new(false),
            },
            toasts: Toasts { list: RwSignal::new(Vec::new()), last_id: StoredValue::new(0) },
        }
    }

    /// Selects one workspace and opens the side panel, on the tab that is open already.
    pub fn open(&self, id: WorkspaceId) {
        self.selection.set(Some(id));
        self.clear_selected_ids();
        if self.panels.tab.get_untracked().is_none() {
            self.panels.tab.set(Some(PanelTab::Details));
        }
    }

    /// Selects a workspace, opens the side panel and moves the camera to it.
    pub fn reveal(&self, id: WorkspaceId) {
        self.open(id.clone());
        self.camera_command.set(Some(CameraCommand::Show(id)));
    }

    /// Clears the selection and closes the side panel.
    pub fn close(&self) {
        self.panels.tab.set(None);
        self.selection.set(None);
        self.clear_selected_ids();
    }

    /// Shows a toast. With `undo`, an entry of the undo history, it has an Undo button.
    pub fn toast(&self, kind: ToastKind, text: impl Into<String>, undo: Option<u64>) {
        self.toasts.push(kind, text.into(), undo);
    }

    /// Removes the toast that offers to undo an entry of the history.
    pub fn dismiss_undo(&self, entry: u64) {
        self.toasts.list.update(|toasts| toasts.retain(|toast| toast.undo != Some(entry)));
    }

    /// Removes a toast. What it reports can still be undone.
    pub fn dismiss(&self, toast_id: u64) {
        self.toasts.dismiss(toast_id);
    }

    fn clear_selected_ids(&self) {
        if self.selected_ids.with_untracked(|selected_ids| !selected_ids.is_empty()) {
            self.selected_ids.set(HashSet::new());
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Toasts {
    fn push(&self, kind: ToastKind, text: String, undo: Option<u64>) {
        self.last_id.update_value(|id| *id += 1);
        let id = self.last_id.get_value();
        self.list.update(|toasts| {
            toasts.push(Toast { id, kind, text, undo });
            let surplus = toasts.len().saturating_sub(TOAST_LIMIT);
            toasts.drain(..surplus);
        });
    }

    fn dismiss(&self, toast_id: u64) {
        self.list.update(|toasts| toasts.retain(|toast| toast.id != toast_id));
    }
}
