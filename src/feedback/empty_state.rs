//! The state of the canvas before the first snapshot: loading, or no connection to the server.

use leptos::prelude::*;

use crate::commands::Commands;
use crate::store::StoreSignals;
use crate::sync::SyncHandle;
use crate::toolbar::connection_label;
use orrery_client::{ConnectionStatus, StopReason};

enum Empty {
    Loading,
    Disconnected { title: &'static str, message: String, status: Option<String> },
}

impl Empty {
    /// Returns None once something is shown, and where the sign-in form or the banner explains.
    fn new(signals: StoreSignals, commands: Commands) -> Option<Self> {
        if signals.loaded.get() {
            return None;
        }
        signals.connection.with(|connection| match connection {
            ConnectionStatus::Connecting | ConnectionStatus::Live => Some(Self::Loading),
            ConnectionStatus::Reconnecting { .. } | ConnectionStatus::Offline { .. } => {
                let server = commands.server().unwrap_or_else(|| "The server".to_owned());
                let message =
                    format!("{server} does not respond. Check that it is running. Orrery keeps trying to connect.");
                let status = Some(connection_label(connection, signals.now));
                Some(Self::Disconnected { title: "Cannot reach the server", message, status })
            }
            ConnectionStatus::Stopped { reason: StopReason::OverLimit(reason) } => Some(Self::Disconnected {
                title: "The server closed the connection",
                message: reason.clone(),
                status: None,
            }),
            ConnectionStatus::Stopped { reason: StopReason::Unauthorized | StopReason::Saved } => None,
        })
    }
}

#[component]
pub(super) fn EmptyState() -> impl IntoView {
    let (signals, commands, sync) =
        (expect_context::<StoreSignals>(), expect_context::<Commands>(), expect_context::<SyncHandle>());
    move || {
        Empty::new(signals, commands).map(|empty| match empty {
            Empty::Loading => view! {
                <section class="state state-over" role="status">
                    <i class="mark" data-status="provisioning"></i>
                    <p>"Loading workspaces…"</p>
                </section>
            }
            .into_any(),
            Empty::Disconnected { title, message, status } => view! {
                <section class="state state-over" data-tone="danger">
                    <i class="mark state-mark" data-mark="cut"></i>
                    <h2 role="alert">{title}</h2>
                    <p>{message}</p>
                    {status.map(|status| view! { <p>{status}</p> })}
                    <button type="button" class="button" data-mark="retry" on:click=move |_| sync.retry_now()>
                        "Retry"
                    </button>
                </section>
            }
            .into_any(),
        })
    }
}
