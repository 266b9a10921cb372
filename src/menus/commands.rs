//! What can be done to a workspace, as the items of a menu. Never the doing.

use leptos::prelude::*;
use orrery_protocol::Workspace;

use crate::commands::Commands;
use crate::commands::bulk::{Bulk, BulkCommand};
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::{CameraCommand, Session};
use crate::store::Directory;
use crate::ui::icon::Icon;
use crate::ui::menu::MenuItem;

/// Made where the contexts are; asked with the record when the menu opens.
pub fn workspace_menu_items() -> impl Fn(&Workspace) -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (commands, session, dialogs) =
        (expect_context::<Commands>(), expect_context::<Session>(), expect_context::<Dialogs>());
    let (directory, bulk) = (expect_context::<Directory>(), expect_context::<Bulk>());
    move |of| {
        let (id, name, collapsed) = (of.id.clone(), of.name.clone(), of.collapsed);
        let ask = |question: DialogRequest| move |()| dialogs.ask(question.clone());
        let (show, restart, fold) = (id.clone(), (id.clone(), name.clone()), id.clone());
        let child = DialogRequest::Create { parent: Some((id.clone(), name.clone())) };
        let fold_words = if collapsed { "Expand the team" } else { "Collapse the team" };
        let fold_icon = if collapsed { Icon::ChevronDown } else { Icon::ChevronRight };
        let fold = MenuItem::act(fold_icon, fold_words, move |()| commands.collapse(fold.clone(), !collapsed));
        let model_words = if of.agent.is_some() { "Replace the model" } else { "Assign an agent" };
        let out = id.clone();
        let extract = move |()| bulk.begin(vec![out.clone()], BulkCommand::Move(None));
        let extract = MenuItem::act(Icon::SignOut, "Take out of its team", extract);
        vec![
            MenuItem::act(Icon::Fit, "Show on the canvas", move |()| {
                session.camera_command.set(Some(CameraCommand::Show(show.clone())))
            }),
            fold.enabled(directory.is_team(&id)),
            MenuItem::Line,
            MenuItem::act(Icon::Retry, "Restart", move |()| commands.restart(restart.0.clone(), restart.1.clone())),
            MenuItem::act(Icon::Runs, "Give it a task…", ask(DialogRequest::task(of))),
            MenuItem::act(Icon::Pencil, "Rename", ask(DialogRequest::rename(of))),
            MenuItem::act(Icon::Task, model_words, ask(DialogRequest::model(of))),
            MenuItem::act(Icon::Filter, "Change the tier", ask(DialogRequest::Tier { of: vec![id.clone()] })),
            MenuItem::act(Icon::Open, "Move to…", ask(DialogRequest::Move { of: vec![id.clone()] })),
            extract.enabled(of.parent_id.is_some()),
            MenuItem::act(Icon::Plus, "New workspace in it", ask(child)),
            MenuItem::Line,
            MenuItem::act(Icon::Trash, "Remove", ask(DialogRequest::remove(of))).danger(),
        ]
    }
}
