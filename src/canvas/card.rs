//! One workspace as a card. Takes its own signals, and nothing of the world.
//!
//! One closure writes all of it from plain values: a change is one effect, and a card is nine elements. Its marks are
//! masks of the sheet, not elements.

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

use super::looks;
use super::reason::{Retry, reason};
use super::stage::Stage;
use super::work::work_marks;
use crate::actions::Actions;
use crate::live::{Live, Mounted, Place};
use crate::session::Session;
use crate::tally::Tally;

#[component]
pub(super) fn Card(mounted: Mounted, stage: Stage) -> impl IntoView {
    let (live, actions) = (expect_context::<Live>(), expect_context::<Actions>());
    let chosen = Chosen::new(&mounted.id, stage);
    let retry = Retry::new(mounted.id.clone());
    let Mounted { id, workspace, place, family, work, .. } = mounted;
    move || {
        Tally::count(|tally| tally.effects += 1);
        let (place, family) = (place.get(), family.get());
        let marks = work.with(work_marks);
        workspace.with(|it| {
            let seen = Seen::of(it, &place, chosen);
            let status = looks::status(&it.status, it.status_since.millis(), || live.now.get().millis());
            let (line, is_empty) = looks::line(it);
            let skills = looks::trouble(it).is_none().then(|| looks::skills(it)).flatten();
            view! {
                <article
                    class="card"
                    role="treeitem"
                    tabindex="0"
                    data-workspace-id=id.to_string()
                    data-status=seen.status
                    data-task=seen.task
                    data-tier=format!("T{}", it.tier)
                    data-selected=seen.selected
                    data-drop=seen.drop
                    data-carried=seen.carried
                    data-dimmed=seen.dimmed
                    aria-label=looks::spoken(it)
                    attr:aria-level=seen.level
                    aria-selected=seen.aria_selected
                    style:transform=format!("translate({}px, {}px)", place.rect.at.x, place.rect.at.y)
                >
                    {(family.children > 0).then(|| toggle(actions, &id, &seen.name, true))}
                    <i class="mark" data-status=seen.status.clone()></i>
                    {words("card-name", seen.name)}
                    <p class="card-line">{line}{is_empty.then(|| view! { <span class="card-empty">"empty"</span> })}</p>
                    {seen.task.clone().map(|task| words("task card-task", task))}
                    {reason(it, &retry, "card-reason")}
                    {skills.map(|skills| words("card-skills", skills))}
                    <footer class="card-foot">
                        <span class="status-word" data-status=seen.status.clone()>{status}</span>
                        {marks}
                        {counted("tasks", it.active_tasks as usize, "active task", "active tasks")}
                        {problems(family.problems)}
                        {counted("children", family.children, "workspace inside", "workspaces inside")}
                    </footer>
                </article>
            }
        })
    }
}

/// What a card and a team say of themselves alike.
pub(super) struct Seen {
    pub name: String,
    pub status: String,
    pub task: Option<String>,
    pub level: String,
    pub selected: Option<&'static str>,
    pub aria_selected: &'static str,
    pub drop: Option<&'static str>,
    pub carried: Option<&'static str>,
    pub dimmed: Option<&'static str>,
}

impl Seen {
    /// Tracks what the person chose.
    pub(super) fn of(it: &Workspace, place: &Place, chosen: Chosen) -> Self {
        let is_selected = chosen.selected.get();
        let is_dimmed = chosen.session.filter.with(|filter| filter.as_ref().is_some_and(|wanted| *wanted != it.status));
        let flag = |is: bool| is.then_some("");
        Self {
            name: looks::name(it),
            status: it.status.to_string(),
            task: it.current_task.clone(),
            level: (place.depth + 1).to_string(),
            selected: flag(is_selected),
            aria_selected: if is_selected { "true" } else { "false" },
            drop: flag(chosen.target.get()),
            carried: flag(place.carried),
            dimmed: flag(is_dimmed),
        }
    }
}

/// Does this tab's choice name this workspace?
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    session: Session,
    selected: Memo<bool>,
    target: Memo<bool>,
}

impl Chosen {
    pub(super) fn new(id: &WorkspaceId, stage: Stage) -> Self {
        let session = expect_context::<Session>();
        Self { session, selected: is_named(id, session.selection), target: is_named(id, stage.target) }
    }
}

fn is_named(id: &WorkspaceId, chosen: RwSignal<Option<WorkspaceId>>) -> Memo<bool> {
    let id = id.clone();
    Memo::new(move |_| chosen.with(|chosen| chosen.as_ref() == Some(&id)))
}

/// Opens a collapsed team, or closes an open one.
pub(super) fn toggle(actions: Actions, id: &WorkspaceId, name: &str, is_collapsed: bool) -> impl IntoView + use<> {
    let id = id.clone();
    let word = if is_collapsed { "Expand" } else { "Collapse" };
    view! {
        <button
            type="button"
            class="team-toggle"
            title=word
            aria-label=format!("{word} {name}")
            aria-expanded=if is_collapsed { "false" } else { "true" }
            on:click=move |_| actions.collapse(id.clone(), !is_collapsed)
        ></button>
    }
}

/// Words that may be cut off; the whole of them is a tooltip.
pub(super) fn words(class: &'static str, words: String) -> impl IntoView + use<> {
    view! {
        <p class=class data-full=words.clone()>
            {words.clone()}
        </p>
    }
}

pub(super) fn problems(count: usize) -> Option<impl IntoView + use<>> {
    (count > 0).then(|| {
        let words = format!("{count} {}", if count == 1 { "problem" } else { "problems" });
        view! {
            <span class="team-problems" title="Failed or degraded inside">
                {words}
            </span>
        }
    })
}

/// None of something is not worth a mark.
pub(super) fn counted(mark: &'static str, count: usize, one: &str, many: &str) -> Option<impl IntoView + use<>> {
    let words = format!("{count} {}", if count == 1 { one } else { many });
    (count > 0).then(|| {
        view! {
            <span class="card-count" data-mark=mark title=words>
                {count.to_string()}
            </span>
        }
    })
}
