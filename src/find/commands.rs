//! What can be done from the palette without a workspace in hand, as a table. Never the doing.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::filter::Filter;
use super::follow;
use super::keys;
use crate::canvas::Stage;
use crate::forms::{Asking, Question};
use crate::menus::{deeds, page_deeds};
use crate::roster::Roster;
use crate::session::{PanelTab, RunsPage, Session, Wish};
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
    let (session, asking) = (expect_context::<Session>(), expect_context::<Asking>());
    let (roster, stage) = (expect_context::<Roster>(), expect_context::<Stage>());
    let deeds = StoredValue::new_local(deeds());
    let page = StoredValue::new_local(page_deeds());
    move || {
        let mut all = Vec::new();
        if let Some(it) = session.selection.get_untracked().and_then(|id| roster.get(&id)) {
            let name = if it.name.is_empty() { it.id.to_string() } else { it.name.clone() };
            for item in deeds.with_value(|deeds| deeds(&it)) {
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
            Command::new(Icon::Failed, "Next problem", "N", move || keys::go_to_problem(stage, session, true)),
            Command::new(Icon::Failed, "Previous problem", "Shift N", move || {
                keys::go_to_problem(stage, session, false)
            }),
            Command::new(Icon::Fit, "Fit the fleet into the window", "F", move || session.wish.set(Some(Wish::Fit))),
            Command::new(Icon::Filter, "Filter the fleet", "/", move || session.filter_bar.set(true)),
            Command::new(Icon::Follow, "Follow the selected workspace, or stop", "W", move || follow::toggle(session)),
            Command::new(Icon::Plus, "New workspace", "", move || asking.ask(Question::Create { parent: None })),
            Command::new(Icon::Runs, "Runs and workflows", "R", move || session.runs.set(Some(RunsPage::All))),
            Command::new(Icon::Task, "What happened lately", "", move || session.lately.update(|open| *open = !*open)),
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
