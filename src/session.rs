//! What is true in this tab only: what is selected, what the panel shows, what was just said. Never a record.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::{ExecutionId, RunId, WorkspaceId, record::Viewport};

use crate::store::Filter;

/// Given to the page by context. Every part is a signal, so that a component takes only the one it needs.
#[derive(Clone, Copy)]
pub struct Session {
    /// The one that the panel is about.
    pub selection: RwSignal<Option<WorkspaceId>>,
    /// The others that are selected with it.
    pub selected_ids: RwSignal<HashSet<WorkspaceId>>,
    /// The camera keeps it in view.
    pub followed: RwSignal<Option<WorkspaceId>>,
    /// The side panel's tab; none when it is closed.
    pub panel: RwSignal<Option<PanelTab>>,
    /// What is looked for; everyone else is dimmed.
    pub filter: RwSignal<Filter>,
    /// Where this tab looks: written by the canvas.
    pub viewport: RwSignal<Viewport>,
    /// What the canvas is asked to show; it answers by taking the wish.
    pub camera_command: RwSignal<Option<CameraCommand>>,
    /// Is the fleet's feed open?
    pub feed_open: RwSignal<bool>,
    /// What stands over the canvas, if anything.
    pub runs: RwSignal<Option<RunsPage>>,
    /// The event of the log that is looked for, by its key.
    pub event: RwSignal<Option<String>>,
    pub palette: RwSignal<bool>,
    /// Open though nothing is looked for yet.
    pub filter_bar: RwSignal<bool>,
    /// Does the person want to hear of problems while they look elsewhere?
    pub notify: RwSignal<bool>,
    pub toasts: RwSignal<Vec<Toast>>,
    toast_count: StoredValue<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelTab {
    Details,
    Activity,
    AgentCard,
    Events,
    Runs,
}

/// A page about what runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsPage {
    /// What runs and ran in the whole fleet.
    All,
    One(Subject),
}

/// One that runs or ran.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Of a workflow.
    Execution(ExecutionId),
    /// Of a task.
    Run(RunId),
}

/// What the person wants the canvas to look at.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraCommand {
    Fit,
    Show(WorkspaceId),
    /// By this factor, around the middle.
    Zoom(f64),
}

/// A short word about what the person did.
#[derive(Clone)]
pub struct Toast {
    pub number: u64,
    pub tone: ToastKind,
    pub words: String,
    /// The entry of the undo history that takes back what the toast reports.
    pub undo: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    Success,
    /// It was refused or failed, in the server's words.
    Error,
}

/// More would cover the canvas.
const TOASTS: usize = 4;

impl Session {
    pub fn new() -> Self {
        Self {
            selection: RwSignal::new(None),
            selected_ids: RwSignal::new(HashSet::new()),
            followed: RwSignal::new(None),
            panel: RwSignal::new(None),
            filter: RwSignal::new(Filter::default()),
            viewport: RwSignal::new(Viewport::default()),
            camera_command: RwSignal::new(None),
            feed_open: RwSignal::new(false),
            runs: RwSignal::new(None),
            event: RwSignal::new(None),
            palette: RwSignal::new(false),
            filter_bar: RwSignal::new(false),
            notify: RwSignal::new(false),
            toasts: RwSignal::new(Vec::new()),
            toast_count: StoredValue::new(0),
        }
    }

    /// Selects and opens the panel, on the tab that was open before.
    pub fn open(&self, id: WorkspaceId) {
        self.selection.set(Some(id));
        self.alone();
        if self.panel.get_untracked().is_none() {
            self.panel.set(Some(PanelTab::Details));
        }
    }

    /// Selects the workspace, opens the panel and moves the camera to it.
    pub fn reveal(&self, id: WorkspaceId) {
        self.open(id.clone());
        self.camera_command.set(Some(CameraCommand::Show(id)));
    }

    /// Back to the bare canvas.
    pub fn close(&self) {
        self.panel.set(None);
        self.selection.set(None);
        self.alone();
    }

    fn alone(&self) {
        if self.selected_ids.with_untracked(|selected_ids| !selected_ids.is_empty()) {
            self.selected_ids.set(HashSet::new());
        }
    }

    /// Shows a short message about what the person did; `undo` is the entry of the undo history that takes it back.
    pub fn toast(&self, tone: ToastKind, words: impl Into<String>, undo: Option<u64>) {
        self.toast_count.update_value(|count| *count += 1);
        let toast = Toast { number: self.toast_count.get_value(), tone, words: words.into(), undo };
        self.toasts.update(|toasts| {
            toasts.push(toast);
            let surplus = toasts.len().saturating_sub(TOASTS);
            toasts.drain(..surplus);
        });
    }

    /// Removes the toast that offers to undo an entry of the history.
    pub fn dismiss_undo(&self, entry: u64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.undo != Some(entry)));
    }

    pub fn dismiss(&self, number: u64) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
