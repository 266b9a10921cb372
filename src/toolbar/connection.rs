//! How live the canvas is, in words. Never how the connection comes about.

use leptos::prelude::*;
use orrery_protocol::Timestamp;

use crate::store::StoreSignals;
use crate::ui::moment::clock_short;
use crate::ui::written::Part;
use orrery_client::{ConnectionStatus, StopReason};

pub(super) fn connection(signals: StoreSignals) -> Part {
    signals.connection.with(|it| {
        let words = words(it, signals.now);
        let mark = if *it == ConnectionStatus::Live { "live" } else { "cut" };
        let part = Part::new("div", "connection").with("data-connection", it.word()).with("title", words.clone());
        part.parts(vec![
            Some(Part::new("i", "mark").with("data-mark", mark)),
            Some(Part::new("span", "connection-label").words(words)),
        ])
    })
}

/// Reads the clock only where the words need it.
pub(crate) fn words(connection: &ConnectionStatus, now: ReadSignal<Timestamp>) -> String {
    match connection {
        ConnectionStatus::Connecting => "Connecting".to_owned(),
        ConnectionStatus::Live => "Live".to_owned(),
        ConnectionStatus::Reconnecting { at } => match (at.millis() - now.get().millis() + 999) / 1000 {
            ..=0 => "Reconnecting".to_owned(),
            seconds => format!("Reconnecting in {seconds} s"),
        },
        ConnectionStatus::Offline { since } => {
            format!("Offline since {}", clock_short(since.millis(), now.get().millis()))
        }
        ConnectionStatus::Stopped { reason: StopReason::Unauthorized } => "Not signed in".to_owned(),
        ConnectionStatus::Stopped { reason: StopReason::OverLimit(_) } => "Stopped".to_owned(),
        ConnectionStatus::Stopped { reason: StopReason::Saved } => "Saved state".to_owned(),
    }
}
