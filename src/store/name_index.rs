//! The part of each name that tells a workspace from its siblings.

use std::hash::{DefaultHasher, Hash, Hasher};

use orrery_layout::names::{differing_part, shared_prefix};
use orrery_model::{Canvas, Changes, Slot};
use orrery_protocol::Workspace;

/// The words that the members of each team share. A team is read again only when its members or their names change.
#[derive(Default)]
pub struct NameIndex {
    /// By slot: what the shared words of its team were worked out from.
    entries: Vec<Option<Entry>>,
    /// By the slot of a team, and last those outside of all teams: how many bytes their names share.
    shared: Vec<u32>,
    shared_by_roots: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Entry {
    team: Option<Slot>,
    name_hash: u32,
}

impl NameIndex {
    /// Returns at which byte the part of a name begins that differs from the names of the siblings.
    pub fn differing_part(&self, canvas: &Canvas, slot: Slot, name: &str) -> usize {
        let team = canvas.parent(slot);
        let team_name = team.and_then(|team| canvas.get(team)).map(|team| team.name.as_str());
        let shared = match team {
            Some(team) => self.shared.get(team.index()).copied().unwrap_or_default() as usize,
            None => self.shared_by_roots as usize,
        };
        let sibling = members(canvas, team).first().and_then(|slot| canvas.get(*slot));
        let shared = sibling.and_then(|sibling| sibling.display_name().get(..shared)).unwrap_or_default();
        differing_part(name, shared, team_name)
    }

    /// Reads the records that a frame has changed. Returns whether the shown part of other names may have changed.
    pub fn update(&mut self, canvas: &Canvas, changes: &Changes, replaced: bool) -> bool {
        let mut teams = Vec::new();
        if replaced {
            *self = Self::default();
            canvas.iter().for_each(|(slot, _)| self.read(canvas, slot, &mut teams));
        } else {
            for (slot, _) in &changes.removed {
                let entry = self.entries.get_mut(slot.index()).and_then(Option::take);
                teams.extend(entry.map(|entry| entry.team));
            }
            for slot in changes.added.iter().chain(&changes.updated) {
                self.read(canvas, *slot, &mut teams);
            }
            // Members that were there before their team.
            for member in changes.added.iter().flat_map(|slot| canvas.children(*slot)) {
                self.read(canvas, *member, &mut teams);
            }
        }
        teams.sort_unstable();
        teams.dedup();
        for team in &teams {
            let members = members(canvas, *team).iter().filter_map(|slot| canvas.get(*slot));
            let shared = shared_prefix(members.map(Workspace::display_name)).len() as u32;
            match team {
                Some(team) => {
                    if self.shared.len() <= team.index() {
                        self.shared.resize(team.index() + 1, 0);
                    }
                    self.shared[team.index()] = shared;
                }
                None => self.shared_by_roots = shared,
            }
        }
        !teams.is_empty()
    }

    /// Notes the teams whose members or names have changed with a record.
    fn read(&mut self, canvas: &Canvas, slot: Slot, teams: &mut Vec<Option<Slot>>) {
        let Some(workspace) = canvas.get(slot) else { return };
        let mut hasher = DefaultHasher::new();
        workspace.name.hash(&mut hasher);
        let entry = Entry { team: canvas.parent(slot), name_hash: hasher.finish() as u32 };
        if self.entries.len() <= slot.index() {
            self.entries.resize(slot.index() + 1, None);
        }
        let before = self.entries[slot.index()].replace(entry);
        if before != Some(entry) {
            teams.extend([before.map(|before| before.team), Some(entry.team)].into_iter().flatten());
        }
    }
}

/// Returns the members of a team, or the workspaces outside of all teams.
fn members(canvas: &Canvas, team: Option<Slot>) -> &[Slot] {
    team.map_or(canvas.roots(), |team| canvas.children(team))
}

#[cfg(test)]
mod tests {
    use orrery_protocol::WorkspaceId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn canvas(names: &[(&str, &str)]) -> Canvas {
        let team = Workspace::new(WorkspaceId::parse("team").unwrap());
        let member = |(id, name): &(&str, &str)| {
            let mut workspace = Workspace::new(WorkspaceId::parse(id).unwrap());
            workspace.name = (*name).to_owned();
            workspace.parent_id = Some(team.id.clone());
            workspace
        };
        Canvas::from_rows(std::iter::once(team.clone()).chain(names.iter().map(member)), 1)
    }

    #[wasm_bindgen_test]
    fn a_team_is_read_again_only_when_its_members_or_names_change() {
        let before = canvas(&[("a", "Squad worker 1"), ("b", "Squad worker 2")]);
        let slots: Vec<Slot> = before.iter().map(|(slot, _)| slot).collect();
        let mut index = NameIndex::default();
        let shown = |index: &NameIndex, canvas: &Canvas, slot: Slot| {
            let name = canvas.get(slot).unwrap().display_name();
            name[index.differing_part(canvas, slot, name)..].to_owned()
        };
        assert!(index.update(&before, &Changes::default(), true));
        assert_eq!(shown(&index, &before, slots[1]), "worker 1");
        let updated = Changes { updated: slots.clone(), ..Changes::default() };
        assert!(!index.update(&before, &updated, false), "nothing has changed");
        let renamed = canvas(&[("a", "Squad worker 1"), ("b", "Ada")]);
        assert!(!index.update(&renamed, &Changes::default(), false), "its change was not reported");
        assert!(index.update(&renamed, &updated, false));
        assert_eq!([1, 2].map(|at| shown(&index, &renamed, slots[at])), ["Squad worker 1", "Ada"]);
        let added = canvas(&[("a", "Squad worker 1"), ("b", "Squad lead"), ("c", "Squad clerk")]);
        let last = added.iter().last().unwrap().0;
        let changes = Changes { updated: vec![slots[2]], added: vec![last], ..Changes::default() };
        assert!(index.update(&added, &changes, false));
        assert_eq!([slots[1], slots[2], last].map(|at| shown(&index, &added, at)), ["worker 1", "lead", "clerk"]);
    }
}
