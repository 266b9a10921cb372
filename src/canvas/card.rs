//! A workspace as a card.
//!
//! A card is nine elements, and each of its rows is one dynamic part: a change of one group of signals updates one or two
//! rows, and writes only what differs. Marks are drawn by the style sheet.

use leptos::prelude::*;

use super::controller::CanvasController;
use super::labels;
use super::node::{Node, tree_item};
use super::node_parts::{ToggleButton, activity_badges, count, cut_text, overdue_mark, problem_count};
use super::problem::problem;
use crate::store::NodeHandle;

/// Renders a workspace without visible children.
#[component]
pub(super) fn Card(handle: NodeHandle, controller: CanvasController) -> impl IntoView {
    let node = Node::new(handle, controller);
    let tier = move || node.details.with(|details| labels::tier(details.tier));
    let has_children = Memo::new(move |_| node.team.with(|team| team.children > 0));
    view! {
        <div class="card" {..tree_item(node)} data-tier=tier>
            {move || has_children.get().then(|| view! { <ToggleButton node is_expanded=false /> })}
            <i class="mark"></i>
            {move || title(node)}
            {move || body(node)}
            <footer class="card-foot">{move || foot(node)}</footer>
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

/// The task, then the problem or the skills.
fn body(node: Node) -> impl IntoView {
    node.live.with(|live| {
        let task = live.current_task.clone();
        let problem = problem(node, live, "card-reason");
        let skills = match problem {
            Some(_) => None,
            None => node.details.with(|details| labels::skills(&details.skills, task.is_some())),
        };
        (
            task.map(|task| cut_text("task card-task", task)),
            problem,
            skills.map(|skills| cut_text("card-skills", skills)),
        )
    })
}

/// The status in words, the agent's activity and what can be counted.
fn foot(node: Node) -> impl IntoView {
    // Only the label of a provisioning or offline workspace reads the time, which ticks.
    let now = move || node.controller.signals.now.get().millis();
    let (status, label, active_tasks) = node.live.with(|live| {
        let label = labels::status(&live.status, live.status_since.millis(), now);
        (live.status.to_string(), label, live.active_tasks as usize)
    });
    let team = node.team.get();
    view! {
        <span class="status-word" data-status=status>
            {label}
            {overdue_mark(node)}
        </span>
        {activity_badges(node)}
        {count("tasks", active_tasks, "active task", "active tasks")}
        {problem_count(team.problems)}
        {count("children", team.children, "workspace inside", "workspaces inside")}
    }
}
