//! What an event meant for the tree: beside whom it is heard, and who changed place. Never who is connected.

use std::collections::HashSet;

use orrery_model::{Canvas, Changes};
use orrery_protocol::{Event, WorkspaceChange, WorkspaceEvent, WorkspaceId};

use super::place::Place;

/// Kept with the event, so that an agent that resumes hears exactly what it would have heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub subject: WorkspaceId,
    /// Where the subject stood when it counts: most events are heard around where it stands after them.
    pub before: Option<Place>,
    pub after: Option<Place>,
    /// Where its agent went: heard around that too.
    pub other: Option<(WorkspaceId, Place)>,
    pub relocated: Vec<Relocation>,
}

/// `None` is off the canvas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    pub id: WorkspaceId,
    pub before: Option<Place>,
    pub after: Option<Place>,
}

/// Folds the event and tells what it meant. `None` for an event that is about no workspace's place in the tree.
pub fn fold(canvas: &mut Canvas, event: &Event, changes: &mut Changes) -> Option<About> {
    let Event::Workspace(WorkspaceEvent { workspace_id: subject, change, .. }) = event else {
        canvas.fold(event, changes);
        return None;
    };
    let mut kin = match change {
        // Only the children that it names can change their place, however many there were before.
        WorkspaceChange::Expanded { children } => {
            std::iter::once(subject).chain(children.iter().map(|child| &child.id)).cloned().collect()
        }
        _ if is_about_kin(change) => family(canvas, subject),
        _ => vec![subject.clone()],
    };
    let before: Vec<_> = kin.iter().map(|id| Place::of(canvas, id)).collect();
    canvas.fold(event, changes);
    if is_about_kin(change) {
        kin.extend(family(canvas, subject).into_iter().skip(1));
    }
    let after = kin.iter().map(|id| Place::of(canvas, id));
    // Who has no place in `before` is a child that was not under the subject: it came to the canvas as an orphan.
    let before = before.into_iter().map(Some).chain(std::iter::repeat(None));
    let mut relocated: Vec<Relocation> = Vec::new();
    let mut known = HashSet::new();
    for ((id, before), after) in kin.iter().zip(before).zip(after) {
        let before = before.unwrap_or(Some(Place::Root));
        if before != after && known.insert(id) {
            relocated.push(Relocation { id: id.clone(), before, after });
        }
    }
    let moved = relocated.iter().find(|moved| moved.id == *subject);
    let before = match (change, moved) {
        (WorkspaceChange::Moved { .. } | WorkspaceChange::Removed { .. }, Some(moved)) => moved.before.clone(),
        _ => None,
    };
    let other = match change {
        WorkspaceChange::AgentMoved { to, .. } => Place::of(canvas, to).map(|place| (to.clone(), place)),
        _ => None,
    };
    Some(About { subject: subject.clone(), before, after: Place::of(canvas, subject), other, relocated })
}

/// Can the event change the place of the subject's children, as they stand before or after it?
fn is_about_kin(change: &WorkspaceChange) -> bool {
    matches!(
        change,
        WorkspaceChange::Provisioning(_) | WorkspaceChange::Removed { .. } | WorkspaceChange::Collapsed { .. }
    )
}

/// A workspace and its children.
fn family(canvas: &Canvas, id: &WorkspaceId) -> Vec<WorkspaceId> {
    let children = canvas.find(id).map_or(&[][..], |slot| canvas.children(slot));
    let children = children.iter().filter_map(|child| canvas.get(*child)).map(|child| child.id.clone());
    std::iter::once(id.clone()).chain(children).collect()
}
