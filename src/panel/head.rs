//! Whose panel it is, how it stands, what it does now and what is wrong with it. Never the details.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::cause::Cause;
use super::focus;
use super::shown::Shown;
use crate::commands::{Command, Commands};
use crate::menus::MoreMenu;
use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon, Mark};
use crate::ui::moment::{clock_short, length, stopwatch};
use crate::ui::text::capitalized;

#[component]
pub(super) fn Head(shown: Shown) -> impl IntoView {
    let session = expect_context::<Session>();
    let status = shown.field(|it| it.status.to_string());
    let name = shown.field(|it| if it.name.is_empty() { it.id.to_string() } else { it.name.clone() });
    let tier = shown.field(|it| it.tier);
    let model = shown.field(|it| it.agent.as_ref().map(|agent| agent.model.clone()));
    let task = shown.field(|it| it.current_task.clone());
    view! {
        <header class="panel-head" data-status=move || status.get()>
            <div class="panel-title">
                <Mark status=status />
                <h2>{move || name.get()}</h2>
                <MoreMenu of=move |()| shown.now() />
                <IconButton icon=Icon::Close label="Close the panel" on_press=move |_| focus::close(session) />
            </div>
            <div class="panel-sub">
                <StatusWords shown=shown />
                <span>{move || format!("T{}", tier.get())}</span>
                <span>{move || model.get().unwrap_or_else(|| "No agent".to_owned())}</span>
            </div>
            {move || {
                task.get().map(|task| {
                    view! {
                        <p class="task panel-task">
                            <Glyph icon=Icon::Task />
                            <span>{task}</span>
                        </p>
                    }
                })
            }}
            <Trouble shown=shown />
            <Cause shown=shown />
        </header>
    }
}

/// The status and since when: while it is provisioned, for how long.
#[component]
fn StatusWords(shown: Shown) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let status = shown.field(|it| it.status.clone());
    let since = shown.field(|it| it.status_since.millis());
    let rate = shown.field(|it| (it.last_error_rate * 100.0).round() as i64);
    let words = Memo::new(move |_| {
        let (since, now) = (since.get(), || signals.now.get().millis());
        match status.get() {
            Status::Provisioning if since > 0 => format!("Provisioning for {}", stopwatch(now() - since)),
            Status::Offline if since > 0 => {
                let now = now();
                format!("Offline since {} ({})", clock_short(since, now), minutes(now - since))
            }
            Status::Failed if since > 0 => format!("Failed at {}", clock_short(since, now())),
            Status::Degraded => format!("Degraded, {} % errors", rate.get()),
            other => capitalized(other.as_str()),
        }
    });
    view! {
        <span class="status-word" data-status=move || status.get().to_string()>
            {move || words.get()}
        </span>
    }
}

#[component]
fn Trouble(shown: Shown) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let status = shown.field(|it| it.status.clone());
    let reason = shown.field(|it| match it.status {
        Status::Failed => it.failure.clone().or_else(|| Some("No reason was given".to_owned())),
        Status::Degraded => it.last_sample_error.clone(),
        _ => None,
    });
    let retry = move |_| shown.act(|it| commands.execute_undoable(&it.id, &Command::Restart));
    move || {
        reason.get().map(|reason| {
            let failed = status.get() == Status::Failed;
            view! {
                <div class="panel-trouble" data-status=status.get().to_string()>
                    <p>{reason}</p>
                    {failed.then(|| {
                        view! {
                            <Button variant=ButtonVariant::Danger icon=Icon::Retry small=true on_press=retry>
                                "Retry"
                            </Button>
                        }
                    })}
                </div>
            }
        })
    }
}

/// Of what is written again every second, only the minutes may change.
fn minutes(millis: i64) -> String {
    match millis / 60_000 {
        0 => "for less than a minute".to_owned(),
        minutes => length(minutes * 60_000),
    }
}
