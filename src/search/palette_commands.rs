//! The commands of the palette: those for the selected workspace first, then those for the whole page.

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

/// A row of the palette that runs something.
#[derive(Clone)]
pub(super) struct PaletteCommand {
    pub label: String,
    /// The keyboard shortcut, or an empty text.
    pub shortcut: &'static str,
    pub icon: Icon,
    pub run: Callback<()>,
}

impl PaletteCommand {
    fn new(icon: Icon, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        Self { label: label.into(), shortcut: "", icon, run: Callback::new(move |()| run()) }
    }

    fn with_shortcut(self, shortcut: &'static str) -> Self {
        Self { shortcut, ..self }
    }

    /// Returns None for separators and for items that are disabled.
    fn from_menu_item(item: MenuItem) -> Option<Self> {
        match item {
            MenuItem::Act { icon, words, enabled: true, act, .. } => {
                Some(Self { label: words, shortcut: "", icon: icon.unwrap_or(Icon::Task), run: act })
            }
            _ => None,
        }
    }
}

/// Returns a function that lists the commands. It must be called where the contexts are; the function itself may be
/// called anywhere, such as when the palette opens.
pub(super) fn palette_commands() -> impl Fn() -> Vec<PaletteCommand> + Copy + 'static {
    let (session, dialogs) = (expect_context::<Session>(), expect_context::<Dialogs>());
    let (directory, controller) = (expect_context::<Directory>(), expect_context::<CanvasController>());
    let workspace_items = StoredValue::new_local(workspace_menu_items());
    let page_items = StoredValue::new_local(page_menu_items());
    move || {
        let mut commands = Vec::new();
        if let Some(workspace) = session.selection.get_untracked().and_then(|id| directory.get(&id)) {
            let name = workspace.display_name();
            let items = workspace_items.with_value(|items| items(&workspace));
            let of_workspace = items.into_iter().filter_map(PaletteCommand::from_menu_item);
            commands.extend(of_workspace.chain(tab_commands(session)).map(|command| {
                let label = format!("{}: {name}", command.label.trim_end_matches('…'));
                PaletteCommand { label, ..command }
            }));
        }
        commands.extend(navigation_commands(session, controller));
        commands.push(PaletteCommand::new(Icon::Plus, "New workspace", move || {
            dialogs.open(DialogRequest::Create { parent: None })
        }));
        commands.extend(filter_commands(session));
        let items = page_items.with_value(|items| items());
        commands.extend(items.into_iter().filter_map(PaletteCommand::from_menu_item));
        commands
    }
}

fn tab_commands(session: Session) -> impl Iterator<Item = PaletteCommand> {
    let tabs =
        [("Open activity", PanelTab::Activity), ("Open events", PanelTab::Events), ("Open runs", PanelTab::Runs)];
    tabs.into_iter()
        .map(move |(label, tab)| PaletteCommand::new(Icon::Open, label, move || session.panels.tab.set(Some(tab))))
}

fn navigation_commands(session: Session, controller: CanvasController) -> [PaletteCommand; 6] {
    let go_to_problem = move |forward| move || keys::go_to_problem(controller, session, forward);
    let fit = move || session.camera_command.set(Some(CameraCommand::Fit));
    let toggle_feed = move || session.panels.feed_open.update(|is_open| *is_open = !*is_open);
    [
        PaletteCommand::new(Icon::Failed, "Next problem", go_to_problem(true)).with_shortcut("N"),
        PaletteCommand::new(Icon::Failed, "Previous problem", go_to_problem(false)).with_shortcut("Shift N"),
        PaletteCommand::new(Icon::Fit, "Zoom to fit", fit).with_shortcut("F"),
        PaletteCommand::new(Icon::Follow, "Follow or unfollow the selected workspace", move || follow::toggle(session))
            .with_shortcut("W"),
        PaletteCommand::new(Icon::Runs, "Show runs and workflows", move || {
            session.panels.runs_page.set(Some(RunsPage::All))
        })
        .with_shortcut("R"),
        PaletteCommand::new(Icon::Task, "Show or hide recent activity", toggle_feed),
    ]
}

fn filter_commands(session: Session) -> impl Iterator<Item = PaletteCommand> {
    let open = move || session.panels.filter_bar_open.set(true);
    let by_status = Status::SHOWN.into_iter().map(move |status| {
        let label = format!("Filter by status: {status}");
        let filter = Filter { status: Some(status), ..Filter::default() };
        PaletteCommand::new(Icon::Filter, label, move || session.filter.set(filter.clone()))
    });
    let clear = move || session.filter.set(Filter::default());
    std::iter::once(PaletteCommand::new(Icon::Filter, "Filter workspaces", open).with_shortcut("/"))
        .chain(by_status)
        .chain([PaletteCommand::new(Icon::Close, "Clear filter", clear)])
}
