//! What happened lately to the whole fleet, the unreadable and the unknown too. Never one workspace's log (`events`).

use leptos::{ev::KeyboardEvent, prelude::*};
use serde_json::Value;

use super::log::{Body, Log, LogRow};
use crate::session::Session;
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::store::activity_feed::{EntryKind, FeedEntry};
use crate::ui::button::IconButton;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::moment::length;
use crate::ui::state::Message;

/// More than anyone reads; the whole log is the server's.
const SHOWN: usize = 100;

/// Opens and closes the feed, and counts what could not be used.
#[component]
pub fn LatelyButton() -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let unusable = Memo::new(move |_| signals.problems.with(|problems| problems.malformed + problems.unknown));
    let words = move || match unusable.get() {
        0 => "What happened lately".to_owned(),
        1 => "What happened lately; 1 message could not be used".to_owned(),
        count => format!("What happened lately; {count} messages could not be used"),
    };
    view! {
        <button
            type="button"
            class="button lately-button"
            data-tone="quiet"
            aria-expanded=move || session.panels.feed_open.get().to_string()
            aria-label=words
            title=words
            on:click=move |_| session.panels.feed_open.update(|open| *open = !*open)
        >
            <Glyph icon=Icon::Task />
            {move || (unusable.get() > 0).then(|| view! { <span class="lately-unusable">{unusable.get()}</span> })}
        </button>
    }
}

#[component]
pub fn Lately() -> impl IntoView {
    let (signals, session) = (expect_context::<StoreSignals>(), expect_context::<Session>());
    let directory = expect_context::<Directory>();
    let close = move |_| session.panels.feed_open.set(false);
    // While something is read, nothing pushes it away.
    let is_held = RwSignal::new(false);
    let rows = Memo::new(move |before: Option<&Vec<LogRow>>| match before {
        Some(before) if is_held.get() && session.panels.feed_open.get() => before.clone(),
        _ => signals.entries(None, SHOWN).into_iter().map(|entry| row(entry, directory)).collect(),
    });
    let look = move |_| {
        // After the press has opened or closed what it does.
        request_animation_frame(move || {
            let open = document().query_selector(".lately .entry-row[aria-expanded='true']");
            is_held.set(open.is_ok_and(|it| it.is_some()));
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            session.panels.feed_open.set(false);
        }
    };
    move || {
        session.panels.feed_open.get().then(|| {
            view! {
                <aside class="lately" aria-label="What happened lately" on:click=look on:keydown=on_key>
                    <header class="lately-head">
                        <h2>"Lately"</h2>
                        <span class="lately-held">{move || is_held.get().then_some("held while an entry is open")}</span>
                        <IconButton icon=Icon::Close label="Close what happened lately" on_press=close />
                    </header>
                    <Log rows=rows.into() />
                    {move || {
                        signals.entries(None, 1).is_empty().then(|| view! { <Message words="Nothing yet since this page was opened.".to_owned() /> })
                    }}
                </aside>
            }
        })
    }
}

fn row(entry: FeedEntry, directory: Directory) -> LogRow {
    // What somebody said is no sentence about them.
    let is_said = matches!(entry.kind(), EntryKind::Activity | EntryKind::Run) && !entry.name.is_empty();
    let colon = if is_said { ":" } else { "" };
    LogRow {
        key: entry.number.to_string(),
        what: format!("{}{colon} {}", entry.name, entry.summary(length)).trim().to_owned(),
        at: Some(entry.at.millis()),
        more: vec![entry.wire_name().to_owned()],
        is_bad: matches!(entry.kind(), EntryKind::Malformed | EntryKind::Unknown),
        bodies: vec![Body { title: "Event", json: entry.json().map(Value::String) }],
        facts: entry.facts(|id| directory.name(id).unwrap_or_else(|| id.to_string())),
        about: entry.workspace_id().filter(|id| directory.get(id).is_some()).cloned(),
        place: None,
    }
}
