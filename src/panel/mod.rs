//! The side panel of the selected workspace: its head and its tabs. Never the canvas, never a record's change.

mod shown;
mod focus;
mod resize;
mod head;
mod details;
mod facts;
mod activity;
mod signals;
mod agent_card;
mod events;
mod inspected;
mod cause;
mod before;
mod log;
mod pages;
mod activity_feed;

use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::runs::runs_tab;
use crate::session::{PanelTab, Session};
use crate::store::StoreSignals;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::state::Message;
use crate::ui::tabs::{TabPage, Tabs};

pub use activity_feed::{Lately, LatelyButton};
pub use before::Before;
pub use cause::ToCause;

use activity::ActivityTab;
use agent_card::AgentCardTab;
use details::DetailsTab;
use events::EventsTab;
use head::Head;
use resize::Grip;
use shown::Shown;

/// A new tab is a row here and an arm below.
const TABS: [(PanelTab, &str); 5] = [
    (PanelTab::Details, "Details"),
    (PanelTab::Activity, "Activity"),
    (PanelTab::AgentCard, "Agent card"),
    (PanelTab::Events, "Events"),
    (PanelTab::Runs, "Runs"),
];

#[component]
pub fn SidePanel() -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let is_open =
        Memo::new(move |_| session.panels.tab.with(Option::is_some) && session.selection.with(Option::is_some));
    let width = RwSignal::new(None::<f64>);
    let is_there = Memo::new(move |_| signals.selected.with(Option::is_some));
    let shown = Shown::new(signals.selected);
    let panel = NodeRef::<html::Aside>::new();
    Effect::new(move |_| {
        if let Some(panel) = panel.get() {
            focus::follow_into(&panel);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.stop_propagation();
            focus::close(session);
        }
    };
    move || {
        is_open.get().then(|| {
            view! {
                <aside
                    class="panel"
                    aria-label="Selected workspace"
                    node_ref=panel
                    style:width=move || width.get().map(|width| format!("{width}px"))
                    on:keydown=on_key
                >
                    <Grip width=width />
                    {move || match is_there.get() {
                        true => view! { <Content shown=shown /> }.into_any(),
                        false => view! { <Gone /> }.into_any(),
                    }}
                </aside>
            }
        })
    }
}

#[component]
fn Content(shown: Shown) -> impl IntoView {
    let session = expect_context::<Session>();
    let tab = Memo::new(move |_| session.panels.tab.get().unwrap_or(PanelTab::Details));
    let index = Memo::new(move |_| TABS.iter().position(|(one, _)| *one == tab.get()).unwrap_or(0));
    // Another workspace is another page: nothing of the one before stays open in it.
    let id = shown.id();
    view! {
        <Head shown=shown />
        <Tabs
            name="panel"
            label="About this workspace"
            tabs=TABS.to_vec()
            selected=tab
            on_select=move |tab| session.panels.tab.set(Some(tab))
        />
        <TabPage name="panel" index=index>
            {move || {
                let Some(id) = id.get() else { return ().into_any() };
                match tab.get() {
                    PanelTab::Details => view! { <DetailsTab shown=shown /> }.into_any(),
                    PanelTab::Activity => view! { <ActivityTab id=id /> }.into_any(),
                    PanelTab::AgentCard => view! { <AgentCardTab shown=shown /> }.into_any(),
                    PanelTab::Events => view! { <EventsTab id=id /> }.into_any(),
                    PanelTab::Runs => runs_tab(id),
                }
            }}
        </TabPage>
    }
}

#[component]
fn Gone() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <header class="panel-head">
            <div class="panel-title">
                <h2>"Not on the canvas"</h2>
                <IconButton icon=Icon::Close label="Close the panel" on_press=move |_| focus::close(session) />
            </div>
        </header>
        <Message words="This workspace was removed, or this server does not know it.".to_owned() />
    }
}
