//! Who is there, by name: looked up by id, and found by a few letters. Never changes or watches anything.

use leptos::prelude::*;
use orrery_protocol::{Status, Workspace, WorkspaceId};

use crate::store::CanvasStore;
use crate::store::fit;

/// Given to the page by context; cheap to copy.
#[derive(Clone, Copy)]
pub struct Directory(StoredValue<CanvasStore, LocalStorage>);

#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub id: WorkspaceId,
    pub name: String,
    pub status: Status,
    /// Where the letters were found, when it is not the name.
    pub hint: String,
    /// The letters of the name that were meant.
    pub search_index: Vec<usize>,
}

impl Directory {
    pub fn new(store: StoredValue<CanvasStore, LocalStorage>) -> Self {
        Self(store)
    }

    pub fn get(&self, id: &WorkspaceId) -> Option<Workspace> {
        self.0.with_value(|store| Some(store.displayed(store.canvas().find(id)?)?.into_owned()))
    }

    pub fn name(&self, id: &WorkspaceId) -> Option<String> {
        self.0.with_value(|store| store.canvas().workspace(id).map(|it| shown_name(it).to_owned()))
    }

    /// Returns the workspace's name, or its id when no workspace of that id is known.
    pub fn display_name(&self, id: &WorkspaceId) -> String {
        self.name(id).unwrap_or_else(|| id.to_string())
    }

    /// The names of all that are inside it, at any depth.
    pub fn inside(&self, id: &WorkspaceId) -> Vec<String> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let Some(own) = canvas.find(id) else { return Vec::new() };
            let below = store.subtree(own).into_iter().filter(|slot| *slot != own);
            below.filter_map(|slot| canvas.get(slot)).map(|it| shown_name(it).to_owned()).collect()
        })
    }

    /// All that are inside it, at any depth.
    pub fn ids_inside(&self, id: &WorkspaceId) -> Vec<WorkspaceId> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let own = canvas.find(id);
            let all = own.map(|own| store.subtree(own)).unwrap_or_default().into_iter();
            all.skip(1).filter_map(|slot| Some(canvas.get(slot)?.id.clone())).collect()
        })
    }

    pub fn is_team(&self, id: &WorkspaceId) -> bool {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            canvas.find(id).is_some_and(|slot| !canvas.children(slot).is_empty())
        })
    }

    /// Those that have somebody inside, by name.
    pub fn teams(&self, most: usize) -> Vec<Found> {
        self.0.with_value(|store| {
            let canvas = store.canvas();
            let teams = canvas.iter().filter(|(slot, _)| !canvas.children(*slot).is_empty());
            let hint = |it: &Workspace| it.role.clone().unwrap_or_default();
            best(teams.map(|(_, it)| Ranked::new(0, it, hint(it))).collect(), most)
        })
    }

    /// The best first: names that the letters fit, the better the sooner, then anything else about a workspace.
    pub fn find(&self, search_index: &str, most: usize) -> Vec<Found> {
        let sought = search_index.trim().to_lowercase();
        let sought = sought.as_str();
        if sought.is_empty() {
            return Vec::new();
        }
        self.0.with_value(|store| {
            let matching = |it: &Workspace| ranked(it, sought);
            best(store.canvas().iter().filter_map(|(_, it)| matching(it)).collect(), most)
        })
    }
}

struct Ranked {
    rank: i32,
    search_index: String,
    found: Found,
}

impl Ranked {
    fn new(rank: i32, it: &Workspace, hint: String) -> Self {
        let name = shown_name(it).to_owned();
        let found = Found { id: it.id.clone(), status: it.status.clone(), hint, name, search_index: Vec::new() };
        Self { rank, search_index: found.name.to_lowercase(), found }
    }
}

fn best(mut all: Vec<Ranked>, most: usize) -> Vec<Found> {
    all.sort_unstable_by(|one, other| (one.rank, &one.search_index).cmp(&(other.rank, &other.search_index)));
    all.into_iter().take(most).map(|it| it.found).collect()
}

/// Below every fit of a name.
const ELSEWHERE: i32 = 1000;

fn ranked(it: &Workspace, sought: &str) -> Option<Ranked> {
    let role = || it.role.clone().unwrap_or_default();
    if let Some(fit) = fit(sought, shown_name(it)) {
        let mut ranked = Ranked::new(-fit.score, it, role());
        ranked.found.search_index = fit.search_index;
        return Some(ranked);
    }
    matched(it, sought).map(|(rank, hint)| Ranked::new(ELSEWHERE + rank, it, hint))
}

/// How well, and where, when it is not the name.
fn matched(it: &Workspace, sought: &str) -> Option<(i32, String)> {
    let has = |text: &str| text.to_lowercase().contains(sought);
    let by = |rank, hint: &str| Some((rank, hint.to_owned()));
    let role = it.role.as_deref().unwrap_or_default();
    let model = it.agent.as_ref().map_or("", |agent| &agent.model);
    match () {
        () if has(role) => by(2, role),
        () if has(it.status.as_str()) => by(2, it.status.as_str()),
        () if has(model) => by(3, model),
        () if has(it.id.as_str()) => by(4, it.id.as_str()),
        () => {
            let skills = it.agent_card.as_ref()?.skills();
            skills.iter().find(|skill| has(skill)).and_then(|skill| by(3, skill))
        }
    }
}

fn shown_name(it: &Workspace) -> &str {
    if it.name.is_empty() { it.id.as_str() } else { &it.name }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn everything_about_a_workspace_finds_it_and_says_how() {
        let mut it = Workspace::new(WorkspaceId::parse("ws-77").unwrap());
        it.name = "Vancouver SEO".into();
        it.role = Some("Marketing".into());
        it.agent_card = serde_json::from_str(r#"{"skills":["audit-seo-page",{"name":"Outreach"}]}"#).ok();
        let how = |sought: &str| matched(&it, sought);
        assert_eq!(how("market"), Some((2, "Marketing".into())));
        assert_eq!(how("provis"), Some((2, "provisioning".into())));
        assert_eq!(how("outr"), Some((3, "Outreach".into())));
        assert_eq!(how("77"), Some((4, "ws-77".into())));
        assert_eq!(how("nothing of it"), None);
    }
}
