//! Tooltip of the workspace that the mouse points at: its name, status, task and problem.

use leptos::{html, prelude::*};
use orrery_layout::{Point, Size, beside};
use orrery_model::Slot;
use orrery_protocol::Workspace;

use super::controller::CanvasController;
use super::input::Hover;
use super::labels;
use crate::store::{CanvasStore, NodeHealth, StoreSignals};
use crate::ui::time::format_duration;

#[derive(Debug, Clone, PartialEq)]
struct Description {
    id: String,
    name: String,
    status: String,
    /// The status in words, and for how long it has held.
    status_label: String,
    problem: Option<String>,
    task: Option<String>,
    /// The team around it, or what is inside.
    team: Option<String>,
}

#[component]
pub fn HoverTip() -> impl IntoView {
    let (hover, controller, signals) =
        (expect_context::<Hover>(), expect_context::<CanvasController>(), expect_context::<StoreSignals>());
    let description = Memo::new(move |_| {
        let hovered = hover.described().get()?;
        controller.frame_revision().track();
        let now = signals.now.get().millis();
        controller.store.with_value(|store| describe(store, store.canvas().find(&hovered.id)?, now))
    });
    let tip = NodeRef::<html::Div>::new();
    let corner = RwSignal::new(Point::default());
    // Where the tooltip fits depends on its size.
    Effect::new(move |_| {
        description.track();
        let anchor = hover.described().get().and_then(|hovered| hover.anchor(&hovered));
        if let (Some(tip), Some(anchor)) = (tip.get(), anchor) {
            let rect = tip.get_bounding_client_rect();
            corner.set(beside(&anchor, Size { width: rect.width(), height: rect.height() }, window_size()));
        }
    });
    let tooltip = move |description: Description| {
        let (status, mark_status) = (description.status.clone(), description.status);
        view! {
            <div
                class="hover-tip"
                role="tooltip"
                data-of=description.id
                data-status=status
                node_ref=tip
                style:left=move || format!("{}px", corner.get().x)
                style:top=move || format!("{}px", corner.get().y)
            >
                <p class="hover-name">
                    <i class="mark" data-status=mark_status></i>
                    <strong>{description.name}</strong>
                </p>
                <p class="hover-state">{description.status_label}</p>
                {description.problem.map(|problem| view! { <p class="hover-trouble">{problem}</p> })}
                {description.task.map(|task| view! { <p class="task hover-task">{task}</p> })}
                {description.team.map(|team| view! { <p class="hover-place">{team}</p> })}
            </div>
        }
    };
    move || description.get().map(tooltip)
}

fn describe(store: &CanvasStore, slot: Slot, now: i64) -> Option<Description> {
    let workspace = store.canvas().get(slot)?;
    Some(Description {
        id: workspace.id.to_string(),
        name: name(workspace),
        status: workspace.status.to_string(),
        status_label: status_label(workspace, now),
        problem: labels::problem(&NodeHealth::from(workspace)),
        task: workspace.current_task.clone(),
        team: team(store, slot),
    })
}

fn name(workspace: &Workspace) -> String {
    labels::display_name(&workspace.name, &workspace.id)
}

fn status_label(workspace: &Workspace, now: i64) -> String {
    let status = workspace.status.as_str();
    match workspace.status_since.millis() {
        since if since > 0 => format!("{status} for {}", format_duration((now - since).max(0) / 1000 * 1000)),
        _ => status.to_owned(),
    }
}

fn team(store: &CanvasStore, slot: Slot) -> Option<String> {
    let summary = store.team_summary(slot);
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let children = counted(summary.children, "workspace", "workspaces");
    match (summary.children, summary.problems) {
        (0, _) => {
            let parent = store.canvas().parent(slot).and_then(|parent| store.canvas().get(parent));
            parent.map(|parent| format!("In {}", name(parent)))
        }
        (_, 0) => Some(format!("{children} inside")),
        (_, problems) => Some(format!("{children} inside · {}", counted(problems, "problem", "problems"))),
    }
}

fn window_size() -> Size {
    let number = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|it| it.as_f64()).unwrap_or_default();
    Size { width: number(window().inner_width()), height: number(window().inner_height()) }
}
