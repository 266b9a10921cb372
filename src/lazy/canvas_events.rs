//! Carries out what a person asks for on the canvas.

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_protocol::WorkspaceId;

use crate::canvas::{CanvasController, CanvasEvent};
use crate::commands::{Command, Commands};
use crate::panel::ToCause;
use crate::session::{PanelTab, RunsPage, Session, Subject};

/// Routes the events of the canvas to the commands, the panel and the runs.
pub(super) fn route(controller: CanvasController, commands: Commands, session: Session, to_cause: ToCause) {
    controller.on_event(move |event| match event {
        CanvasEvent::CollapseRequested { workspace, is_collapsed } => {
            commands.execute(&workspace, &Command::SetCollapsed(is_collapsed));
        }
        CanvasEvent::RetryRequested { workspace, name } => retry(controller, commands, workspace, name),
        CanvasEvent::RunsRequested { execution: Some(execution), .. } => {
            session.runs.set(Some(RunsPage::One(Subject::Execution(execution))));
        }
        CanvasEvent::RunsRequested { workspace, execution: None } => {
            session.panel.set(Some(PanelTab::Runs));
            session.open(workspace);
        }
        CanvasEvent::CauseRequested { workspace } => {
            to_cause.go();
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
