//! A workspace as a card.
//!
//! Each row is a dynamic part of its own, and reads no more than what it shows, so that a new task writes one text.

use leptos::prelude::*;

use super::controller::CanvasController;
use super::labels;
use super::node::{Node, NodeHealth, tree_item};
use super::node_parts::{ToggleButton, activity_badges, count, cut_text, overdue_mark, problem_count, task_line};
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
    view! {
        <div class="card" {..tree_item(node)} data-tier=tier>
            {move || has_children.get().then(|| view! { <ToggleButton node is_expanded=false /> })}
            <i class="mark" data-status=move || health.with(|health| health.status.to_string())></i>
            {move || title(node)}
            {move || has_task.get().then(|| task_line(task))}
            {move || health.with(|health| problem_or_skills(node, health, has_task.get()))}
            <footer class="card-foot">{move || health.with(|health| foot(node, health))}</footer>
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

fn problem_or_skills(node: Node, health: &NodeHealth, has_task: bool) -> impl IntoView + use<> {
    let problem = problem(node, health, "card-reason");
    let skills = match problem {
        Some(_) => None,
        None => node.details.with(|details| labels::skills(&details.skills, has_task)),
    };
    (problem, skills.map(|skills| cut_text("card-skills", skills)))
}

/// The status in words, the agent's activity and what can be counted.
fn foot(node: Node, health: &NodeHealth) -> impl IntoView + use<> {
    // Only the label of a provisioning or offline workspace reads the time, which ticks.
    let now = move || node.controller.signals.now.get().millis();
    let label = labels::status(&health.status, health.status_since, now);
    let team = node.team.get();
    view! {
        <span class="status-word" data-status=health.status.to_string()>
            {label}
            {overdue_mark(node)}
        </span>
        {activity_badges(node)}
        {count("tasks", health.active_tasks, "active task", "active tasks")}
        {problem_count(team.problems)}
        {count("children", team.children, "workspace inside", "workspaces inside")}
    }
}
