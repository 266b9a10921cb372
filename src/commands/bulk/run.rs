//! Runs a bulk job: a few requests at a time, until each workspace has a result or the person cancels.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use orrery_protocol::WorkspaceId;

use super::{Bulk, BulkItem, BulkJob, BulkLabel, Outcome};
use crate::api::Removal;
use crate::commands::Edit;
use crate::commands::history::Origin;
use crate::session::ToastKind;

/// What is done to one workspace.
pub(super) enum Task {
    Edit(Edit),
    Remove { id: WorkspaceId, confirmed: bool },
}

/// More requests at once would only wait for each other at the server.
const CONCURRENCY: usize = 4;

impl Bulk {
    /// Starts a job with these tasks, each with the name of its workspace.
    pub(super) fn start(&self, tasks: Vec<(String, Task)>, label: BulkLabel, origin: Origin) {
        if tasks.is_empty() {
            return;
        }
        let item = |(name, _): &(String, Task)| BulkItem { name: name.clone(), outcome: Outcome::Waiting };
        self.job.set(Some(BulkJob { label, items: tasks.iter().map(item).collect() }));
        self.number.update_value(|number| *number += 1);
        let number = self.number.get_value();
        let tasks: Rc<[Task]> = tasks.into_iter().map(|(_, task)| task).collect();
        for _ in 0..CONCURRENCY {
            let (bulk, tasks) = (*self, tasks.clone());
            spawn_local(async move { bulk.work(number, &tasks, origin).await });
        }
    }

    /// Leaves the workspaces alone whose turn has not come. Requests that were sent are awaited.
    pub fn cancel(&self) {
        self.job.update(|job| {
            for item in job.iter_mut().flat_map(|job| &mut job.items) {
                if item.outcome == Outcome::Waiting {
                    item.outcome = Outcome::Cancelled;
                }
            }
        });
    }

    /// Closes the list of results.
    pub fn close(&self) {
        self.cancel();
        self.number.update_value(|number| *number += 1);
        self.job.set(None);
    }

    /// Runs the next waiting task until none is left. The worker that finishes the last one reports.
    async fn work(&self, number: u64, tasks: &[Task], origin: Origin) {
        while let Some(index) = self.next_waiting(number) {
            let outcome = match &tasks[index] {
                Task::Edit(edit) => match self.commands.send_edit(edit).await {
                    Ok(()) => Outcome::Done,
                    Err(error) => Outcome::Failed(error.to_string()),
                },
                Task::Remove { id, confirmed } => match self.commands.send_removal(id, *confirmed).await {
                    Ok(Removal::Removed) => Outcome::Done,
                    Ok(Removal::Confirm { count, .. }) => Outcome::Failed(not_confirmed(count)),
                    Err(error) => Outcome::Failed(error.to_string()),
                },
            };
            self.set_outcome(number, index, outcome);
            let is_finished = self.job.with_untracked(|job| job.as_ref().is_some_and(BulkJob::is_finished));
            if is_finished && self.number.get_value() == number {
                self.report(tasks, origin);
            }
        }
    }

    fn next_waiting(&self, number: u64) -> Option<usize> {
        let waiting = |job: &BulkJob| job.items.iter().position(|item| item.outcome == Outcome::Waiting);
        let index = self.job.with_untracked(|job| job.as_ref().and_then(waiting))?;
        (self.number.get_value() == number).then(|| self.set_outcome(number, index, Outcome::Running)).map(|()| index)
    }

    fn set_outcome(&self, number: u64, index: usize, outcome: Outcome) {
        if self.number.get_value() == number {
            self.job.update(|job| {
                if let Some(item) = job.as_mut().and_then(|job| job.items.get_mut(index)) {
                    item.outcome = outcome;
                }
            });
        }
    }

    /// Reports how it went, and records what was done as one entry of the history. The list stays open when not all was done.
    fn report(&self, tasks: &[Task], origin: Origin) {
        let Some(job) = self.job.get_untracked() else { return };
        let done = job.items.iter().zip(tasks).filter(|(item, _)| item.outcome == Outcome::Done);
        let edits: Vec<Edit> = done.filter_map(|(_, task)| task.edit().cloned()).collect();
        let undo = self.commands.record(&edits, origin);
        let (count, all) = (job.count(|outcome| *outcome == Outcome::Done), job.items.len());
        let message = match (all, count) {
            (1, 1) => format!("{} “{}”", job.label.done, job.items[0].name),
            _ if count == all => format!("{} {all} workspaces", job.label.done),
            _ => format!("{} {count} of {all} {}", job.label.done, if all == 1 { "workspace" } else { "workspaces" }),
        };
        if count == all {
            self.job.set(None);
        }
        let has_failed = job.count(|outcome| matches!(outcome, Outcome::Failed(_))) > 0;
        self.session.toast(if has_failed { ToastKind::Error } else { ToastKind::Success }, message, undo);
    }
}

impl Task {
    fn edit(&self) -> Option<&Edit> {
        match self {
            Self::Edit(edit) => Some(edit),
            Self::Remove { .. } => None,
        }
    }
}

/// The server asked back about workspaces that the person was not asked about.
fn not_confirmed(count: usize) -> String {
    match count {
        1 => "1 workspace inside it was not in the list you confirmed. Remove it again to confirm.".to_owned(),
        count => {
            format!("{count} workspaces inside it were not in the list you confirmed. Remove it again to confirm.")
        }
    }
}
