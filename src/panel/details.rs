//! All that the record says, and what can be done about it. Never the log behind it.

use leptos::prelude::*;
use orrery_protocol::{Status, WorkspaceId};

use super::facts::Fact;
use super::shown::Shown;
use crate::canvas::Freshness;
use crate::commands::{Command, Commands};
use crate::dialogs::{DialogRequest, Dialogs};
use crate::session::{CameraCommand, Session};
use crate::store::Directory;
use crate::store::StoreSignals;
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::moment::{clock, length};

#[component]
pub(super) fn DetailsTab(shown: Shown) -> impl IntoView {
    view! {
        <Deeds shown=shown />
        <Facts shown=shown />
        <AgentFacts shown=shown />
        <Skills shown=shown />
    }
}

#[component]
fn Deeds(shown: Shown) -> impl IntoView {
    let (commands, dialogs) = (expect_context::<Commands>(), expect_context::<Dialogs>());
    let failed = shown.field(|it| it.status.as_str() == "failed");
    let restart = move |_| shown.act(|it| commands.execute_undoable(&it.id, &Command::Restart));
    let rename = move |_| shown.act(|it| dialogs.open(DialogRequest::rename(&it)));
    let add = move |_| shown.act(|it| dialogs.open(DialogRequest::Create { parent: Some((it.id, it.name)) }));
    let remove = move |_| shown.act(|it| dialogs.open(DialogRequest::remove(&it)));
    let fold = move |_| shown.act(|it| commands.execute(&it.id, &Command::SetCollapsed(!it.collapsed)));
    let (directory, id, collapsed) = (expect_context::<Directory>(), shown.id(), shown.field(|it| it.collapsed));
    // Asked again whenever the record changes: nothing of it changes when the first child comes.
    let is_team = Memo::new(move |_| {
        shown.track();
        id.get().is_some_and(|id| directory.is_team(&id))
    });
    view! {
        <section class="section" aria-label="Actions">
            <div class="actions">
                // A failed one has its Retry in the head.
                {move || (!failed.get()).then(|| {
                    view! { <Button small=true icon=Icon::Retry on_press=restart>"Restart"</Button> }
                })}
                <Button small=true icon=Icon::Pencil on_press=rename>"Rename"</Button>
                {move || is_team.get().then(|| {
                    let (icon, words) = if collapsed.get() { (Icon::ChevronDown, "Expand") } else { (Icon::ChevronRight, "Collapse") };
                    view! { <Button small=true icon=icon on_press=fold>{words}</Button> }
                })}
                <Button small=true icon=Icon::Plus on_press=add>"Add child"</Button>
                <Button small=true icon=Icon::Trash on_press=remove>"Remove"</Button>
            </div>
        </section>
    }
}

#[component]
fn Facts(shown: Shown) -> impl IntoView {
    let signals = expect_context::<StoreSignals>();
    let parent = shown.field(|it| it.parent_id.clone());
    let at = move |millis: i64| (millis > 0).then(|| clock(millis, signals.now.get().millis()));
    let since = shown.field(|it| it.status_since.millis());
    let updated = shown.field(|it| it.updated_at.millis());
    let (freshness, id) = (expect_context::<Freshness>(), shown.id());
    // Since it was made or restarted: what the server counts from then is no word of the agent.
    let is_silent = shown.field(|it| matches!(it.status, Status::Provisioning | Status::Failed));
    let heard = Signal::derive(move || {
        if is_silent.get() {
            return Some("not yet".to_owned());
        }
        let last = freshness.last(&id.get()?)?;
        let now = signals.now.get().millis();
        let late = if freshness.is_late(last, now) { ", late" } else { "" };
        Some(format!("{} ({} ago{late})", clock(last, now), length((now - last) / 1000 * 1000)))
    });
    view! {
        <section class="section" aria-label="Facts">
            <dl class="facts">
                <Fact name="Id" copy="Copy the id" value=shown.field(|it| Some(it.id.to_string())) />
                <Fact name="Role" value=shown.field(|it| it.role.clone()) />
                <Fact name="Tier" value=shown.field(|it| Some(format!("T{}", it.tier))) />
                <dt>"Team"</dt>
                <dd>{move || match parent.get() {
                    Some(parent) => view! { <ParentLink parent=parent /> }.into_any(),
                    None => view! { <span class="none">"none"</span> }.into_any(),
                }}</dd>
                <Fact name="URL" copy="Copy the URL" none="none yet" value=shown.field(|it| it.url.clone()) />
                <Fact name="Input of" none="not known" value=heard />
                <Fact name="Since" value=Signal::derive(move || at(since.get())) />
                <Fact name="Active tasks" value=shown.field(|it| Some(it.active_tasks.to_string())) />
                <Fact name="Error rate" value=shown.field(|it| Some(format!("{:.0} %", it.last_error_rate * 100.0))) />
                <Fact name="Last error" none="none" value=shown.field(|it| it.last_sample_error.clone()) />
                <Fact name="Uptime" value=shown.field(|it| {
                    (it.uptime_seconds > 0).then(|| length(it.uptime_seconds as i64 * 1000))
                }) />
                <Fact name="Runtime" value=shown.field(|it| it.runtime.clone()) />
                <Fact name="Changed" value=Signal::derive(move || at(updated.get())) />
            </dl>
        </section>
    }
}

#[component]
fn ParentLink(parent: WorkspaceId) -> impl IntoView {
    let (session, directory) = (expect_context::<Session>(), expect_context::<Directory>());
    let words = directory.name(&parent).unwrap_or_else(|| parent.to_string());
    let go = move |_| {
        session.open(parent.clone());
        session.camera_command.set(Some(CameraCommand::Show(parent.clone())));
    };
    view! {
        <button type="button" class="link" title="Show the team" on:click=go>
            {words}
        </button>
    }
}

#[component]
fn AgentFacts(shown: Shown) -> impl IntoView {
    let (commands, dialogs) = (expect_context::<Commands>(), expect_context::<Dialogs>());
    let has_agent = shown.field(|it| it.agent.is_some());
    let choose = move |_| shown.act(|it| dialogs.open(DialogRequest::model(&it)));
    let remove = move |_| shown.act(|it| commands.execute_undoable(&it.id, &Command::RemoveAgent));
    let facts = move || {
        view! {
            <dl class="facts">
                <Fact name="Model" value=shown.field(|it| it.agent.as_ref().map(|agent| agent.model.clone())) />
                <Fact
                    name="Agent id"
                    copy="Copy the agent's id"
                    value=shown.field(|it| it.agent.as_ref()?.id.as_ref().map(ToString::to_string))
                />
            </dl>
            <div class="actions">
                <Button small=true on_press=choose>"Replace model"</Button>
                <Button small=true on_press=remove>"Remove agent"</Button>
            </div>
        }
    };
    let empty = move || {
        view! {
            <p class="none">"No agent is assigned."</p>
            <div class="actions">
                <Button small=true icon=Icon::Plus on_press=choose>"Assign an agent"</Button>
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
fn Skills(shown: Shown) -> impl IntoView {
    let skills = shown.field(|it| it.agent_card.as_ref().map(|card| card.skills()).unwrap_or_default());
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
