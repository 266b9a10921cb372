//! The state of an empty canvas before the first snapshot: loading, or no connection to the server.

use leptos::prelude::*;

use crate::commands::Commands;
use crate::store::StoreSignals;
use crate::sync::RetryNow;
use crate::toolbar::connection_label;
use orrery_client::{ConnectionStatus, StopReason};

#[derive(Debug, Clone, PartialEq)]
enum Empty {
    Loading,
    Unreachable,
    /// The server closed the connection for this reason.
    Closed(String),
}

impl Empty {
    /// Returns None once something is shown, and where the sign-in form or the banner explains.
    fn new(signals: StoreSignals) -> Option<Self> {
        if signals.loaded.get() {
            return None;
        }
        signals.connection.with(|connection| match connection {
            ConnectionStatus::Connecting | ConnectionStatus::Live => Some(Self::Loading),
            ConnectionStatus::Reconnecting { .. } | ConnectionStatus::Offline { .. } => Some(Self::Unreachable),
            ConnectionStatus::Stopped { reason: StopReason::OverLimit(reason) } => Some(Self::Closed(reason.clone())),
            ConnectionStatus::Stopped { reason: StopReason::Unauthorized | StopReason::Saved } => None,
        })
    }
}

#[component]
pub(super) fn EmptyState() -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let empty = Memo::new(move |_| Empty::new(signals));
    move || {
        empty.get().map(|empty| match empty {
            Empty::Loading => view! { <Loading /> }.into_any(),
            Empty::Unreachable => view! { <Unreachable /> }.into_any(),
            Empty::Closed(reason) => view! {
                <Disconnected title="The server closed the connection">
                    <p>{reason}</p>
                </Disconnected>
            }
            .into_any(),
        })
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <section class="state state-over" role="status">
            <i class="mark" data-status="provisioning"></i>
            <p>"Loading workspaces…"</p>
        </section>
    }
}

#[component]
fn Unreachable() -> impl IntoView {
    let (signals, commands) = (expect_context::<StoreSignals>(), expect_context::<Commands>());
    let server = move || commands.server().unwrap_or_else(|| "The server".to_owned());
    view! {
        <Disconnected title="Cannot reach the server">
            <p>{move || format!("{} does not respond. Check that it is running. Orrery keeps trying to connect.", server())}</p>
            <p>{move || signals.connection.with(|connection| connection_label(connection, signals.now))}</p>
        </Disconnected>
    }
}

#[component]
fn Disconnected(title: &'static str, children: Children) -> impl IntoView {
    let retry = expect_context::<RetryNow>();
    view! {
        <section class="state state-over" data-tone="danger">
            <i class="mark state-mark" data-mark="cut"></i>
            <h2 role="alert">{title}</h2>
            {children()}
            <button type="button" class="button" data-mark="retry" on:click=move |_| retry.0.run(())>
                "Retry"
            </button>
        </section>
    }
}
