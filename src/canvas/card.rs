//! A workspace as a card.
//!
//! Each part is dynamic by itself, and reads no more than what it shows: where views are of one erased type, as here, Leptos
//! writes every attribute of an element that is rendered again. So what changes often is a text or an attribute with a
//! closure of its own: a new task writes one text, and a tick of the clock another.

use leptos::prelude::*;

use super::controller::CanvasController;
use super::labels;
use super::node::{Node, tree_item};
use super::node_parts::{
    ToggleButton, active_task_count, activity_badges, cut_text, overdue_mark, task_line, team_counts,
};
use super::problem::Problem;
use crate::store::NodeHandle;

/// Renders a workspace without visible children. The style sheet reads the status from the outermost element.
#[component]
pub(super) fn Card(handle: NodeHandle, controller: CanvasController) -> impl IntoView {
    let node = Node::new(handle, controller);
    let tier = move || node.details.with(|details| labels::tier(details.tier));
    let has_children = Memo::new(move |_| node.team.with(|team| team.children > 0));
    let (has_task, has_problem) = (node.has_task(), node.has_problem());
    let has_active_tasks = Memo::new(move |_| node.active_tasks.get() > 0);
    let skills = move || {
        let skills = || node.details.with(|details| labels::skills(&details.skills, has_task.get()));
        (!has_problem.get()).then(skills)?.map(|skills| cut_text("card-skills", skills))
    };
    view! {
        <div class="card" {..tree_item(node)} data-tier=tier>
            {move || has_children.get().then(|| view! { <ToggleButton node is_expanded=false /> })}
            <i class="mark"></i>
            {move || title(node)}
            {move || has_task.get().then(|| task_line(node))}
            {move || has_problem.get().then(|| view! { <Problem node class="card-reason" /> })}
            {skills}
            <footer class="card-foot">
                <span class="status-word">
                    {move || status_label(node)}
                    {move || overdue_mark(node)}
                </span>
                {move || activity_badges(node)}
                {move || has_active_tasks.get().then(|| active_task_count(node))}
                {move || team_counts(node)}
            </footer>
        </div>
    }
}

/// The name, and below it the role and the model.
fn title(node: Node) -> impl IntoView {
    let (line, has_agent) = node.details.with(|details| (labels::role_and_model(details), details.model.is_some()));
    view! {
        {cut_text("card-name", node.name())}
        <p class="card-line" data-full="">
            {line}
            {(!has_agent).then(|| view! { <span class="card-empty">"empty"</span> })}
        </p>
    }
}

/// Returns the status in words. Reactive; of the time, which ticks, only if the label contains it.
fn status_label(node: Node) -> String {
    let now = || node.controller.signals.now.get().millis();
    node.health.with(|health| labels::status(&health.status, health.status_since.millis(), now))
}
