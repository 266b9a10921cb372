//! The connected agents, found by where they stand: matching an event costs no query and no walk of the tree.
//! Never the rule itself (`place`), which the tests hold against this index.

use std::collections::HashMap;

use orrery_protocol::WorkspaceId;

use super::about::About;
use super::place::Place;
use super::subscribers::{Key, Listener};

type Listeners = HashMap<Key, Listener>;

#[derive(Debug, Default)]
pub struct Agents {
    by_workspace: HashMap<WorkspaceId, (Option<Place>, Listeners)>,
    by_place: HashMap<Place, Listeners>,
}

impl Agents {
    pub fn insert(&mut self, key: Key, workspace: WorkspaceId, place: Option<Place>, listener: Listener) {
        if let Some(place) = place.clone() {
            self.by_place.entry(place).or_default().insert(key, listener.clone());
        }
        let (stands, listeners) = self.by_workspace.entry(workspace).or_default();
        *stands = place;
        listeners.insert(key, listener);
    }

    pub fn remove(&mut self, key: Key, workspace: &WorkspaceId) {
        let Some((place, listeners)) = self.by_workspace.get_mut(workspace) else { return };
        listeners.remove(&key);
        if let Some(place) = place {
            leave(&mut self.by_place, place, key);
        }
        if listeners.is_empty() {
            self.by_workspace.remove(workspace);
        }
    }

    /// Everyone who hears of it before the tree changes, then everyone after. Who hears it twice gets it once.
    pub fn hear(&mut self, about: &About, mut tell: impl FnMut(&Listener)) {
        if let Some(before) = &about.before {
            self.near(&about.subject, before, &mut tell);
        }
        self.relocate(about);
        if let Some(after) = &about.after {
            self.near(&about.subject, after, &mut tell);
        }
        if let Some((other, place)) = &about.other {
            self.near(other, place, &mut tell);
        }
    }

    pub fn of(&self, workspace: &WorkspaceId) -> impl Iterator<Item = &Listener> {
        self.by_workspace.get(workspace).into_iter().flat_map(|(_, listeners)| listeners.values())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Listener> {
        self.by_workspace.values().flat_map(|(_, listeners)| listeners.values())
    }

    pub fn len(&self) -> usize {
        self.iter().count()
    }

    fn near(&self, subject: &WorkspaceId, place: &Place, tell: &mut impl FnMut(&Listener)) {
        self.of(subject).for_each(&mut *tell);
        let siblings = self.by_place.get(place).into_iter().flat_map(Listeners::values);
        siblings.for_each(&mut *tell);
        if let Place::Under(parent) = place {
            self.of(parent).for_each(&mut *tell);
        }
        let children = self.by_place.get(&Place::Under(subject.clone())).into_iter().flat_map(Listeners::values);
        children.for_each(tell);
    }

    fn relocate(&mut self, about: &About) {
        for moved in &about.relocated {
            let Some((place, listeners)) = self.by_workspace.get_mut(&moved.id) else { continue };
            if let Some(place) = place {
                listeners.keys().for_each(|key| leave(&mut self.by_place, place, *key));
            }
            if let Some(place) = moved.after.clone() {
                let there = self.by_place.entry(place).or_default();
                there.extend(listeners.iter().map(|(key, listener)| (*key, listener.clone())));
            }
            place.clone_from(&moved.after);
        }
    }
}

fn leave(by_place: &mut HashMap<Place, Listeners>, place: &Place, key: Key) {
    if let Some(listeners) = by_place.get_mut(place) {
        listeners.remove(&key);
        if listeners.is_empty() {
            by_place.remove(place);
        }
    }
}
