//! A workspace with its children inside: a tinted ground with a head. Takes its own signals, and nothing of the world.

use leptos::prelude::*;

use super::card::{Chosen, Seen, counted, problems, toggle, words};
use super::looks;
use super::reason::{Retry, reason};
use super::stage::Stage;
use super::work::work_marks;
use crate::actions::Actions;
use crate::live::Mounted;
use crate::tally::Tally;

#[component]
pub(super) fn Team(mounted: Mounted, stage: Stage) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let chosen = Chosen::new(&mounted.id, stage);
    let retry = Retry::new(mounted.id.clone());
    let Mounted { id, workspace, place, family, work, .. } = mounted;
    move || {
        Tally::count(|tally| tally.effects += 1);
        let (place, family) = (place.get(), family.get());
        let marks = work.with(work_marks);
        workspace.with(|it| {
            let seen = Seen::of(it, &place, chosen);
            let (at, size) = (place.rect.at, place.rect.size);
            view! {
                <section
                    class="team"
                    role="treeitem"
                    tabindex="0"
                    data-workspace-id=id.to_string()
                    data-status=seen.status
                    data-task=seen.task
                    data-depth=place.depth.to_string()
                    data-selected=seen.selected
                    data-drop=seen.drop
                    data-carried=seen.carried
                    data-dimmed=seen.dimmed
                    aria-label=looks::spoken(it)
                    attr:aria-level=seen.level
                    aria-expanded="true"
                    aria-selected=seen.aria_selected
                    style:transform=format!("translate({}px, {}px)", at.x, at.y)
                    style:width=format!("{}px", size.width)
                    style:height=format!("{}px", size.height)
                >
                    <header class="team-head">
                        {toggle(actions, &id, &seen.name, false)}
                        <i class="mark" data-status=seen.status.clone()></i>
                        {words("team-name", seen.name)}
                        <span class="card-tier">{format!("T{}", it.tier)}</span>
                        {seen.task.clone().map(|task| words("task card-task", task))}
                        {marks}
                        {reason(it, &retry, "team-reason")}
                        {problems(family.problems)}
                        {counted("children", family.children, "workspace inside", "workspaces inside")}
                    </header>
                </section>
            }
        })
    }
}
