//! What happened lately to the whole fleet, the unreadable and the unknown too. Never one workspace's log (`events`).

use leptos::prelude::*;

use super::entry::Entry as Row;
use crate::feed::{Entry, EntryKind};
use crate::live::Live;
use crate::session::{Session, Wish};
use crate::ui::button::{Button, IconButton};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::json::Json;
use crate::ui::moment::clock;
use crate::ui::state::Message;

/// More than anyone reads; the whole log is the server's.
const SHOWN: usize = 100;

/// Opens and closes the feed, and counts what could not be used.
#[component]
pub fn LatelyButton() -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let unusable = Memo::new(move |_| live.problems.with(|problems| problems.malformed + problems.unknown));
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
            aria-expanded=move || session.lately.get().to_string()
            aria-label=words
            title=words
            on:click=move |_| session.lately.update(|open| *open = !*open)
        >
            <Glyph icon=Icon::Task />
            {move || (unusable.get() > 0).then(|| view! { <span class="lately-unusable">{unusable.get()}</span> })}
        </button>
    }
}

#[component]
pub fn Lately() -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let close = move |_| session.lately.set(false);
    move || {
        session.lately.get().then(|| {
            view! {
                <aside class="lately" aria-label="What happened lately">
                    <header class="lately-head">
                        <h2>"Lately"</h2>
                        <IconButton icon=Icon::Close label="Close what happened lately" on_press=close />
                    </header>
                    <ul class="entries">
                        <For
                            each=move || live.entries(None, SHOWN)
                            key=|entry| entry.number
                            children=move |entry| view! { <LatelyEntry entry=entry /> }
                        />
                    </ul>
                    {move || {
                        live.entries(None, 1)
                            .is_empty()
                            .then(|| view! { <Message words="Nothing yet since this page was opened.".to_owned() /> })
                    }}
                </aside>
            }
        })
    }
}

#[component]
fn LatelyEntry(entry: Entry) -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let when = clock(entry.at.millis(), live.now.get_untracked().millis());
    let what = match entry.name.as_str() {
        "" => entry.words(),
        name => format!("{name} {}", entry.words()),
    };
    let is_bad = matches!(entry.kind(), EntryKind::Malformed | EntryKind::Unknown);
    let more = vec![entry.wire_name().to_owned()];
    let entry = StoredValue::new(entry);
    view! {
        <Row what=what when=when more=more is_bad=is_bad>
            {move || {
                let id = entry.with_value(|entry| entry.workspace_id().cloned());
                id.map(|id| {
                    let show = move |_| {
                        session.open(id.clone());
                        session.wish.set(Some(Wish::Show(id.clone())));
                    };
                    view! {
                        <Button small=true icon=Icon::Fit on_press=show>
                            "Show"
                        </Button>
                    }
                })
            }}
            {move || view! {
                <Json title="Event" text=entry.with_value(Entry::json) none="It could not be read." />
            }}
        </Row>
    }
}
