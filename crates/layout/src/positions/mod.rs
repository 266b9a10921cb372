//! Positions that a server assigns once: the rectangles that recorded positions add up to, and plans of what moves when a
//! workspace is added or moved.
//!
//! A workspace keeps its position, except when another one grows or moves into its rectangle. Collapsing a team leaves the
//! space of its members free, so that expanding it moves nothing.

mod cells;
mod displacement;
mod plan;
mod tidy;

use std::collections::BTreeSet;

use orrery_model::{Canvas, Slot};
use orrery_protocol::Workspace;

use crate::arrange::{CARD, order::with_ancestors, team_rect};
use crate::{Point, Rect};

pub use plan::Plan;
pub use tidy::tidy;

/// The rectangle of every workspace that has a position, with everything inside. Updated with each event: the work is that of
/// the teams around the workspaces that changed.
#[derive(Debug, Clone, Default)]
pub struct PositionIndex {
    /// By slot.
    nodes: Vec<Option<Node>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    parent: Option<Slot>,
    origin: Point,
    rect: Rect,
}

impl PositionIndex {
    /// Creates the index of all workspaces of a canvas.
    pub fn of(canvas: &Canvas) -> Self {
        let mut index = Self::default();
        let all: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        index.update(canvas, &all, &[]);
        index
    }

    /// Updates the index after a change of the canvas. `touched` are the workspaces that may be new or have another parent or
    /// position.
    pub fn update(&mut self, canvas: &Canvas, touched: &[Slot], removed: &[Slot]) {
        let mut containers: BTreeSet<Slot> = BTreeSet::new();
        for slot in removed {
            let before = self.nodes.get_mut(slot.index()).and_then(Option::take);
            containers.extend(before.and_then(|before| before.parent));
        }
        for slot in touched {
            let Some(record) = canvas.get(*slot) else { continue };
            if self.nodes.len() <= slot.index() {
                self.nodes.resize(slot.index() + 1, None);
            }
            let (parent, origin) = (canvas.parent(*slot), position(record));
            let before = self.nodes[slot.index()];
            if before.map(|before| (before.parent, Some(before.origin))) == Some((parent, origin)) {
                continue;
            }
            self.nodes[slot.index()] = origin.map(|origin| Node { parent, origin, rect: Rect::new(origin, CARD) });
            containers.extend(before.and_then(|before| before.parent));
            containers.extend(parent);
            containers.insert(*slot);
        }
        if containers.is_empty() {
            return;
        }
        for container in with_ancestors(canvas, containers.into_iter().map(Some).collect()).into_iter().flatten() {
            let inside = canvas.children(container).iter().filter_map(|child| self.rect(*child));
            let inside = inside.reduce(|all, rect| all.union(&rect));
            if let Some(Some(node)) = self.nodes.get_mut(container.index()) {
                node.rect = enclosing_rect(node.origin, inside);
            }
        }
    }

    /// Returns the rectangle of a workspace with everything inside, or `None` if it has no position.
    pub fn rect(&self, slot: Slot) -> Option<Rect> {
        self.node(slot).map(|node| node.rect)
    }

    fn node(&self, slot: Slot) -> Option<&Node> {
        self.nodes.get(slot.index())?.as_ref()
    }
}

/// Returns the recorded position of a workspace.
pub fn position(record: &Workspace) -> Option<Point> {
    record.x.zip(record.y).map(|(x, y)| Point::new(x, y))
}

/// Returns the rectangle of a card, or of a team around what is inside.
fn enclosing_rect(origin: Point, inside: Option<Rect>) -> Rect {
    inside.map_or(Rect::new(origin, CARD), |inside| team_rect(origin, inside))
}

#[cfg(test)]
mod tests;
