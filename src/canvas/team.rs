//! A workspace with its children inside: a tinted ground with a head.

use leptos::prelude::*;
use orrery_layout::decimal;

use super::controller::CanvasController;
use super::labels;
use super::node::{Node, tree_item};
use super::node_parts::{ToggleButton, activity_badges, cut_text, overdue_mark, task_line, team_counts};
use super::problem::Problem;
use crate::store::NodeHandle;

/// Renders an expanded team. Its children are elements of their own, above it.
#[component]
pub(super) fn Team(handle: NodeHandle, controller: CanvasController) -> impl IntoView {
    let node = Node::new(handle, controller);
    let (has_task, has_problem) = (node.has_task(), node.has_problem());
    let size = move || node.position.with(|position| position.rect.size);
    view! {
        <div
            class="team"
            {..tree_item(node)}
            data-depth=move || node.position.with(|position| position.depth)
            aria-expanded="true"
            style:width=move || format!("{}px", decimal(size().width))
            style:height=move || format!("{}px", decimal(size().height))
        >
            <header class="team-head">
                <ToggleButton node is_expanded=true />
                <i class="mark" data-status=move || node.status()></i>
                {move || cut_text("team-name", node.name())}
                {move || overdue_mark(node)}
                <span class="card-tier">{move || node.details.with(|details| labels::tier(details.tier))}</span>
                {move || has_task.get().then(|| task_line(node))}
                {move || activity_badges(node)}
                {move || has_problem.get().then(|| view! { <Problem node class="team-reason" /> })}
                {move || team_counts(node)}
            </header>
        </div>
    }
}
