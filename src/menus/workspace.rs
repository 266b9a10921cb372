//! The actions on a workspace, as items of a menu.

use leptos::prelude::*;
use orrery_protocol::Workspace;

use crate::commands::{Command, Commands};
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::{CameraCommand, Session};
use crate::store::Directory;
use crate::ui::icon::Icon;
use crate::ui::menu::MenuItem;

/// Returns a function from a workspace to the items of its menu. It is made where the contexts are, and called when the menu
/// opens.
pub fn workspace_menu_items() -> impl Fn(&Workspace) -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (commands, session, dialogs) =
        (expect_context::<Commands>(), expect_context::<Session>(), expect_context::<Dialogs>());
    let directory = expect_context::<Directory>();
    move |workspace| {
        let id = workspace.id.clone();
        let execute = |command: Command| {
            let id = id.clone();
            move |()| commands.execute_undoable(&id, &command)
        };
        let open = |request: DialogRequest| move |()| dialogs.open(request.clone());
        let shown = id.clone();
        let show = move |()| session.camera_command.set(Some(CameraCommand::Show(shown.clone())));
        let (team, collapsed) = (id.clone(), workspace.collapsed);
        let toggle = move |()| commands.execute(&team, &Command::SetCollapsed(!collapsed));
        let (toggle_icon, toggle_label) = match collapsed {
            true => (Icon::ChevronDown, "Expand team"),
            false => (Icon::ChevronRight, "Collapse team"),
        };
        let model_label = if workspace.agent.is_some() { "Change model…" } else { "Assign agent…" };
        let inside = DialogRequest::Create { parent: Some((id.clone(), workspace.name.clone())) };
        let ids = || vec![id.clone()];
        let tidy_up = DialogRequest::TidyUp { team: Some((id.clone(), workspace.display_name().to_owned())) };
        vec![
            MenuItem::act(Icon::Fit, "Show on canvas", show),
            MenuItem::act(toggle_icon, toggle_label, toggle).enabled(directory.is_team(&id)),
            MenuItem::act(Icon::TidyUp, "Tidy up team…", open(tidy_up))
                .enabled(directory.is_team(&id) && commands.can_tidy_up()),
            MenuItem::Line,
            MenuItem::act(Icon::Retry, "Restart", execute(Command::Restart)),
            MenuItem::act(Icon::Runs, "New task…", open(DialogRequest::task(workspace))),
            MenuItem::act(Icon::Pencil, "Rename…", open(DialogRequest::rename(workspace))),
            MenuItem::act(Icon::Task, model_label, open(DialogRequest::model(workspace))),
            MenuItem::act(Icon::Filter, "Change tier…", open(DialogRequest::Tier { ids: ids() })),
            MenuItem::act(Icon::Open, "Move to…", open(DialogRequest::Move { ids: ids() })),
            MenuItem::act(Icon::SignOut, "Remove from team", execute(Command::MoveInto(None)))
                .enabled(workspace.parent_id.is_some()),
            MenuItem::act(Icon::Plus, "Add workspace inside…", open(inside)),
            MenuItem::Line,
            MenuItem::act(Icon::Trash, "Remove…", open(DialogRequest::remove(workspace))).danger(),
        ]
    }
}
