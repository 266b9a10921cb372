//! What can be done from the palette without a workspace in hand, as a table. Never the doing.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::follow;
use super::keys;
use crate::canvas::CanvasController;
use crate::dialogs::{DialogRequest, Dialogs};
use crate::menus::{page_menu_items, workspace_menu_items};
use crate::session::{CameraCommand, PanelTab, RunsPage, Session};
use crate::store::Directory;
use crate::store::Filter;
use crate::ui::icon::Icon;
use crate::ui::menu::MenuItem;

#[derive(Clone)]
pub(super) struct Command {
    pub words: String,
    pub keys: &'static str,
    pub icon: Icon,
    pub act: Callback<()>,
}

impl Command {
    fn new(icon: Icon, words: impl Into<String>, keys: &'static str, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self { words: words.into(), keys, icon, act: Callback::new(move |()| act()) }
    }
}

/// Made where the contexts are; asked each time the palette opens.
pub(super) fn commands() -> impl Fn() -> Vec<Command> + Copy + 'static {
    let (session, dialogs) = (expect_context::<Session>(), expect_context::<Dialogs>());
    let (directory, controller) = (expect_context::<Directory>(), expect_context::<CanvasController>());
    let commands = StoredValue::new_local(workspace_menu_items());
    let page = StoredValue::new_local(page_menu_items());
    move || {
        let mut all = Vec::new();
        if let Some(it) = session.selection.get_untracked().and_then(|id| directory.get(&id)) {
            let name = if it.name.is_empty() { it.id.to_string() } else { it.name.clone() };
            for item in commands.with_value(|commands| commands(&it)) {
                if let MenuItem::Act { icon, words, enabled: true, act, .. } = item {
                    let icon = icon.unwrap_or(Icon::Task);
                    all.push(Command { words: format!("{words}: {name}"), keys: "", icon, act });
                }
            }
            let tabs = [("Activity", PanelTab::Activity), ("Events", PanelTab::Events), ("Runs", PanelTab::Runs)];
            all.extend(tabs.map(|(words, tab)| {
                Command::new(Icon::Open, format!("{words} of {name}"), "", move || session.panel.set(Some(tab)))
            }));
        }
        all.extend([
            Command::new(Icon::Failed, "Next problem", "N", move || keys::go_to_problem(controller, session, true)),
            Command::new(Icon::Failed, "Previous problem", "Shift N", move || {
                keys::go_to_problem(controller, session, false)
            }),
            Command::new(Icon::Fit, "Fit the fleet into the window", "F", move || {
                session.camera_command.set(Some(CameraCommand::Fit))
            }),
            Command::new(Icon::Filter, "Filter the fleet", "/", move || session.filter_bar.set(true)),
            Command::new(Icon::Follow, "Follow the selected workspace, or stop", "W", move || follow::toggle(session)),
            Command::new(Icon::Plus, "New workspace", "", move || dialogs.open(DialogRequest::Create { parent: None })),
            Command::new(Icon::Runs, "Runs and workflows", "R", move || session.runs.set(Some(RunsPage::All))),
            Command::new(Icon::Task, "What happened lately", "", move || {
                session.feed_open.update(|open| *open = !*open)
            }),
        ]);
        all.extend(Status::SHOWN.map(|status| {
            let words = format!("Show only {status}");
            let only = move || session.filter.set(Filter { status: Some(status.clone()), ..Filter::default() });
            Command::new(Icon::Filter, words, "", only)
        }));
        for item in page.with_value(|page| page()) {
            if let MenuItem::Act { icon, words, enabled: true, act, .. } = item {
                all.push(Command { words, keys: "", icon: icon.unwrap_or(Icon::Task), act });
            }
        }
        all.push(Command::new(Icon::Close, "Clear the filter: show all", "", move || {
            session.filter.set(Filter::default())
        }));
        all
    }
}
