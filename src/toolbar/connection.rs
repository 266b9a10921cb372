//! How live the canvas is, in words. Never how the connection comes about.

use leptos::prelude::*;
use orrery_protocol::Timestamp;

use crate::live::Live;
use crate::socket::{Connection, StopReason};
use crate::ui::moment::clock_short;
use crate::ui::written::Part;

pub(super) fn connection(live: Live) -> Part {
    live.connection.with(|it| {
        let words = words(it, live.now);
        let mark = if *it == Connection::Live { "live" } else { "cut" };
        let part = Part::new("div", "connection").with("data-connection", it.word()).with("title", words.clone());
        part.parts(vec![
            Some(Part::new("i", "mark").with("data-mark", mark)),
            Some(Part::new("span", "connection-label").words(words)),
        ])
    })
}

/// Reads the clock only where the words need it.
pub(crate) fn words(connection: &Connection, now: ReadSignal<Timestamp>) -> String {
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
        Connection::Stopped { reason: StopReason::Saved } => "Saved state".to_owned(),
    }
}
