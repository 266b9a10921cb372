//! The banners over the canvas: it is not live, or a part of the page is missing.

use leptos::prelude::*;

use crate::dialogs::{DialogRequest, Dialogs};
use crate::store::StoreSignals;
use crate::sync::SyncHandle;
use crate::ui::time::format_time_of_day;
use orrery_client::{ConnectionStatus, StopReason};

struct Banner {
    connection: &'static str,
    title: &'static str,
    detail: Option<String>,
    as_of: Option<String>,
    action: BannerAction,
}

#[derive(Clone, Copy)]
enum BannerAction {
    Reconnect,
    ReturnToLive,
    SignIn,
}

impl BannerAction {
    fn label(self) -> &'static str {
        match self {
            Self::Reconnect => "Reconnect",
            Self::ReturnToLive => "Return to live view",
            Self::SignIn => "Sign in",
        }
    }
}

impl Banner {
    /// Returns the banner over a canvas that shows something but is not live. Before that the empty state explains.
    fn new(signals: StoreSignals) -> Option<Self> {
        let connection = signals.connection.get();
        if !signals.loaded.get() || connection == ConnectionStatus::Live {
            return None;
        }
        let word = connection.word();
        let (title, detail, action) = match connection {
            ConnectionStatus::Stopped { reason: StopReason::Unauthorized } => {
                ("You are signed out", None, BannerAction::SignIn)
            }
            ConnectionStatus::Stopped { reason: StopReason::OverLimit(reason) } => {
                ("The server closed the connection", Some(reason), BannerAction::Reconnect)
            }
            ConnectionStatus::Stopped { reason: StopReason::Saved } => {
                ("Saved state (read-only)", None, BannerAction::ReturnToLive)
            }
            _ => ("Connection lost", None, BannerAction::Reconnect),
        };
        let as_of = signals.as_of.get();
        let as_of =
            as_of.map(|at| format!("Data as of {}", format_time_of_day(at.millis(), signals.now.get().millis())));
        Some(Self { connection: word, title, detail, as_of, action })
    }
}

#[component]
pub(super) fn ConnectionBanner() -> impl IntoView {
    let (signals, dialogs, sync) =
        (expect_context::<StoreSignals>(), expect_context::<Dialogs>(), expect_context::<SyncHandle>());
    let run = move |action| match action {
        BannerAction::Reconnect | BannerAction::ReturnToLive => sync.retry_now(),
        BannerAction::SignIn => dialogs.open(DialogRequest::SignIn),
    };
    move || {
        Banner::new(signals).map(|Banner { connection, title, detail, as_of, action }| {
            view! {
                <div class="connection-banner" data-connection=connection>
                    <i class="mark" data-mark="cut"></i>
                    <span class="connection-words">
                        <span>{title}</span>
                        {detail.map(|detail| view! { <span>{detail}</span> })}
                        <span class="connection-asof">{as_of}</span>
                    </span>
                    <button type="button" class="button" data-size="small" on:click=move |_| run(action)>
                        {action.label()}
                    </button>
                </div>
            }
        })
    }
}

/// The lazily loaded chunk is retried by itself; a page that the server has replaced meanwhile needs a reload.
#[component]
pub(super) fn ChunkBanner(is_shown: ReadSignal<bool>) -> impl IntoView {
    move || {
        is_shown.get().then(|| {
            view! {
                <div class="connection-banner">
                    <span>"Part of this page could not be loaded. Retrying. If this message stays, reload the page."</span>
                </div>
            }
        })
    }
}
