//! What the elements of cards and teams have in common: the node's signals, and the attributes of an item of the tree.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::custom::custom_attribute;
use orrery_layout::decimal;
use orrery_protocol::{Status, WorkspaceId};

use super::controller::CanvasController;
use super::event::CanvasEvent;
use super::labels;
use crate::store::{NodeActivity, NodeDetails, NodeHandle, NodeHealth, NodePosition, TeamSummary};

/// A node handle whose signals belong to the owner of the node's element. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Node {
    id: StoredValue<WorkspaceId>,
    pub(super) position: ReadSignal<NodePosition>,
    pub(super) task: ReadSignal<Option<String>>,
    pub(super) active_tasks: ReadSignal<u32>,
    pub(super) health: ReadSignal<NodeHealth>,
    pub(super) details: ReadSignal<NodeDetails>,
    pub(super) team: ReadSignal<TeamSummary>,
    pub(super) activity: ReadSignal<NodeActivity>,
    pub(super) controller: CanvasController,
}

impl Node {
    pub(super) fn new(handle: NodeHandle, controller: CanvasController) -> Self {
        Self {
            id: StoredValue::new(handle.id),
            position: handle.position.into(),
            task: handle.task.into(),
            active_tasks: handle.active_tasks.into(),
            health: handle.health.into(),
            details: handle.details.into(),
            team: handle.team.into(),
            activity: handle.activity.into(),
            controller,
        }
    }

    pub(super) fn id(self) -> WorkspaceId {
        self.id.get_value()
    }

    /// Returns the name, or the id of a workspace without one. Reactive.
    pub(super) fn name(self) -> String {
        self.details.with(|details| self.id.with_value(|id| labels::display_name(&details.name, id)))
    }

    /// Returns whether there is a current task, which does not notify of another one.
    pub(super) fn has_task(self) -> Memo<bool> {
        Memo::new(move |_| self.task.with(Option::is_some))
    }

    /// Returns whether the workspace is failed or degraded, which does not notify of another reason.
    pub(super) fn has_problem(self) -> Memo<bool> {
        Memo::new(move |_| self.health.with(|health| matches!(health.status, Status::Failed | Status::Degraded)))
    }

    /// Returns the status as the interface writes it. Reactive.
    pub(super) fn status(self) -> String {
        self.health.with(|health| health.status.to_string())
    }

    /// Returns for how long the agent has sent no heartbeat, if that is too long. Reactive.
    pub(super) fn overdue(self) -> Option<String> {
        self.id.with_value(|id| self.controller.annotations.overdue(id))
    }

    /// Returns whether a restart has been requested and not been answered. Reactive.
    pub(super) fn is_retrying(self) -> bool {
        self.id.with_value(|id| self.controller.retrying().with(|retrying| retrying.contains(id)))
    }

    /// Returns what led to the problem, once that is known. Reactive.
    pub(super) fn cause(self) -> Option<String> {
        let status_since = self.health.with(|health| health.status_since.millis());
        self.id.with_value(|id| self.controller.annotations.cause(id, status_since))
    }

    pub(super) fn emit(self, event: impl FnOnce(WorkspaceId) -> CanvasEvent) {
        self.controller.emit(event(self.id()));
    }

    fn is_selected(self) -> bool {
        let session = self.controller.session;
        self.id.with_value(|id| {
            session.selection.with(|selection| selection.as_ref() == Some(id))
                || session.selected_ids.with(|selected_ids| selected_ids.contains(id))
        })
    }

    fn is_drop_target(self) -> bool {
        self.id.with_value(|id| self.controller.drop_target_id().with(|target| target.as_ref() == Some(id)))
    }

    fn accessible_name(self) -> String {
        let name = self.name();
        self.health.with(|health| self.task.with(|task| labels::accessible_name(&name, health, task.as_deref())))
    }

    fn transform(self) -> String {
        let at = self.position.with(|position| position.rect.at);
        format!("translate({}px, {}px)", decimal(at.x), decimal(at.y))
    }
}

/// Returns the attributes of the outermost element of a card or a team.
///
/// `aria-posinset`, `aria-setsize` and which item Tab stops at depend on the other items: `a11y::tree` sets them.
pub(super) fn tree_item(node: Node) -> impl Attribute {
    let position = node.position;
    // The macro does not know this attribute.
    let level = custom_attribute("aria-level", move || position.with(|position| position.depth + 1));
    let attributes = view! {
        <{..}
            role="treeitem"
            data-workspace-id=node.id().to_string()
            tabindex="-1"
            data-status=move || node.status()
            data-task=move || node.task.get()
            data-drop=move || node.is_drop_target()
            data-dragged=move || position.with(|position| position.is_dragged)
            data-dimmed=move || position.with(|position| position.is_dimmed)
            data-overdue=move || node.overdue().is_some()
            aria-label=move || node.accessible_name()
            aria-selected=move || if node.is_selected() { "true" } else { "false" }
            style:transform=move || node.transform()
        />
    };
    (attributes, level)
}
