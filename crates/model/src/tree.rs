//! Cycle-safe tree of the workspaces, built from the parents that their records name.
//!
//! A record may name a parent that is not known yet, or one that would form a cycle. Its workspace is then a root until the parent
//! is added or the cycle is gone, so the tree is a forest at any time.

use std::collections::HashMap;

use orrery_protocol::WorkspaceId;

use crate::slot::Slot;

/// The parent that a record names, with its slot if it is known.
type NamedParent<'a> = Option<(&'a WorkspaceId, Option<Slot>)>;

/// Parents and children by slot.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    roots: Vec<Slot>,
    /// Roots whose parent is not known yet, by its id.
    orphans: HashMap<WorkspaceId, Vec<Slot>>,
    /// Roots whose parent is one of their own descendants, with that parent.
    cyclic: Vec<(Slot, Slot)>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    parent: Option<Slot>,
    children: Vec<Slot>,
    /// Index in the `children` of the parent, or in `roots`, so that a node is detached in constant time.
    index: usize,
    /// Key of this node's entry in `orphans`.
    missing_parent: Option<WorkspaceId>,
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

    /// Returns whether `slot` is `ancestor` or one of its descendants.
    pub fn is_within(&self, slot: Slot, ancestor: Slot) -> bool {
        std::iter::successors(Some(slot), |slot| self.parent(*slot)).any(|above| above == ancestor)
    }

    pub(crate) fn insert(&mut self, slot: Slot, parent: NamedParent<'_>) {
        if self.nodes.len() <= slot.index() {
            self.nodes.resize_with(slot.index() + 1, Node::default);
        }
        self.attach(slot, None);
        self.set_parent(slot, parent);
    }

    /// Moves the orphans that named a workspace as their parent into it.
    pub(crate) fn adopt_orphans(&mut self, id: &WorkspaceId, slot: Slot) {
        for orphan in self.take_orphans(id) {
            self.attach_unless_cyclic(orphan, slot);
        }
    }

    /// Returns the roots that wait for a parent with this id, which wait no longer.
    pub(crate) fn take_orphans(&mut self, id: &WorkspaceId) -> Vec<Slot> {
        let orphans = self.orphans.remove(id).unwrap_or_default();
        for orphan in &orphans {
            self.nodes[orphan.index()].missing_parent = None;
        }
        orphans
    }

    /// Moves a node to the parent that its record names, or to the root until that is possible.
    pub(crate) fn set_parent(&mut self, slot: Slot, parent: NamedParent<'_>) {
        self.forget_named_parent(slot);
        match parent {
            None => self.reattach(slot, None),
            Some((_, Some(parent))) => self.attach_unless_cyclic(slot, parent),
            Some((id, None)) => {
                self.reattach(slot, None);
                self.orphans.entry(id.clone()).or_default().push(slot);
                self.nodes[slot.index()].missing_parent = Some(id.clone());
            }
        }
        self.retry_cyclic();
    }

    /// Removes a node and returns those that named it as their parent.
    pub(crate) fn remove(&mut self, slot: Slot) -> Vec<Slot> {
        self.forget_named_parent(slot);
        let mut children = self.nodes[slot.index()].children.clone();
        for child in &children {
            self.reattach(*child, None);
        }
        children.extend(self.cyclic.extract_if(.., |(_, parent)| *parent == slot).map(|(child, _)| child));
        self.detach(slot);
        self.retry_cyclic();
        children
    }

    fn attach_unless_cyclic(&mut self, slot: Slot, parent: Slot) {
        if self.is_within(parent, slot) {
            self.reattach(slot, None);
            self.cyclic.push((slot, parent));
        } else {
            self.reattach(slot, Some(parent));
        }
    }

    /// Tries again to attach the roots that would have formed a cycle, after a node moved.
    fn retry_cyclic(&mut self) {
        for (slot, parent) in std::mem::take(&mut self.cyclic) {
            self.attach_unless_cyclic(slot, parent);
        }
    }

    fn forget_named_parent(&mut self, slot: Slot) {
        self.cyclic.retain(|(child, _)| *child != slot);
        if let Some(id) = self.nodes[slot.index()].missing_parent.take()
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
        let index = siblings.len() - 1;
        let node = &mut self.nodes[slot.index()];
        (node.parent, node.index) = (parent, index);
    }

    fn detach(&mut self, slot: Slot) {
        let Node { parent, index, .. } = self.nodes[slot.index()];
        let siblings = self.siblings(parent);
        siblings.swap_remove(index);
        if let Some(moved) = siblings.get(index).copied() {
            self.nodes[moved.index()].index = index;
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
