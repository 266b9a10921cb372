//! The side panel of the selected workspace: a header and tabs; and the feed of recent activity.

mod selected_workspace;
mod focus;
mod resize;
mod fact;
mod log_list;
mod event_row;
mod events;
mod agent_events;
mod activity;
mod activity_feed;
mod agent_card;
mod causes;
mod cause_hint;
mod header;
mod details;

use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::runs::WorkspaceRuns;
use crate::session::{PanelTab, Session};
use crate::store::StoreSignals;
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::state::Message;
use crate::ui::tabs::{TabPage, Tabs};

pub use activity_feed::{ActivityFeed, ActivityFeedButton};
pub use cause_hint::CauseHints;
pub use causes::CauseFocus;

use activity::ActivityTab;
use agent_card::AgentCardTab;
use details::DetailsTab;
use events::EventsTab;
use focus::{close_panel, focus_selected_tab};
use header::Header;
use resize::ResizeHandle;
use selected_workspace::SelectedWorkspace;

/// A new tab is a row here and an arm in `Content`.
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
    let exists = Memo::new(move |_| signals.selected.with(Option::is_some));
    let workspace = SelectedWorkspace::new(signals.selected);
    let panel = NodeRef::<html::Aside>::new();
    Effect::new(move |_| {
        if let Some(panel) = panel.get() {
            focus_selected_tab(&panel);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.stop_propagation();
            close_panel(session);
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
                    <ResizeHandle width=width />
                    {move || match exists.get() {
                        true => view! { <Content workspace=workspace /> }.into_any(),
                        false => view! { <NotFound /> }.into_any(),
                    }}
                </aside>
            }
        })
    }
}

#[component]
fn Content(workspace: SelectedWorkspace) -> impl IntoView {
    let session = expect_context::<Session>();
    let tab = Memo::new(move |_| session.panels.tab.get().unwrap_or(PanelTab::Details));
    let index = Memo::new(move |_| TABS.iter().position(|(one, _)| *one == tab.get()).unwrap_or(0));
    // Another workspace renders its tab anew, so that nothing of the previous one stays open.
    let id = workspace.id();
    view! {
        <Header workspace=workspace />
        <Tabs
            name="panel"
            label="Workspace"
            tabs=TABS.to_vec()
            selected=tab
            on_select=move |tab| session.panels.tab.set(Some(tab))
        />
        <TabPage name="panel" index=index>
            {move || {
                let Some(id) = id.get() else { return ().into_any() };
                match tab.get() {
                    PanelTab::Details => view! { <DetailsTab workspace=workspace /> }.into_any(),
                    PanelTab::Activity => view! { <ActivityTab id=id /> }.into_any(),
                    PanelTab::AgentCard => view! { <AgentCardTab workspace=workspace /> }.into_any(),
                    PanelTab::Events => view! { <EventsTab id=id /> }.into_any(),
                    PanelTab::Runs => view! { <WorkspaceRuns workspace=id /> }.into_any(),
                }
            }}
        </TabPage>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <header class="panel-head">
            <div class="panel-title">
                <h2>"Workspace not found"</h2>
                <IconButton icon=Icon::Close label="Close panel" on_press=move |_| close_panel(session) />
            </div>
        </header>
        <Message words="It may have been removed, or it belongs to another server.".to_owned() />
    }
}
