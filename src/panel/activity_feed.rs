//! The feed of recent activity in the whole fleet, with events that could not be read, and the toolbar's button for it.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use serde_json::Value;

use super::log_list::{LogBody, LogList, LogRow};
use crate::session::Session;
use crate::store::activity_feed::{Entry, EntryKind};
use crate::store::{Directory, StoreSignals};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::state::Message;

const LIMIT: usize = 100;

/// Shows how many messages could not be read.
#[component]
pub fn ActivityFeedButton() -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let unreadable = Memo::new(move |_| signals.problems.with(|problems| problems.malformed + problems.unknown));
    let label = move || match unreadable.get() {
        0 => "Recent activity".to_owned(),
        1 => "Recent activity, 1 unreadable message".to_owned(),
        count => format!("Recent activity, {count} unreadable messages"),
    };
    view! {
        <button
            type="button"
            class="button activity-feed-button"
            data-variant="quiet"
            aria-expanded=move || session.feed_open.get().to_string()
            aria-label=label
            title=label
            on:click=move |_| session.feed_open.update(|open| *open = !*open)
        >
            <Glyph icon=Icon::Task />
            {move || {
                (unreadable.get() > 0).then(|| view! { <span class="activity-feed-unreadable">{unreadable.get()}</span> })
            }}
        </button>
    }
}

#[component]
pub fn ActivityFeed() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <Show when=move || session.feed_open.get()>
            <Feed />
        </Show>
    }
}

/// While an entry is open, new ones are held back, so that what is read does not move.
#[component]
fn Feed() -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let directory = expect_context::<Directory>();
    let feed = NodeRef::<html::Aside>::new();
    let is_paused = RwSignal::new(false);
    let rows = Memo::new(move |shown: Option<&Vec<LogRow>>| match shown.filter(|_| is_paused.get()) {
        Some(shown) => shown.clone(),
        None => signals.entries(None, LIMIT).into_iter().map(|entry| feed_row(entry, directory)).collect(),
    });
    let update_pause = move |_| {
        // After the click has opened or closed an entry.
        request_animation_frame(move || {
            let Some(feed) = feed.get_untracked() else { return };
            let open = feed.query_selector("[aria-expanded='true']");
            is_paused.set(open.is_ok_and(|entry| entry.is_some()));
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            session.feed_open.set(false);
        }
    };
    view! {
        <aside
            class="activity-feed"
            aria-label="Recent activity"
            node_ref=feed
            on:click=update_pause
            on:keydown=on_key
        >
            <header class="activity-feed-head">
                <h2>"Recent activity"</h2>
                <span class="activity-feed-paused">
                    {move || is_paused.get().then_some("Paused while an entry is open")}
                </span>
                <IconButton
                    icon=Icon::Close
                    label="Close recent activity"
                    on_press=move |_| session.feed_open.set(false)
                />
            </header>
            <LogList rows=rows.into() />
            <Show when=move || rows.with(Vec::is_empty)>
                <Message words="Events that arrive while this page is open will appear here.".to_owned() />
            </Show>
        </aside>
    }
}

fn feed_row(entry: Entry, directory: Directory) -> LogRow {
    // An event's own message is no sentence about the workspace.
    let is_message = matches!(entry.kind(), EntryKind::Activity | EntryKind::Run) && !entry.name.is_empty();
    let colon = if is_message { ":" } else { "" };
    LogRow {
        key: entry.number.to_string(),
        title: format!("{}{colon} {}", entry.name, entry.words()).trim().to_owned(),
        at: Some(entry.at.millis()),
        details: vec![entry.wire_name().to_owned()],
        is_problem: matches!(entry.kind(), EntryKind::Malformed | EntryKind::Unknown),
        bodies: vec![LogBody { title: "Event", json: entry.json().map(Value::String) }],
        changes: entry.facts(|id| directory.display_name(id)),
        workspace: entry.workspace_id().filter(|id| directory.get(id).is_some()).cloned(),
        cursor: None,
    }
}
