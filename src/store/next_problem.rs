//! The order in which the user steps through failed and degraded workspaces.

use orrery_layout::Rect;
use orrery_model::Slot;
use orrery_protocol::{Status, WorkspaceId};

use super::CanvasStore;

struct Problem {
    slot: Slot,
    /// The workspace itself, or the collapsed team that hides it.
    visible: Slot,
    is_degraded: bool,
    rect: Rect,
}

/// Returns the problem after `from`, or before it, and the workspace that is shown for it: itself, or the collapsed team that
/// hides it. The first follows the last.
///
/// Failed workspaces come before degraded ones, each from top to bottom and from left to right.
pub fn next_problem(
    store: &CanvasStore,
    from: Option<&WorkspaceId>,
    forward: bool,
) -> Option<(WorkspaceId, WorkspaceId)> {
    let canvas = store.canvas();
    let mut problems: Vec<Problem> = canvas
        .iter()
        .filter(|(_, workspace)| matches!(workspace.status, Status::Failed | Status::Degraded))
        .filter_map(|(slot, workspace)| {
            let (visible, rect) = store.visible_node(slot)?;
            Some(Problem { slot, visible, is_degraded: workspace.status == Status::Degraded, rect })
        })
        .collect();
    problems.sort_unstable_by(|a, b| {
        let by_place = a.rect.at.y.total_cmp(&b.rect.at.y).then(a.rect.at.x.total_cmp(&b.rect.at.x));
        a.is_degraded.cmp(&b.is_degraded).then(by_place).then(a.slot.cmp(&b.slot))
    });
    let current = from.and_then(|id| canvas.find(id));
    let current = current.and_then(|slot| problems.iter().position(|problem| problem.slot == slot));
    let count = problems.len();
    let index = match (current, forward) {
        (Some(current), true) => (current + 1) % count,
        (Some(current), false) => (current + count - 1) % count,
        (None, true) => 0,
        (None, false) => count.checked_sub(1)?,
    };
    let problem = problems.get(index)?;
    Some((canvas.get(problem.slot)?.id.clone(), canvas.get(problem.visible)?.id.clone()))
}
