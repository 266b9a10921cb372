//! The panel's header: the workspace's name, status, task and problem.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::causes::Causes;
use super::focus::close_panel;
use super::selected_workspace::SelectedWorkspace;
use crate::commands::{Command, Commands};
use crate::menus::MoreMenu;
use crate::session::Session;
use crate::store::StoreSignals;
use crate::ui::button::{Button, ButtonVariant, IconButton};
use crate::ui::icon::{Glyph, Icon, Mark};
use crate::ui::text::capitalized;
use crate::ui::time::{format_duration, format_stopwatch, format_time_of_day_short};

#[component]
pub(super) fn Header(workspace: SelectedWorkspace) -> impl IntoView {
    let session = expect_context::<Session>();
    let status = workspace.field(|it| it.status.to_string());
    let name = workspace.field(|it| if it.name.is_empty() { it.id.to_string() } else { it.name.clone() });
    let tier = workspace.field(|it| it.tier);
    let model = workspace.field(|it| it.agent.as_ref().map(|agent| agent.model.clone()));
    let task = workspace.field(|it| it.current_task.clone());
    view! {
        <header class="panel-head" data-status=move || status.get()>
            <div class="panel-title">
                <Mark status=status />
                <h2>{move || name.get()}</h2>
                <MoreMenu of=move |()| workspace.get_untracked() />
                <IconButton icon=Icon::Close label="Close panel" on_press=move |_| close_panel(session) />
            </div>
            <div class="panel-sub">
                <StatusText workspace=workspace />
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
            <Problem workspace=workspace />
            <Causes workspace=workspace />
        </header>
    }
}

/// The status, and since when or for how long it has been so.
#[component]
fn StatusText(workspace: SelectedWorkspace) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let status = workspace.field(|it| it.status.clone());
    let since = workspace.field(|it| it.status_since.millis());
    let rate = workspace.field(|it| (it.last_error_rate * 100.0).round() as i64);
    let text = Memo::new(move |_| {
        let (since, now) = (since.get(), || signals.now.get().millis());
        match status.get() {
            Status::Provisioning if since > 0 => format!("Provisioning for {}", format_stopwatch(now() - since)),
            Status::Offline if since > 0 => {
                let now = now();
                format!("Offline since {} ({})", format_time_of_day_short(since, now), minutes(now - since))
            }
            Status::Failed if since > 0 => format!("Failed at {}", format_time_of_day_short(since, now())),
            Status::Degraded => format!("Degraded, {}% errors", rate.get()),
            other => capitalized(other.as_str()),
        }
    });
    view! {
        <span class="status-word" data-status=move || status.get().to_string()>
            {move || text.get()}
        </span>
    }
}

#[component]
fn Problem(workspace: SelectedWorkspace) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let status = workspace.field(|it| it.status.clone());
    let reason = workspace.field(|it| match it.status {
        Status::Failed => it.failure.clone().or_else(|| Some("No reason given".to_owned())),
        Status::Degraded => it.last_sample_error.clone(),
        _ => None,
    });
    let retry = workspace.on_press(move |it| commands.execute_undoable(&it.id, &Command::Restart));
    move || {
        reason.get().map(|reason| {
            let failed = status.get() == Status::Failed;
            view! {
                <div class="panel-problem" data-status=status.get().to_string()>
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

/// Returns a duration in whole minutes: the text is updated every second, and must not change as often.
fn minutes(millis: i64) -> String {
    match millis / 60_000 {
        0 => "for less than a minute".to_owned(),
        minutes => format_duration(minutes * 60_000),
    }
}
