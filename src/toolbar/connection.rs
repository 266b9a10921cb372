//! The state of the connection in words.

use leptos::prelude::*;
use orrery_protocol::Timestamp;

use crate::store::StoreSignals;
use crate::ui::time::format_time_of_day_short;
use orrery_client::{ConnectionStatus, StopReason};

#[component]
pub(super) fn ConnectionIndicator() -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    move || {
        signals.connection.with(|connection| {
            let label = connection_label(connection, signals.now);
            let title = label.clone();
            view! {
                <div class="connection" data-connection=connection.word() title=title>
                    <i class="mark" data-mark=if *connection == ConnectionStatus::Live { "live" } else { "cut" }></i>
                    <span class="connection-label">{label}</span>
                </div>
            }
        })
    }
}

/// Returns the state of the connection in words. Reads the clock only where the words depend on it.
pub(crate) fn connection_label(connection: &ConnectionStatus, now: ReadSignal<Timestamp>) -> String {
    match connection {
        ConnectionStatus::Connecting => "Connecting".to_owned(),
        ConnectionStatus::Live => "Live".to_owned(),
        ConnectionStatus::Reconnecting { at } => match (at.millis() - now.get().millis() + 999) / 1000 {
            ..=0 => "Reconnecting".to_owned(),
            seconds => format!("Reconnecting in {seconds} s"),
        },
        ConnectionStatus::Offline { since } => {
            format!("Offline since {}", format_time_of_day_short(since.millis(), now.get().millis()))
        }
        ConnectionStatus::Stopped { reason: StopReason::Unauthorized } => "Not signed in".to_owned(),
        ConnectionStatus::Stopped { reason: StopReason::OverLimit(_) } => "Disconnected".to_owned(),
        ConnectionStatus::Stopped { reason: StopReason::Saved } => "Saved state".to_owned(),
    }
}
