//! How live the canvas is, in words. Never how the connection comes about.

use leptos::prelude::*;
use orrery_protocol::Timestamp;

use crate::socket::{Connection, StopReason};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::moment::clock_short;

#[component]
pub(super) fn ConnectionWord(
    #[prop(into)] connection: Signal<Connection>,
    #[prop(into)] now: Signal<Timestamp>,
) -> impl IntoView {
    let is_live = Memo::new(move |_| connection.with(|it| *it == Connection::Live));
    let words = Memo::new(move |_| connection.with(|it| words(it, now)));
    view! {
        <div
            class="connection"
            data-connection=move || connection.with(Connection::word)
            title=move || words.get()
        >
            {move || view! { <Glyph icon=if is_live.get() { Icon::Live } else { Icon::Cut } /> }}
            <span class="connection-label">{move || words.get()}</span>
        </div>
    }
}

/// Reads the clock only where the words need it.
pub(crate) fn words(connection: &Connection, now: Signal<Timestamp>) -> String {
    match connection {
        Connection::Connecting => "Connecting".to_owned(),
        Connection::Live => "Live".to_owned(),
        Connection::Reconnecting { at } => match (at.millis() - now.get().millis() + 999) / 1000 {
            ..=0 => "Reconnecting".to_owned(),
            seconds => format!("Reconnecting in {seconds} s"),
        },
        Connection::Offline { since } => {
            format!("Offline since {}", clock_short(since.millis(), now.get().millis()))
        }
        Connection::Stopped { reason: StopReason::Unauthorized } => "Not signed in".to_owned(),
        Connection::Stopped { reason: StopReason::OverLimit(_) } => "Stopped".to_owned(),
    }
}
