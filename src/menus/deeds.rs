//! What can be done to a workspace, as the items of a menu. Never the doing.

use leptos::prelude::*;
use orrery_protocol::Workspace;

use crate::actions::Actions;
use crate::bulk::{Bulk, BulkDeed};
use crate::forms::{Asking, Question};
use crate::roster::Roster;
use crate::session::{Session, Wish};
use crate::ui::icon::Icon;
use crate::ui::menu::MenuItem;

/// Made where the contexts are; asked with the record when the menu opens.
pub fn deeds() -> impl Fn(&Workspace) -> Vec<MenuItem> + Clone + Send + Sync + 'static {
    let (actions, session, asking) =
        (expect_context::<Actions>(), expect_context::<Session>(), expect_context::<Asking>());
    let (roster, bulk) = (expect_context::<Roster>(), expect_context::<Bulk>());
    move |of| {
        let (id, name, collapsed) = (of.id.clone(), of.name.clone(), of.collapsed);
        let ask = |question: Question| move |()| asking.ask(question.clone());
        let (show, restart, fold) = (id.clone(), (id.clone(), name.clone()), id.clone());
        let child = Question::Create { parent: Some((id.clone(), name.clone())) };
        let fold_words = if collapsed { "Expand the team" } else { "Collapse the team" };
        let fold_icon = if collapsed { Icon::ChevronDown } else { Icon::ChevronRight };
        let fold = MenuItem::act(fold_icon, fold_words, move |()| actions.collapse(fold.clone(), !collapsed));
        let model_words = if of.agent.is_some() { "Replace the model" } else { "Assign an agent" };
        let out = id.clone();
        let extract = move |()| bulk.begin(vec![out.clone()], BulkDeed::Move(None));
        let extract = MenuItem::act(Icon::SignOut, "Take out of its team", extract);
        vec![
            MenuItem::act(Icon::Fit, "Show on the canvas", move |()| session.wish.set(Some(Wish::Show(show.clone())))),
            fold.enabled(roster.is_team(&id)),
            MenuItem::Line,
            MenuItem::act(Icon::Retry, "Restart", move |()| actions.restart(restart.0.clone(), restart.1.clone())),
            MenuItem::act(Icon::Runs, "Give it a task…", ask(Question::task(of))),
            MenuItem::act(Icon::Pencil, "Rename", ask(Question::rename(of))),
            MenuItem::act(Icon::Task, model_words, ask(Question::model(of))),
            MenuItem::act(Icon::Filter, "Change the tier", ask(Question::Tier { of: vec![id.clone()] })),
            MenuItem::act(Icon::Open, "Move to…", ask(Question::Move { of: vec![id.clone()] })),
            extract.enabled(of.parent_id.is_some()),
            MenuItem::act(Icon::Plus, "New workspace in it", ask(child)),
            MenuItem::Line,
            MenuItem::act(Icon::Trash, "Remove", ask(Question::remove(of))).danger(),
        ]
    }
}
