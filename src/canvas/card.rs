//! A workspace as a card.
//!
//! Each part is dynamic by itself, and reads no more than what it shows: where views are of one erased type, as here, Leptos
//! writes every attribute of a part that is rendered again. So a new task writes one text, and a tick of the clock another.

use leptos::prelude::*;

use super::controller::CanvasController;
use super::labels;
use super::node::{Node, NodeHealth, tree_item};
use super::node_parts::{
    ToggleButton, activity_badges, count, cut_text, overdue_mark, shortened_text, task_line, team_counts,
};
use super::problem::problem;
use crate::store::NodeHandle;

/// Renders a workspace without visible children.
#[component]
pub(super) fn Card(handle: NodeHandle, controller: CanvasController) -> impl IntoView {
    let node = Node::new(handle, controller);
    let tier = move || node.details.with(|details| labels::tier(details.tier));
    let has_children = Memo::new(move |_| node.team.with(|team| team.children > 0));
    let (task, health) = (node.task(), node.health());
    let has_task = Memo::new(move |_| task.with(Option::is_some));
    let name = node.short_name();
    let active_tasks = Memo::new(move |_| node.live.with(|live| live.active_tasks as usize));
    let status = move || health.with(|health| health.status.to_string());
    view! {
        <div class="card" {..tree_item(node)} data-tier=tier style:height=move || node.lowered_height()>
            {move || has_children.get().then(|| view! { <ToggleButton node is_expanded=false /> })}
            <i class="mark" data-status=status></i>
            {move || shortened_text("card-name", name.get(), node.name())}
            {move || role_line(node)}
            {move || has_task.get().then(|| task_line(task))}
            {move || health.with(|health| problem_or_skills(node, health, has_task.get()))}
            <footer class="card-foot">
                <span class="status-word" data-status=status>
                    {move || health.with(|health| status_label(node, health))}
                    {move || overdue_mark(node)}
                </span>
                {move || activity_badges(node)}
                {move || count("tasks", active_tasks.get(), "active task", "active tasks")}
                {move || team_counts(node)}
            </footer>
        </div>
    }
}

/// The role and the model.
fn role_line(node: Node) -> impl IntoView {
    let (line, has_agent) = node.details.with(|details| (labels::role_and_model(details), details.model.is_some()));
    view! {
        <p class="card-line" data-full="">
            {line}
            {(!has_agent).then(|| view! { <span class="card-empty">"empty"</span> })}
        </p>
    }
}

fn problem_or_skills(node: Node, health: &NodeHealth, has_task: bool) -> impl IntoView + use<> {
    let problem = problem(node, health, "card-reason");
    let skills = match problem {
        Some(_) => None,
        None => node.details.with(|details| labels::skills(&details.skills, has_task)),
    };
    (problem, skills.map(|skills| cut_text("card-skills", skills)))
}

/// Returns the status in words. Reactive; of the time, which ticks, only if the label contains it.
fn status_label(node: Node, health: &NodeHealth) -> String {
    labels::status(&health.status, health.status_since, || node.controller.signals.now.get().millis())
}
