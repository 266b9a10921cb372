//! Small parts of cards and of the heads of teams.

use leptos::prelude::*;
use orrery_layout::decimal;

use super::event::CanvasEvent;
use super::node::Node;
use crate::store::{AgentActivity, NodeActivity};

/// Expands a collapsed team, or collapses an expanded one.
#[component]
pub(super) fn ToggleButton(node: Node, is_expanded: bool) -> impl IntoView {
    let (verb, expanded) = if is_expanded { ("Collapse", "true") } else { ("Expand", "false") };
    let toggle =
        move |_| node.emit(|workspace| CanvasEvent::CollapseRequested { workspace, is_collapsed: is_expanded });
    view! {
        <button
            class="team-toggle"
            type="button"
            tabindex="-1"
            title=verb
            aria-label=move || format!("{verb} {}", node.name())
            aria-expanded=expanded
            on:click=toggle
        ></button>
    }
}

/// Text that may be cut off; the tooltip of `data-full` shows all of it.
pub(super) fn cut_text(class: &'static str, text: String) -> impl IntoView {
    view! { <p class=class data-full="">{text}</p> }
}

/// Returns the line of the current task; only its text changes with the task.
pub(super) fn task_line(node: Node) -> impl IntoView {
    view! { <p class="task card-task" data-full="">{move || node.task.get().unwrap_or_default()}</p> }
}

/// Returns a mark with the number of active tasks; only its text and its title change with the number.
pub(super) fn active_task_count(node: Node) -> impl IntoView {
    let title = move || match node.active_tasks.get() {
        1 => "1 active task".to_owned(),
        count => format!("{count} active tasks"),
    };
    view! {
        <span class="card-count" data-mark="tasks" title=title>
            {node.active_tasks}
        </span>
    }
}

/// Returns how many workspaces inside have a problem and how many are inside, each unless it is zero. Reactive.
pub(super) fn team_counts(node: Node) -> impl IntoView {
    let team = node.team.get();
    (problem_count(team.problems), child_count(team.children))
}

fn child_count(count: usize) -> Option<impl IntoView> {
    let title = format!("{count} {}", if count == 1 { "workspace inside" } else { "workspaces inside" });
    (count > 0).then(|| view! { <span class="card-count" data-mark="children" title=title>{count}</span> })
}

fn problem_count(problems: usize) -> Option<impl IntoView> {
    let label = format!("{problems} {}", if problems == 1 { "problem" } else { "problems" });
    (problems > 0).then(|| view! { <span class="team-problems" title="Failed or degraded inside">{label}</span> })
}

/// Returns for how long the agent has sent no heartbeat, if that is too long. Reactive.
pub(super) fn overdue_mark(node: Node) -> Option<impl IntoView> {
    node.overdue().map(|overdue| view! { <span class="overdue">{overdue}</span> })
}

/// Returns the state that the agent reports and the progress of what it runs, each if there is any. Reactive.
pub(super) fn activity_badges(node: Node) -> impl IntoView {
    node.activity.with(|activity| {
        let agent = match &activity.agent {
            AgentActivity::Idle => None,
            AgentActivity::Busy => Some(("Busy", None, None)),
            AgentActivity::Error(message) => Some(("Error", Some("danger"), Some(message.clone()))),
        };
        let agent = agent.map(|(label, tone, title)| {
            view! { <span class="badge" data-tone=tone title=title>{label}</span> }
        });
        (agent, (activity.running_executions > 0).then(|| runs_button(node, activity)))
    })
}

fn runs_button(node: Node, activity: &NodeActivity) -> impl IntoView + use<> {
    let &NodeActivity { running_executions, steps_done, steps_total, .. } = activity;
    let runs = if running_executions == 1 { "run" } else { "runs" };
    let title = format!("{running_executions} {runs} in progress, {steps_done} of {steps_total} steps finished");
    let percent = f64::from(steps_done) / f64::from(steps_total.max(1)) * 100.0;
    let execution = activity.oldest_execution.clone().filter(|_| running_executions == 1);
    let show = move |_| node.emit(|workspace| CanvasEvent::RunsRequested { workspace, execution: execution.clone() });
    view! {
        <button
            class="badge card-run"
            type="button"
            tabindex="-1"
            aria-label=format!("Show {title}")
            title=title
            style=("--done", format!("{}%", decimal(percent)))
            on:click=show
        >
            {format!("{steps_done}/{steps_total}")}
        </button>
    }
}
