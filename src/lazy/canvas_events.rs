//! Carries out what a person asks for on the canvas.

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_protocol::WorkspaceId;

use crate::canvas::{CanvasController, CanvasEvent};
use crate::commands::Commands;
use crate::panel::CauseFocus;
use crate::session::{PanelTab, RunRef, RunsPage, Session};

/// Routes the events of the canvas to the commands, the panel and the runs.
pub(super) fn route(controller: CanvasController, commands: Commands, session: Session, cause_focus: CauseFocus) {
    controller.on_event(move |event| match event {
        CanvasEvent::CollapseRequested { workspace, is_collapsed } => commands.collapse(workspace, is_collapsed),
        CanvasEvent::RetryRequested { workspace, name } => retry(controller, commands, workspace, name),
        CanvasEvent::RunsRequested { execution: Some(execution), .. } => {
            session.panels.runs_page.set(Some(RunsPage::One(RunRef::Execution(execution))));
        }
        CanvasEvent::RunsRequested { workspace, execution: None } => {
            session.panels.tab.set(Some(PanelTab::Runs));
            session.open(workspace);
        }
        CanvasEvent::CauseRequested { workspace } => {
            cause_focus.request();
            session.open(workspace);
        }
    });
}

/// Restarts a workspace; its Retry button is disabled until the server has answered.
fn retry(controller: CanvasController, commands: Commands, workspace: WorkspaceId, name: String) {
    controller.set_retrying(&workspace, true);
    spawn_local(async move {
        commands.retry(&workspace, &name).await;
        controller.set_retrying(&workspace, false);
    });
}
