//! Looks workspaces up by id and by name. Not reactive.

use leptos::prelude::*;
use orrery_protocol::{Status, Workspace, WorkspaceId};

use super::{CanvasStore, fuzzy_match};

/// Provided as context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Directory(StoredValue<CanvasStore, LocalStorage>);

/// A workspace that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectoryMatch {
    pub id: WorkspaceId,
    pub name: String,
    pub status: Status,
    /// The role, or the field that matches when the name does not.
    pub hint: String,
    /// The positions of the matched characters in the name.
    pub positions: Vec<usize>,
}

impl Directory {
    /// Creates a directory of this store.
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>) -> Self {
        Self(store)
    }

    /// Returns the record of a workspace.
    pub fn get(&self, id: &WorkspaceId) -> Option<Workspace> {
        self.0.with_value(|store| Some(store.displayed(store.canvas().find(id)?)?.into_owned()))
    }

    /// Returns the name of a workspace, or its id when the name is empty.
    pub fn name(&self, id: &WorkspaceId) -> Option<String> {
        self.0.with_value(|store| store.canvas().workspace(id).map(|workspace| workspace.display_name().to_owned()))
    }

    /// Returns the name of a workspace, or its id when no workspace of that id is known.
    pub fn display_name(&self, id: &WorkspaceId) -> String {
        self.name(id).unwrap_or_else(|| id.to_string())
    }

    /// Returns the names of all workspaces inside a team, at any depth.
    pub fn inside(&self, id: &WorkspaceId) -> Vec<String> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let Some(own) = canvas.find(id) else { return Vec::new() };
            let below = store.subtree(own).into_iter().filter(|slot| *slot != own);
            below.filter_map(|slot| canvas.get(slot)).map(|workspace| workspace.display_name().to_owned()).collect()
        })
    }

    /// Returns the ids of all workspaces inside a team, at any depth.
    pub fn ids_inside(&self, id: &WorkspaceId) -> Vec<WorkspaceId> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let own = canvas.find(id);
            let all = own.map(|own| store.subtree(own)).unwrap_or_default().into_iter();
            all.skip(1).filter_map(|slot| Some(canvas.get(slot)?.id.clone())).collect()
        })
    }

    /// Returns whether a workspace has children.
    pub fn is_team(&self, id: &WorkspaceId) -> bool {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            canvas.find(id).is_some_and(|slot| !canvas.children(slot).is_empty())
        })
    }

    /// Returns the workspaces that have children, by name.
    pub fn teams(&self, limit: usize) -> Vec<DirectoryMatch> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let teams = canvas.iter().filter(|(slot, _)| !canvas.children(*slot).is_empty());
            let ranked = teams.map(|(_, team)| Ranked::new(0, team, team.role.clone().unwrap_or_default()));
            best(ranked.collect(), limit)
        })
    }

    /// Returns the workspaces that match a query, the best first: by name, then by role, status, model, skill or id.
    pub fn find(&self, query: &str, limit: usize) -> Vec<DirectoryMatch> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        self.0.with_value(|store| {
            let ranked = store.canvas().iter().filter_map(|(_, workspace)| rank(workspace, &query));
            best(ranked.collect(), limit)
        })
    }
}

struct Ranked {
    /// Lower is better.
    rank: i32,
    /// The name in lower case, by which equal ranks are ordered.
    key: String,
    found: DirectoryMatch,
}

impl Ranked {
    fn new(rank: i32, workspace: &Workspace, hint: String) -> Self {
        let name = workspace.display_name().to_owned();
        let (id, status) = (workspace.id.clone(), workspace.status.clone());
        let found = DirectoryMatch { id, status, hint, name, positions: Vec::new() };
        Self { rank, key: found.name.to_lowercase(), found }
    }
}

fn best(mut all: Vec<Ranked>, limit: usize) -> Vec<DirectoryMatch> {
    all.sort_unstable_by(|a, b| (a.rank, &a.key).cmp(&(b.rank, &b.key)));
    all.into_iter().take(limit).map(|ranked| ranked.found).collect()
}

/// The rank of a match outside the name: after every match of a name.
const OTHER_FIELD: i32 = 1000;

fn rank(workspace: &Workspace, query: &str) -> Option<Ranked> {
    if let Some(found) = fuzzy_match(query, workspace.display_name()) {
        let mut ranked = Ranked::new(-found.score, workspace, workspace.role.clone().unwrap_or_default());
        ranked.found.positions = found.positions;
        return Some(ranked);
    }
    let (rank, hint) = match_other_field(workspace, query)?;
    Some(Ranked::new(OTHER_FIELD + rank, workspace, hint))
}

/// Returns the rank of the field besides the name that contains the query, and its text.
fn match_other_field(workspace: &Workspace, query: &str) -> Option<(i32, String)> {
    let contains = |text: &str| text.to_lowercase().contains(query);
    let model = workspace.agent.as_ref().map(|agent| agent.model.as_str());
    let fields = [
        (2, workspace.role.as_deref()),
        (2, Some(workspace.status.as_str())),
        (3, model),
        (4, Some(workspace.id.as_str())),
    ];
    for (rank, text) in fields {
        if let Some(text) = text.filter(|text| contains(text)) {
            return Some((rank, text.to_owned()));
        }
    }
    let skills = workspace.agent_card.as_ref()?.skills();
    skills.into_iter().find(|skill| contains(skill)).map(|skill| (3, skill))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn finds_a_workspace_by_any_field_and_names_it() {
        let mut workspace = Workspace::new(WorkspaceId::parse("ws-77").unwrap());
        workspace.name = "Vancouver SEO".into();
        workspace.role = Some("Marketing".into());
        workspace.agent_card = serde_json::from_str(r#"{"skills":["audit-seo-page",{"name":"Outreach"}]}"#).ok();
        let found = |query: &str| match_other_field(&workspace, query);
        assert_eq!(found("market"), Some((2, "Marketing".into())));
        assert_eq!(found("provis"), Some((2, "provisioning".into())));
        assert_eq!(found("outr"), Some((3, "Outreach".into())));
        assert_eq!(found("77"), Some((4, "ws-77".into())));
        assert_eq!(found("nothing of it"), None);
    }
}
