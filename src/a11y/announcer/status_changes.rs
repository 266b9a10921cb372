//! Which workspaces got problems and which recovered between two snapshots of their statuses, as one message.

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};
use orrery_protocol::{Status, WorkspaceId};

use crate::store::OverviewStatus;

/// The workspaces with a status that is announced.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatusSnapshot(HashMap<WorkspaceId, OverviewStatus>);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatusChanges {
    /// Id, name and new status, the most urgent first.
    pub worsened: Vec<(WorkspaceId, String, OverviewStatus)>,
    /// The names of those that are online again.
    pub recovered: Vec<String>,
}

/// The statuses that are announced, the most urgent first.
const ANNOUNCED: [(OverviewStatus, &str); 3] =
    [(OverviewStatus::Failed, "failed"), (OverviewStatus::Degraded, "degraded"), (OverviewStatus::Offline, "offline")];
/// Further workspaces are counted instead of named.
const MOST_NAMES: usize = 3;

impl StatusSnapshot {
    pub fn of(canvas: &Canvas, status: impl Fn(Slot) -> OverviewStatus) -> Self {
        let statuses = canvas.iter().map(|(slot, workspace)| (workspace.id.clone(), status(slot)));
        Self(statuses.filter(|(_, status)| rank(*status).is_some()).collect())
    }

    /// Returns what changed since an earlier snapshot. A removed workspace has not changed.
    pub fn changes_since(&self, before: &Self, canvas: &Canvas) -> StatusChanges {
        let named = |id: &WorkspaceId| {
            let name = &canvas.workspace(id)?.name;
            Some(if name.is_empty() { id.to_string() } else { name.clone() })
        };
        let mut changes = StatusChanges::default();
        for (id, status) in &self.0 {
            if before.0.get(id) != Some(status)
                && let Some(name) = named(id)
            {
                changes.worsened.push((id.clone(), name, *status));
            }
        }
        for id in before.0.keys().filter(|id| !self.0.contains_key(*id)) {
            let is_online = canvas.workspace(id).is_some_and(|workspace| workspace.status == Status::Online);
            changes.recovered.extend(named(id).filter(|_| is_online));
        }
        changes.worsened.sort_unstable_by(|a, b| (rank(a.2), &a.1).cmp(&(rank(b.2), &b.1)));
        changes.recovered.sort_unstable();
        changes
    }
}

fn rank(status: OverviewStatus) -> Option<usize> {
    ANNOUNCED.iter().position(|(announced, _)| *announced == status)
}

impl StatusChanges {
    /// Returns only what a notification is worth: failed and degraded workspaces.
    pub fn problems(self) -> Self {
        let worsened = self.worsened.into_iter().filter(|(_, _, status)| status.is_problem()).collect();
        Self { worsened, recovered: Vec::new() }
    }

    /// Returns the changes as sentences, or None when there are none.
    pub fn message(&self) -> Option<String> {
        let mut sentences = Vec::new();
        for (status, label) in ANNOUNCED {
            let names =
                self.worsened.iter().filter(|worsened| worsened.2 == status).map(|worsened| worsened.1.as_str());
            sentences.extend(sentence(&names.collect::<Vec<_>>(), label));
        }
        sentences.extend(sentence(&self.recovered.iter().map(String::as_str).collect::<Vec<_>>(), "online again"));
        (!sentences.is_empty()).then(|| sentences.join(". "))
    }
}

fn sentence(names: &[&str], status: &str) -> Option<String> {
    match names {
        [] => None,
        [name] if status == "failed" => Some(format!("{name} failed")),
        [name] => Some(format!("{name} is {status}")),
        names => {
            let listed = names[..names.len().min(MOST_NAMES)].join(", ");
            let more = names.len().saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Some(format!("{} {status}: {listed}{more}", names.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::Workspace;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn canvas(rows: &[(&str, Status)]) -> Canvas {
        let row = |(id, status): &(&str, Status)| {
            let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
            workspace.name = id.to_uppercase();
            workspace.status = status.clone();
            workspace
        };
        Canvas::from_rows(rows.iter().map(row), 0)
    }

    fn message(before: &[(&str, Status)], now: &[(&str, Status)]) -> Option<String> {
        let (before, now) = (canvas(before), canvas(now));
        let of = |canvas: &Canvas| {
            StatusSnapshot::of(canvas, |slot| OverviewStatus::from(&canvas.get(slot).unwrap().status))
        };
        of(&now).changes_since(&of(&before), &now).message()
    }

    #[wasm_bindgen_test]
    fn one_workspace_is_named_and_many_are_counted() {
        use Status::{Degraded, Failed, Offline, Online};
        assert_eq!(message(&[("a", Failed)], &[("a", Failed)]), None);
        assert_eq!(message(&[("a", Online)], &[("a", Failed)]).unwrap(), "A failed");
        assert_eq!(message(&[], &[("a", Offline)]).unwrap(), "A is offline");
        let all = ["a", "b", "c", "d", "e"].map(|id| (id, Failed));
        assert_eq!(message(&[], &all).unwrap(), "5 failed: A, B, C and 2 more");
        let mixed = message(&[("a", Failed), ("b", Offline)], &[("a", Degraded), ("b", Online)]).unwrap();
        assert_eq!(mixed, "A is degraded. B is online again");
        assert_eq!(message(&[("a", Failed)], &[]), None, "a removed workspace has not recovered");
    }
}
