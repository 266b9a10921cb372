//! The details tab: what can be done with the workspace, its facts, its agent and its skills.

use leptos::prelude::*;
use orrery_protocol::Status;

use super::fact::Fact;
use super::selected_workspace::SelectedWorkspace;
use crate::canvas::Freshness;
use crate::commands::{Command, Commands};
use crate::dialogs::{DialogRequest, Dialogs};
use crate::runs::WorkspaceLink;
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::time::{format_duration, format_time_of_day};

#[component]
pub(super) fn DetailsTab(workspace: SelectedWorkspace) -> impl IntoView {
    view! {
        <Actions workspace=workspace />
        <Facts workspace=workspace />
        <AgentFacts workspace=workspace />
        <Skills workspace=workspace />
    }
}

#[component]
fn Actions(workspace: SelectedWorkspace) -> impl IntoView {
    let (commands, dialogs) = (expect_context::<Commands>(), expect_context::<Dialogs>());
    let failed = workspace.field(|it| it.status.as_str() == "failed");
    let restart = workspace.on_press(move |it| commands.execute_undoable(&it.id, &Command::Restart));
    let rename = workspace.on_press(move |it| dialogs.open(DialogRequest::rename(&it)));
    let add = workspace.on_press(move |it| dialogs.open(DialogRequest::Create { parent: Some((it.id, it.name)) }));
    let remove = workspace.on_press(move |it| dialogs.open(DialogRequest::remove(&it)));
    let toggle_collapsed =
        workspace.on_press(move |it| commands.execute(&it.id, &Command::SetCollapsed(!it.collapsed)));
    let (directory, id, collapsed) =
        (expect_context::<Directory>(), workspace.id(), workspace.field(|it| it.collapsed));
    // Whether it has children is not part of the record, but the record changes when a child is added.
    let is_team = Memo::new(move |_| {
        workspace.track();
        id.get().is_some_and(|id| directory.is_team(&id))
    });
    view! {
        <section class="section" aria-label="Actions">
            <div class="actions">
                // The header of a failed workspace has a Retry button.
                {move || (!failed.get()).then(|| {
                    view! { <Button small=true icon=Icon::Retry on_press=restart>"Restart"</Button> }
                })}
                <Button small=true icon=Icon::Pencil on_press=rename>"Rename"</Button>
                {move || is_team.get().then(|| {
                    let (icon, label) = if collapsed.get() { (Icon::ChevronDown, "Expand") } else { (Icon::ChevronRight, "Collapse") };
                    view! { <Button small=true icon=icon on_press=toggle_collapsed>{label}</Button> }
                })}
                <Button small=true icon=Icon::Plus on_press=add>"Add workspace"</Button>
                <Button small=true icon=Icon::Trash on_press=remove>"Remove"</Button>
            </div>
        </section>
    }
}

#[component]
fn Facts(workspace: SelectedWorkspace) -> impl IntoView {
    let (signals, directory) = (expect_context::<StoreSignals>(), expect_context::<Directory>());
    let parent = workspace.field(|it| it.parent_id.clone());
    let at = move |millis: i64| (millis > 0).then(|| format_time_of_day(millis, signals.now.get().millis()));
    let since = workspace.field(|it| it.status_since.millis());
    let updated = workspace.field(|it| it.updated_at.millis());
    let (freshness, id) = (expect_context::<Freshness>(), workspace.id());
    // The server counts from the creation or the restart; the agent has not sent a heartbeat since.
    let has_no_heartbeat = workspace.field(|it| matches!(it.status, Status::Provisioning | Status::Failed));
    let last_seen = Signal::derive(move || {
        if has_no_heartbeat.get() {
            return None;
        }
        let last = freshness.last(&id.get()?)?;
        let now = signals.now.get().millis();
        let late = if freshness.is_late(last, now) { ", late" } else { "" };
        Some(format!("{} ({} ago{late})", format_time_of_day(last, now), format_duration((now - last) / 1000 * 1000)))
    });
    view! {
        <section class="section" aria-label="Facts">
            <dl class="facts">
                <Fact name="ID" copy="Copy ID" value=workspace.field(|it| Some(it.id.to_string())) />
                <Fact name="Role" value=workspace.field(|it| it.role.clone()) />
                <Fact name="Tier" value=workspace.field(|it| Some(format!("T{}", it.tier))) />
                <dt>"Team"</dt>
                <dd>{move || match parent.get() {
                    Some(parent) => {
                        let name = directory.display_name(&parent);
                        view! { <WorkspaceLink id=parent label=name /> }.into_any()
                    }
                    None => view! { <span class="none">"None"</span> }.into_any(),
                }}</dd>
                <Fact name="URL" copy="Copy URL" none="None yet" value=workspace.field(|it| it.url.clone()) />
                <Fact name="Heartbeat" none="None yet" value=last_seen />
                <Fact name="Status since" value=Signal::derive(move || at(since.get())) />
                <Fact name="Active tasks" value=workspace.field(|it| Some(it.active_tasks.to_string())) />
                <Fact name="Error rate" value=workspace.field(|it| Some(format!("{:.0}%", it.last_error_rate * 100.0))) />
                <Fact name="Last error" none="None" value=workspace.field(|it| it.last_sample_error.clone()) />
                <Fact name="Uptime" none="Not reported" value=workspace.field(|it| {
                    (it.uptime_seconds > 0).then(|| format_duration(it.uptime_seconds as i64 * 1000))
                }) />
                <Fact name="Runtime" none="Not reported" value=workspace.field(|it| it.runtime.clone()) />
                <Fact name="Updated" value=Signal::derive(move || at(updated.get())) />
            </dl>
        </section>
    }
}

#[component]
fn AgentFacts(workspace: SelectedWorkspace) -> impl IntoView {
    let (commands, dialogs) = (expect_context::<Commands>(), expect_context::<Dialogs>());
    let has_agent = workspace.field(|it| it.agent.is_some());
    let choose = workspace.on_press(move |it| dialogs.open(DialogRequest::model(&it)));
    let remove = workspace.on_press(move |it| commands.execute_undoable(&it.id, &Command::RemoveAgent));
    let facts = move || {
        view! {
            <dl class="facts">
                <Fact name="Model" value=workspace.field(|it| it.agent.as_ref().map(|agent| agent.model.clone())) />
                <Fact
                    name="Agent ID"
                    copy="Copy agent ID"
                    value=workspace.field(|it| it.agent.as_ref()?.id.as_ref().map(ToString::to_string))
                />
            </dl>
            <div class="actions">
                <Button small=true on_press=choose>"Change model"</Button>
                <Button small=true on_press=remove>"Remove agent"</Button>
            </div>
        }
    };
    let empty = move || {
        view! {
            <p class="none">"No agent assigned."</p>
            <div class="actions">
                <Button small=true icon=Icon::Plus on_press=choose>"Assign agent"</Button>
            </div>
        }
    };
    view! {
        <section class="section">
            <h3>"Agent"</h3>
            {move || if has_agent.get() { facts().into_any() } else { empty().into_any() }}
        </section>
    }
}

#[component]
fn Skills(workspace: SelectedWorkspace) -> impl IntoView {
    let skills = workspace.field(|it| it.agent_card.as_ref().map(|card| card.skills()).unwrap_or_default());
    move || {
        let skills = skills.get();
        (!skills.is_empty()).then(|| {
            view! {
                <section class="section">
                    <h3>"Skills"</h3>
                    <ul class="card-skills">
                        {skills.into_iter().map(|skill| view! { <li>{skill}</li> }).collect_view()}
                    </ul>
                </section>
            }
        })
    }
}
