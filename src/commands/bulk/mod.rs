//! One command for many workspaces: a few requests at a time, a result for each, and one entry of the undo history.

mod job;
mod keys;
mod run;

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;

use super::history::{HistoryEntry, Origin};
use super::messages::name;
use super::{Command, Commands, Edit, selection};
use crate::session::Session;
use crate::store::CanvasStore;

pub use job::{BulkItem, BulkJob, BulkLabel, Outcome};
pub use keys::BulkKeys;

use run::Task;

/// The handle that carries out commands for many workspaces, and undo and redo. Given by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// The job under way, or one that has failed in part.
    pub job: RwSignal<Option<BulkJob>>,
    /// Counts the jobs, so that a late result of an old one is not written into a new one.
    number: StoredValue<u64>,
    commands: Commands,
    session: Session,
    store: StoredValue<CanvasStore, LocalStorage>,
}

impl Bulk {
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>) -> Self {
        let (commands, session) = (expect_context::<Commands>(), expect_context::<Session>());
        Self { job: RwSignal::new(None), number: StoredValue::new(0), commands, session, store }
    }

    /// Carries out one command for each of these workspaces. Those for which nothing would change are left out.
    pub fn execute(&self, ids: Vec<WorkspaceId>, command: &Command) {
        let edits = self.store.with_value(|store| {
            let ids = if matches!(command, Command::MoveInto(_)) { selection::outermost(store, ids) } else { ids };
            let mut edits = Vec::new();
            for id in ids {
                edits.extend(command.edit(store, &id, edits.len()));
            }
            super::moves::join_arranged(edits)
        });
        self.start_edits(edits, BulkLabel::of(command), Origin::Command);
    }

    /// Moves workspaces to where each was dropped.
    pub fn move_dropped(&self, edits: Vec<Edit>) {
        self.start_edits(edits, BulkLabel::MOVE, Origin::Command);
    }

    /// Removes workspaces, and everything inside the teams among them that the person was asked about. A workspace that has
    /// become a team since then is not removed.
    pub fn remove(&self, ids: Vec<WorkspaceId>, confirmed_teams: &HashSet<WorkspaceId>) {
        let tasks = self.store.with_value(|store| {
            let ids = selection::outermost(store, ids).into_iter().filter(|id| store.canvas().find(id).is_some());
            let task = |id: WorkspaceId| Task::Remove { confirmed: confirmed_teams.contains(&id), id };
            ids.map(|id| (name(store, &id), task(id))).collect()
        });
        self.start(tasks, BulkLabel::REMOVE, Origin::Command);
    }

    /// Undoes the given entry of the history, or the latest one. Returns whether there was one.
    pub fn undo(&self, id: Option<u64>) -> bool {
        let entry = self.commands.history.try_update_value(|history| history.pop_undo(id)).flatten();
        let Some(HistoryEntry { id, edits }) = entry else { return false };
        self.session.dismiss_undo(id);
        self.start_edits(edits.iter().filter_map(Edit::reverse).collect(), BulkLabel::UNDO, Origin::Undo);
        true
    }

    /// Carries out again what was undone last. Returns whether there was anything.
    pub fn redo(&self) -> bool {
        let entry = self.commands.history.try_update_value(|history| history.pop_redo()).flatten();
        let Some(HistoryEntry { edits, .. }) = entry else { return false };
        self.start_edits(edits, BulkLabel::REDO, Origin::Redo);
        true
    }

    /// A single edit needs no list of results.
    fn start_edits(&self, mut edits: Vec<Edit>, label: BulkLabel, origin: Origin) {
        if edits.len() == 1 {
            edits.pop().into_iter().for_each(|edit| self.commands.execute_edit(edit, origin));
            return;
        }
        let tasks = self
            .store
            .with_value(|store| edits.into_iter().map(|edit| (name(store, &edit.id), Task::Edit(edit))).collect());
        self.start(tasks, label, origin);
    }
}
