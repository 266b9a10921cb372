//! What the buttons on cards and teams do. Never where they stand.

use leptos::prelude::*;
use leptos::task::spawn_local;
use orrery_protocol::WorkspaceId;
use web_sys::{Element, MouseEvent};

use super::controller::CanvasController;
use super::looks;
use super::pointer::{closest, workspace_of};
use crate::commands::{Command, Commands};
use crate::panel::ToCause;
use crate::session::{PanelTab, RunsPage, Session, Subject};

/// One for all of them: they say what they are by `data-press`.
#[derive(Clone, Copy)]
pub(super) struct Pressed {
    controller: CanvasController,
    commands: Commands,
    session: Session,
    to_cause: ToCause,
}

impl Pressed {
    pub(super) fn new(controller: CanvasController) -> Self {
        let to_cause = expect_context::<ToCause>();
        Self { controller, commands: expect_context::<Commands>(), session: expect_context::<Session>(), to_cause }
    }

    pub(super) fn press(&self, event: &MouseEvent) {
        let target = event.target();
        let button = closest(target.as_ref(), "[data-press]");
        let (Some(button), Some(id)) = (button, workspace_of(target.as_ref())) else { return };
        match button.get_attribute("data-press").as_deref() {
            Some("toggle") => self.commands.execute(&id, &Command::SetCollapsed(is_expanded(&button))),
            Some("retry") => self.retry(id),
            Some("runs") => self.show_runs(id, &button),
            Some("cause") => {
                self.to_cause.go();
                self.session.open(id);
            }
            _ => {}
        }
    }

    /// The one that runs; of several, the list in the panel.
    fn show_runs(&self, id: WorkspaceId, chip: &Element) {
        match chip.get_attribute("data-execution-id").and_then(|id| id.parse().ok()) {
            Some(execution) => self.session.runs.set(Some(RunsPage::One(Subject::Execution(execution)))),
            None => {
                self.session.panel.set(Some(PanelTab::Runs));
                self.session.open(id);
            }
        }
    }

    fn retry(&self, id: WorkspaceId) {
        let pressed = *self;
        let name = self.controller.store.with_value(|store| store.canvas().workspace(&id).map(looks::name));
        let Some(name) = name else { return };
        self.controller.dialogs.update(|dialogs| dialogs.push(id.clone()));
        spawn_local(async move {
            pressed.commands.retry(&id, &name).await;
            pressed.controller.dialogs.update(|dialogs| dialogs.retain(|it| *it != id));
        });
    }
}

fn is_expanded(button: &Element) -> bool {
    button.get_attribute("aria-expanded").as_deref() == Some("true")
}
