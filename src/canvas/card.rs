//! One workspace as a card. Takes its own signals, and nothing of the world.

use leptos::prelude::*;
use orrery_protocol::{Workspace, WorkspaceId};

use super::looks;
use super::reason::Reason;
use super::stage::Stage;
use super::work::WorkMarks;
use crate::actions::Actions;
use crate::live::{Live, Mounted};
use crate::session::Session;
use crate::ui::icon::{Glyph, Icon, Mark};

#[component]
pub(super) fn Card(mounted: Mounted, stage: Stage) -> impl IntoView {
    let (live, session) = (expect_context::<Live>(), expect_context::<Session>());
    let Mounted { id, workspace, place, family, work, .. } = mounted.clone();
    let field = Field(workspace.clone());
    let status = field.of(|it| it.status.clone());
    let name = field.of(looks::name);
    let tier = field.of(|it| it.tier);
    let role = field.of(|it| it.role.clone().filter(|role| !role.is_empty()));
    let model = field.of(|it| it.agent.as_ref().map(|agent| agent.model.clone()).filter(|model| !model.is_empty()));
    let task = field.of(|it| it.current_task.clone());
    let is_troubled = field.of(|it| looks::trouble(it).is_some());
    let skills = field.of(looks::skills);
    let active = field.of(|it| it.active_tasks);
    let since = field.of(|it| it.status_since.millis());
    let spoken = field.of(looks::spoken);
    let word = Memo::new(move |_| status.with(|it| it.to_string()));
    let status_words = Memo::new(move |_| looks::status(&status.get(), since.get(), || live.now.get().millis()));
    let children = Memo::new({
        let family = family.clone();
        move |_| family.with(|family| (family.children, family.problems))
    });
    let (is_selected, is_target) = (is_named(&id, session.selection), is_named(&id, stage.target));
    let is_dimmed = move || session.filter.with(|filter| filter.as_ref().is_some_and(|it| *it != status.get()));
    let at = Memo::new(move |_| place.get());
    let focus_id = id.clone();
    let line = move || match (role.get(), model.get()) {
        (Some(role), Some(model)) => view! { <span>{role}" · "{model}</span> }.into_any(),
        (None, Some(model)) => view! { <span>{model}</span> }.into_any(),
        (Some(role), None) => view! { <span>{role}" · "<span class="card-empty">"empty"</span></span> }.into_any(),
        (None, None) => view! { <span class="card-empty">"empty"</span> }.into_any(),
    };
    view! {
        <article
            class="card"
            role="treeitem"
            tabindex="0"
            data-workspace-id=id.to_string()
            data-status=move || word.get()
            data-task=move || task.get()
            data-selected=move || is_selected.get().then_some("")
            data-drop=move || is_target.get().then_some("")
            data-carried=move || at.with(|at| at.carried).then_some("")
            data-dimmed=move || is_dimmed().then_some("")
            aria-label=move || spoken.get()
            attr:aria-level=move || at.with(|at| (at.depth + 1).to_string())
            aria-selected=move || is_selected.get().to_string()
            style:transform=move || at.with(|at| format!("translate({}px, {}px)", at.rect.at.x, at.rect.at.y))
            on:focus=move |_| stage.focused.set(Some(focus_id.clone()))
        >
            <header class="card-head">
                <Unfold mounted=mounted.clone() />
                <Mark status=word />
                <span class="card-name" data-full=move || name.get()>
                    {move || name.get()}
                </span>
                <span class="card-tier">{move || format!("T{}", tier.get())}</span>
            </header>
            <p class="card-line">{line}</p>
            {move || {
                task.get().map(|task| {
                    view! {
                        <p class="task card-task" data-full=task.clone()>
                            <Glyph icon=Icon::Task />
                            <span>{task.clone()}</span>
                        </p>
                    }
                })
            }}
            <Reason mounted=mounted class="card-reason" />
            {move || {
                let (skills, more) = skills.get();
                (!is_troubled.get() && !skills.is_empty()).then(|| {
                    view! {
                        <ul class="card-skills">
                            {skills.into_iter().map(|skill| view! { <li>{skill}</li> }).collect_view()}
                            {(more > 0).then(|| view! { <li class="card-more">{format!("+{more}")}</li> })}
                        </ul>
                    }
                })
            }}
            <footer class="card-foot">
                <span class="status-word" data-status=move || word.get()>
                    {move || status_words.get()}
                </span>
                <span class="card-counts">
                    <WorkMarks work=work />
                    {move || counted(Icon::Tasks, active.get() as usize, "active task", "active tasks")}
                    {move || problems(children.get().1)}
                    {move || counted(Icon::Children, children.get().0, "workspace inside", "workspaces inside")}
                </span>
            </footer>
        </article>
    }
}

/// A collapsed team opens again by this.
#[component]
fn Unfold(mounted: Mounted) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let Mounted { id, workspace, family, .. } = mounted;
    let is_folded = Memo::new(move |_| family.with(|family| family.children > 0));
    let name = Field(workspace).of(looks::name);
    move || {
        let id = id.clone();
        is_folded.get().then(|| {
            view! {
                <button
                    type="button"
                    class="team-toggle"
                    title="Expand"
                    aria-label=move || format!("Expand {}", name.get())
                    aria-expanded="false"
                    on:click=move |_| actions.collapse(id.clone(), false)
                >
                    <Glyph icon=Icon::ChevronRight />
                </button>
            }
        })
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
pub(super) fn counted(icon: Icon, count: usize, one: &str, many: &str) -> Option<impl IntoView + use<>> {
    let words = format!("{count} {}", if count == 1 { one } else { many });
    (count > 0).then(|| {
        view! {
            <span class="card-count" title=words.clone()>
                <Glyph icon=icon />
                <span aria-hidden="true">{count}</span>
                <span class="spoken">{words.clone()}</span>
            </span>
        }
    })
}

/// Derives signals of single fields, so that a change wakes only what shows it.
pub(super) struct Field(pub(super) ArcReadSignal<Workspace>);

impl Field {
    pub(super) fn of<T>(&self, read: impl Fn(&Workspace) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        let workspace = self.0.clone();
        Memo::new(move |_| workspace.with(&read))
    }
}

/// Does this tab's choice name this workspace?
pub(super) fn is_named(id: &WorkspaceId, chosen: RwSignal<Option<WorkspaceId>>) -> Memo<bool> {
    let id = id.clone();
    Memo::new(move |_| chosen.with(|chosen| chosen.as_ref() == Some(&id)))
}
