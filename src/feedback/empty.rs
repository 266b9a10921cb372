//! Instead of a fleet: that it is being loaded, or that the server cannot be reached. Never over a canvas that shows something.

use leptos::prelude::*;

use crate::commands::Commands;
use crate::store::StoreSignals;
use crate::ui::written::Part;
use orrery_client::{ConnectionStatus, StopReason};

pub(super) fn empty(signals: StoreSignals, commands: Commands) -> Option<Part> {
    if signals.loaded.get() {
        return None;
    }
    signals.connection.with(|connection| match connection {
        ConnectionStatus::Connecting | ConnectionStatus::Live => Some(loading()),
        ConnectionStatus::Reconnecting { .. } | ConnectionStatus::Offline { .. } => {
            let server = commands.server().unwrap_or_else(|| "The server".to_owned());
            let words = format!("{server} does not answer. Is it running? Orrery keeps trying.");
            let when = crate::toolbar::connection_words(connection, signals.now);
            Some(trouble("The server cannot be reached", vec![words, when], "Try now"))
        }
        ConnectionStatus::Stopped { reason: StopReason::OverLimit(words) } => {
            Some(trouble("The server ended the connection", vec![words.clone()], "Try again"))
        }
        // The sign-in form speaks.
        ConnectionStatus::Stopped { reason: StopReason::Unauthorized | StopReason::Saved } => None,
    })
}

fn loading() -> Part {
    Part::new("section", "state state-over").with("role", "status").parts(vec![
        Some(Part::new("i", "mark").with("data-status", "provisioning")),
        Some(Part::new("p", "").words("Loading the fleet")),
    ])
}

fn trouble(title: &'static str, words: Vec<String>, again: &'static str) -> Part {
    let mark = Part::new("i", "mark state-mark").with("data-mark", "cut");
    let title = Part::new("h2", "").with("role", "alert").words(title);
    let button =
        Part::new("button", "button").with("type", "button").with("data-mark", "retry").with("data-press", "try");
    let button = button.words(again);
    let mut parts = vec![Some(mark), Some(title)];
    parts.extend(words.into_iter().map(|words| Some(Part::new("p", "").words(words))));
    parts.push(Some(button));
    Part::new("section", "state state-over").with("data-tone", "danger").parts(parts)
}
