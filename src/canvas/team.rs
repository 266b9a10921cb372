//! A workspace with its children inside: a tinted ground with a head. Takes its own signals, and nothing of the world.

use leptos::prelude::*;

use super::card::{Field, counted, is_named, problems};
use super::looks;
use super::reason::Reason;
use super::stage::Stage;
use super::work::WorkMarks;
use crate::actions::Actions;
use crate::live::Mounted;
use crate::session::Session;
use crate::ui::icon::{Glyph, Icon, Mark};

#[component]
pub(super) fn Team(mounted: Mounted, stage: Stage) -> impl IntoView {
    let (session, actions) = (expect_context::<Session>(), expect_context::<Actions>());
    let Mounted { id, workspace, place, family, work, .. } = mounted.clone();
    let field = Field(workspace);
    let status = field.of(|it| it.status.clone());
    let word = Memo::new(move |_| status.with(|it| it.to_string()));
    let name = field.of(looks::name);
    let tier = field.of(|it| it.tier);
    let task = field.of(|it| it.current_task.clone());
    let spoken = field.of(looks::spoken);
    let inside = Memo::new(move |_| family.get());
    let (is_selected, is_target) = (is_named(&id, session.selection), is_named(&id, stage.target));
    let is_dimmed = move || session.filter.with(|filter| filter.as_ref().is_some_and(|it| *it != status.get()));
    let at = Memo::new(move |_| place.get());
    let (focus_id, team_id) = (id.clone(), id.clone());
    view! {
        <section
            class="team"
            role="treeitem"
            tabindex="0"
            data-workspace-id=id.to_string()
            data-status=move || word.get()
            data-task=move || task.get()
            data-depth=move || at.with(|at| at.depth)
            data-selected=move || is_selected.get().then_some("")
            data-drop=move || is_target.get().then_some("")
            data-carried=move || at.with(|at| at.carried).then_some("")
            data-dimmed=move || is_dimmed().then_some("")
            aria-label=move || spoken.get()
            attr:aria-level=move || at.with(|at| (at.depth + 1).to_string())
            aria-expanded="true"
            aria-selected=move || is_selected.get().to_string()
            style:transform=move || at.with(|at| format!("translate({}px, {}px)", at.rect.at.x, at.rect.at.y))
            style:width=move || at.with(|at| format!("{}px", at.rect.size.width))
            style:height=move || at.with(|at| format!("{}px", at.rect.size.height))
            on:focus=move |_| stage.focused.set(Some(focus_id.clone()))
        >
            <header class="team-head">
                <button
                    type="button"
                    class="team-toggle"
                    title="Collapse"
                    aria-label=move || format!("Collapse {}", name.get())
                    on:click=move |_| actions.collapse(team_id.clone(), true)
                >
                    <Glyph icon=Icon::ChevronDown />
                </button>
                <Mark status=word />
                <span class="team-name" data-full=move || name.get()>
                    {move || name.get()}
                </span>
                <span class="card-tier">{move || format!("T{}", tier.get())}</span>
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
                <WorkMarks work=work />
                <Reason mounted=mounted class="team-reason" />
                {move || problems(inside.get().problems)}
                <span class="team-count">
                    {move || counted(Icon::Children, inside.get().children, "workspace inside", "workspaces inside")}
                </span>
            </header>
        </section>
    }
}
