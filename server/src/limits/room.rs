//! How far agents may grow a tree of workspaces.

use orrery_model::{Canvas, Slot};
use orrery_protocol::WorkspaceId;

use super::Limits;
use crate::error::Refusal;

/// The most workspaces below one that has no parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    most: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Children,
    Processes,
}

impl Room {
    /// Returns the narrower limit where each workspace is a process of this machine.
    pub fn of(limits: &Limits, has_processes: bool) -> Self {
        match has_processes && limits.workspace_processes < limits.workspace_children {
            true => Self { most: limits.workspace_processes, kind: Kind::Processes },
            false => Self { most: limits.workspace_children, kind: Kind::Children },
        }
    }

    /// Returns an error if the tree around this workspace would hold more than the limit below its root. The whole tree
    /// counts, because each child of an agent can expand as well.
    pub fn check(self, canvas: &Canvas, id: &WorkspaceId, more: usize) -> Result<(), Refusal> {
        let Some(slot) = canvas.find(id) else { return Ok(()) };
        let root = std::iter::successors(Some(slot), |slot| canvas.parent(*slot)).last().unwrap_or(slot);
        let most = self.most as usize;
        if more <= most && count_below(canvas, root, most) + more <= most {
            return Ok(());
        }
        let what = match self.kind {
            Kind::Children => "sub-workspaces",
            Kind::Processes => "processes",
        };
        Err(Refusal::Conflict(format!(
            "{more} more {what} are too many: agents may have at most {most} in one tree of workspaces; collapse some first"
        )))
    }
}

/// Counts everyone below, up to one more than `most`.
fn count_below(canvas: &Canvas, root: Slot, most: usize) -> usize {
    let mut found = vec![root];
    let mut next = 0;
    while next < found.len() && found.len() <= most + 1 {
        found.extend_from_slice(canvas.children(found[next]));
        next += 1;
    }
    found.len() - 1
}

#[cfg(test)]
mod tests {
    use orrery_protocol::Workspace;

    use super::*;

    fn tree(parents: &[(&str, Option<&str>)]) -> Canvas {
        let rows = parents.iter().map(|(id, parent)| {
            let mut row = Workspace::new(id.parse().unwrap());
            row.parent_id = parent.map(|parent| parent.parse().unwrap());
            row
        });
        Canvas::from_rows(rows, 1)
    }

    #[test]
    fn children_of_children_count_for_the_whole_tree() {
        let canvas = tree(&[("a", None), ("b", Some("a")), ("c", Some("b")), ("other", None)]);
        let limits = Limits { workspace_children: 4, workspace_processes: 2, ..Limits::default() };
        let room = |id: &str, more| Room::of(&limits, false).check(&canvas, &id.parse().unwrap(), more);
        assert!(room("c", 2).is_ok() && room("a", 2).is_ok() && room("other", 4).is_ok());
        assert!(room("c", 3).is_err() && room("b", 3).is_err() && room("other", 5).is_err());
        let processes = Room::of(&limits, true).check(&canvas, &"a".parse().unwrap(), 1);
        assert!(processes.unwrap_err().to_string().contains("processes"));
    }
}
