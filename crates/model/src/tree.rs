//! Who encloses whom: the parents that records name, made safe. Never a record's other fields.
//!
//! A record may name a parent that has not arrived, or one that would close a circle: it then stands at the root, and
//! nests itself as soon as it can. What is asked of the tree is always a forest.

use std::collections::HashMap;

use orrery_protocol::WorkspaceId;

use crate::canvas::Slot;

/// A parent as a record names it, and where it stands if it is known.
type Named<'a> = Option<(&'a WorkspaceId, Option<Slot>)>;

#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    roots: Vec<Slot>,
    /// Those that stand at the root until the parent they name arrives.
    orphans: HashMap<WorkspaceId, Vec<Slot>>,
    /// Those that stand at the root because the parent they name is within themselves.
    circular: Vec<(Slot, Slot)>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    parent: Option<Slot>,
    children: Vec<Slot>,
    /// Where this node stands in its parent's `children`, or in `roots`: leaving costs the same at any size.
    place: usize,
    /// The parent that it named and that has not arrived: its entry in `orphans`.
    awaits: Option<WorkspaceId>,
}

impl Tree {
    pub fn parent(&self, slot: Slot) -> Option<Slot> {
        self.nodes.get(slot.index())?.parent
    }

    pub fn children(&self, slot: Slot) -> &[Slot] {
        self.nodes.get(slot.index()).map_or(&[], |node| &node.children)
    }

    pub fn roots(&self) -> &[Slot] {
        &self.roots
    }

    /// Is `slot` the same as `ancestor`, or somewhere inside it?
    pub fn is_within(&self, slot: Slot, ancestor: Slot) -> bool {
        std::iter::successors(Some(slot), |slot| self.parent(*slot)).any(|up| up == ancestor)
    }

    pub(crate) fn insert(&mut self, slot: Slot, parent: Named<'_>) {
        if self.nodes.len() <= slot.index() {
            self.nodes.resize_with(slot.index() + 1, Node::default);
        }
        self.attach(slot, None);
        self.nest(slot, parent);
    }

    /// A workspace arrived: those who named it as their parent nest themselves.
    pub(crate) fn arrived(&mut self, id: &WorkspaceId, slot: Slot) {
        for orphan in self.stop_waiting_for(id) {
            self.nest_in(orphan, slot);
        }
    }

    /// Those who named a parent that is not here; from now on they wait no more.
    pub(crate) fn stop_waiting_for(&mut self, id: &WorkspaceId) -> Vec<Slot> {
        let orphans = self.orphans.remove(id).unwrap_or_default();
        for orphan in &orphans {
            self.nodes[orphan.index()].awaits = None;
        }
        orphans
    }

    pub(crate) fn nest(&mut self, slot: Slot, parent: Named<'_>) {
        self.forget_wishes(slot);
        match parent {
            None => self.reattach(slot, None),
            Some((_, Some(parent))) => self.nest_in(slot, parent),
            Some((id, None)) => {
                self.reattach(slot, None);
                self.orphans.entry(id.clone()).or_default().push(slot);
                self.nodes[slot.index()].awaits = Some(id.clone());
            }
        }
        self.retry_circular();
    }

    /// Takes a node out and answers with those who named it as their parent.
    pub(crate) fn remove(&mut self, slot: Slot) -> Vec<Slot> {
        self.forget_wishes(slot);
        let mut named_it = self.nodes[slot.index()].children.clone();
        for child in &named_it {
            self.reattach(*child, None);
        }
        named_it.extend(self.circular.extract_if(.., |(_, parent)| *parent == slot).map(|(child, _)| child));
        self.detach(slot);
        self.retry_circular();
        named_it
    }

    fn nest_in(&mut self, slot: Slot, parent: Slot) {
        if self.is_within(parent, slot) {
            self.reattach(slot, None);
            self.circular.push((slot, parent));
        } else {
            self.reattach(slot, Some(parent));
        }
    }

    /// A move may have opened what would have been a circle.
    fn retry_circular(&mut self) {
        for (slot, parent) in std::mem::take(&mut self.circular) {
            self.nest_in(slot, parent);
        }
    }

    fn forget_wishes(&mut self, slot: Slot) {
        self.circular.retain(|(child, _)| *child != slot);
        if let Some(id) = self.nodes[slot.index()].awaits.take()
            && let Some(orphans) = self.orphans.get_mut(&id)
        {
            orphans.retain(|orphan| *orphan != slot);
            if orphans.is_empty() {
                self.orphans.remove(&id);
            }
        }
    }

    fn reattach(&mut self, slot: Slot, parent: Option<Slot>) {
        if self.parent(slot) != parent {
            self.detach(slot);
            self.attach(slot, parent);
        }
    }

    fn attach(&mut self, slot: Slot, parent: Option<Slot>) {
        let siblings = self.siblings(parent);
        siblings.push(slot);
        let place = siblings.len() - 1;
        let node = &mut self.nodes[slot.index()];
        (node.parent, node.place) = (parent, place);
    }

    fn detach(&mut self, slot: Slot) {
        let Node { parent, place, .. } = self.nodes[slot.index()];
        let siblings = self.siblings(parent);
        siblings.swap_remove(place);
        if let Some(moved) = siblings.get(place).copied() {
            self.nodes[moved.index()].place = place;
        }
        self.nodes[slot.index()].parent = None;
    }

    fn siblings(&mut self, parent: Option<Slot>) -> &mut Vec<Slot> {
        match parent {
            Some(parent) => &mut self.nodes[parent.index()].children,
            None => &mut self.roots,
        }
    }
}
