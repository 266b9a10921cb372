//! Tidying up: the server arranges everything or one team anew, and the result can be undone.

use leptos::{prelude::*, task::spawn_local};
use orrery_client::Diff;
use orrery_protocol::{Rearranged, WorkspaceId};

use super::history::Origin;
use super::{Commands, Edit};
use crate::api::ApiError;
use crate::session::ToastKind;

/// What is tidied up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TidyUp {
    /// The team whose members are arranged; everything without one.
    pub team: Option<WorkspaceId>,
    /// Also workspaces that a person placed.
    pub moves_pinned: bool,
}

impl Commands {
    /// Returns whether the server arranges workspaces, so that it can tidy them up.
    pub fn can_tidy_up(&self) -> bool {
        self.store.with_value(|store| store.canvas().iter().any(|(_, record)| record.pinned.is_some()))
    }

    /// Returns what tidying up would move.
    pub async fn preview_tidy_up(&self, tidy_up: &TidyUp) -> Result<Rearranged, ApiError> {
        self.ready()?.tidy_up(tidy_up.team.as_ref(), tidy_up.moves_pinned, true).await
    }

    /// Tidies up, reports how many workspaces moved, and records how to undo it.
    pub fn tidy_up(&self, tidy_up: TidyUp) {
        let commands = *self;
        spawn_local(async move {
            let result = match commands.ready() {
                Ok(api) => api.tidy_up(tidy_up.team.as_ref(), tidy_up.moves_pinned, false).await,
                Err(error) => Err(error),
            };
            match result {
                Ok(Rearranged { count, moved }) => {
                    let mut diff = Diff::arranged();
                    diff.add_moved(&moved);
                    let first = diff.iter().next().map(|(id, _)| id.clone());
                    let edit = first.map(|id| Edit { id, diff });
                    let undo = edit.and_then(|edit| commands.record(&[edit], Origin::Command));
                    commands.session.toast(ToastKind::Success, moved_message(count), undo);
                }
                Err(error) => commands.session.toast(ToastKind::Error, format!("Could not tidy up: {error}"), None),
            }
        });
    }
}

fn moved_message(count: usize) -> String {
    match count {
        0 => "Everything is tidy already".to_owned(),
        1 => "Tidied up: moved 1 workspace".to_owned(),
        count => format!("Tidied up: moved {count} workspaces"),
    }
}
