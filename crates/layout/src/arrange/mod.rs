//! The layout of the canvas: cards in a grid inside their team, teams around their children.
//!
//! A record with a position is placed there. Every other workspace gets a place once and keeps it: a new one does not move
//! others. A team that grows into a neighbour moves away, with everything inside; if its position is fixed, the neighbours
//! move instead.

mod collisions;
mod optimistic;
pub(crate) mod order;
mod queries;
mod team_rect;

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};

use super::natural_order::natural_order;
use super::packing::{self, Packing};
use super::{Point, Rect, Size};

use order::with_ancestors;
pub(crate) use team_rect::team_rect;

/// The size of a card: high enough for every status, so that a change of status moves no neighbour.
pub const CARD: Size = Size { width: 240.0, height: 160.0 };
/// The height of the header of a team.
pub const TEAM_HEAD: f64 = 40.0;
/// The space between the edge of a team and its children, except at the header.
pub const TEAM_PADDING: f64 = 16.0;
/// Positions beyond this are ignored. Our server refuses them; others may not.
const MAX_COORDINATE: f64 = 1_000_000.0;

/// How a workspace is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Alone, or as a collapsed team.
    Card,
    /// Around its children.
    Team,
}

/// Where every workspace is placed.
#[derive(Default)]
pub struct Arrangement {
    nodes: Vec<Option<Node>>,
    /// The slots whose rectangle, shape or visibility has changed in this update.
    changed: Vec<Slot>,
    /// Where workspaces were placed on the canvas that this one replaces.
    remembered: HashMap<Slot, Point>,
    /// Which teams are shown collapsed or expanded whatever their records say.
    optimistic_collapsed: Vec<(Slot, bool)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    parent: Option<Slot>,
    /// The position in the record.
    pin: Option<Point>,
    collapsed: bool,
    /// The top left corner that its children are relative to.
    at: Point,
    /// Whether `at` is its place, and not only a default.
    placed: bool,
    shape: Shape,
    rect: Rect,
    /// Whether it is inside a collapsed team.
    hidden: bool,
    /// Whether it was moved or resized since its container was last laid out.
    resized: bool,
}

impl Arrangement {
    /// Creates the arrangement of a canvas that replaces `before`: a workspace that is still in the same team keeps its place.
    pub fn carried_over_to(&self, before: &Canvas, after: &Canvas) -> Self {
        let mut remembered = HashMap::new();
        for (slot, record) in after.iter() {
            let old = before
                .find(&record.id)
                .filter(|old| before.get(*old).is_some_and(|old| old.parent_id == record.parent_id));
            if let Some(node) = old.and_then(|old| self.node(old)).filter(|node| node.placed) {
                remembered.insert(slot, node.at);
            }
        }
        Self { remembered, ..Self::default() }
    }

    /// Updates the layout after a change of the canvas. `touched` are the workspaces that may be new or have another parent,
    /// position or collapsed state. Returns the slots whose rectangle, shape or visibility has changed.
    pub fn update(&mut self, canvas: &Canvas, touched: &[Slot], removed: &[Slot]) -> Vec<Slot> {
        let mut containers: Vec<Option<Slot>> = Vec::new();
        let mut visibility_changed: Vec<Slot> = Vec::new();
        for slot in removed {
            if let Some(node) = self.nodes.get_mut(slot.index()).and_then(Option::take) {
                containers.push(node.parent);
                self.changed.push(*slot);
            }
        }
        for slot in touched {
            self.read_record(canvas, *slot, &mut containers, &mut visibility_changed);
        }
        for container in with_ancestors(canvas, containers) {
            self.lay_out(canvas, container);
        }
        for slot in visibility_changed {
            self.update_visibility(canvas, slot);
        }
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Compares a record with its node, and notes which containers have to be laid out.
    fn read_record(
        &mut self,
        canvas: &Canvas,
        slot: Slot,
        containers: &mut Vec<Option<Slot>>,
        visibility_changed: &mut Vec<Slot>,
    ) {
        let Some(record) = canvas.get(slot) else { return };
        let parent = canvas.parent(slot);
        let is_in_range = |x: f64, y: f64| x.abs() <= MAX_COORDINATE && y.abs() <= MAX_COORDINATE;
        let pin = record.x.zip(record.y).filter(|(x, y)| is_in_range(*x, *y)).map(|(x, y)| Point::new(x, y));
        let collapsed = self.is_collapsed(slot, record.collapsed);
        if self.nodes.len() <= slot.index() {
            self.nodes.resize(slot.index() + 1, None);
        }
        let Some(node) = &mut self.nodes[slot.index()] else {
            let remembered = self.remembered.remove(&slot);
            let at = pin.or(remembered).unwrap_or_default();
            self.nodes[slot.index()] = Some(Node {
                parent,
                pin,
                collapsed,
                at,
                placed: pin.or(remembered).is_some(),
                shape: Shape::Card,
                rect: Rect::new(at, CARD),
                hidden: false,
                resized: pin.is_some() && remembered != pin,
            });
            self.changed.push(slot);
            visibility_changed.push(slot);
            containers.extend([parent, Some(slot)]);
            return;
        };
        let before = (node.parent, node.pin, node.collapsed);
        if before == (parent, pin, collapsed) {
            return;
        }
        if node.parent != parent {
            containers.push(node.parent);
            // In another team it gets a new place, unless its record has a position.
            node.placed = false;
            visibility_changed.push(slot);
        }
        if node.collapsed != collapsed {
            visibility_changed.extend(canvas.children(slot));
        }
        (node.parent, node.pin, node.collapsed) = (parent, pin, collapsed);
        containers.extend([parent, Some(slot)]);
        if let Some(pin) = pin {
            let by = pin.minus(node.at);
            self.shift(canvas, slot, by);
            let node = self.known(slot);
            (node.placed, node.resized) = (true, true);
        }
    }

    /// Resolves collisions of the children, places those without a place, and fits the container around them.
    fn lay_out(&mut self, canvas: &Canvas, container: Option<Slot>) {
        let children = match container {
            Some(slot) if self.node(slot).is_none() => return,
            Some(slot) => canvas.children(slot),
            None => canvas.roots(),
        };
        if let Some(slot) = container {
            self.place_around_fixed(canvas, slot, children);
        }
        let corner = container.map(|slot| self.known(slot).at.plus(Point::new(TEAM_PADDING, TEAM_HEAD)));
        self.resolve_collisions(canvas, children, corner);
        let unplaced: Vec<Slot> = children.iter().copied().filter(|child| !self.known(*child).placed).collect();
        if !unplaced.is_empty() {
            self.place_children(canvas, children, unplaced, corner.unwrap_or_default());
        }
        if let Some(slot) = container {
            self.fit(slot, children);
        }
    }

    /// Places a team whose children have fixed positions around these, unless its own record has a position.
    fn place_around_fixed(&mut self, canvas: &Canvas, slot: Slot, children: &[Slot]) {
        if self.is_pinned(slot) {
            return;
        }
        let (fixed, free): (Vec<Slot>, Vec<Slot>) = children.iter().partition(|child| self.is_fixed(canvas, **child));
        let rects = fixed.iter().map(|child| self.known_rect(*child));
        let Some(around) = rects.reduce(|all, rect| all.union(&rect)) else { return };
        let node = self.known(slot);
        if node.placed && node.rect.meets(&around) {
            return;
        }
        // The others are placed again, around the fixed ones.
        for child in free {
            self.known(child).placed = false;
        }
        let by = around.at.minus(Point::new(TEAM_PADDING, TEAM_HEAD)).minus(self.known(slot).at);
        self.shift(canvas, slot, by);
        let node = self.known(slot);
        (node.placed, node.resized) = (true, true);
    }

    fn place_children(&mut self, canvas: &Canvas, children: &[Slot], mut unplaced: Vec<Slot>, corner: Point) {
        let occupied: Vec<Rect> = children.iter().filter_map(|child| self.placed_rect(*child)).collect();
        let width = packing::row_width(children.iter().map(|child| self.known_rect(*child).size));
        // Teams first, the highest before the lower ones, then cards in the order of their names: a compact block when many are
        // added at once.
        let height =
            |slot: Slot| self.node(slot).filter(|node| node.shape == Shape::Team).map(|node| node.rect.size.height);
        let height = |slot: &Slot| height(*slot).unwrap_or(0.0);
        let name = |slot: &Slot| canvas.get(*slot).map_or("", |record| record.display_name());
        unplaced.sort_unstable_by(|a, b| {
            let by_height = height(b).total_cmp(&height(a));
            by_height.then_with(|| natural_order(name(a), name(b))).then(a.cmp(b))
        });
        let mut packing = Packing::new(&occupied, corner, width);
        for slot in unplaced {
            let rect = self.known_rect(slot);
            let place = packing.place(rect.size);
            self.shift(canvas, slot, place.minus(rect.at));
            self.known(slot).placed = true;
        }
    }

    /// Sets the shape and the rectangle of a container.
    fn fit(&mut self, slot: Slot, children: &[Slot]) {
        let inside = children.iter().map(|child| self.known_rect(*child)).reduce(|all, rect| all.union(&rect));
        let node = self.known(slot);
        let (shape, rect) = match inside {
            Some(inside) if !node.collapsed => (Shape::Team, team_rect(node.at, inside)),
            _ => (Shape::Card, Rect::new(node.at, CARD)),
        };
        if (node.shape, node.rect) != (shape, rect) {
            node.resized |= node.rect.size != rect.size || node.rect.at != rect.at;
            (node.shape, node.rect) = (shape, rect);
            self.changed.push(slot);
        }
    }

    /// Moves a node with everything inside, except children whose records have positions.
    fn shift(&mut self, canvas: &Canvas, slot: Slot, by: Point) {
        if by == Point::default() {
            return;
        }
        let node = self.known(slot);
        node.at = node.at.plus(by);
        node.rect = node.rect.shifted(by);
        self.changed.push(slot);
        for child in canvas.children(slot) {
            if self.node(*child).is_some_and(|child| child.pin.is_none()) {
                self.shift(canvas, *child, by);
            }
        }
    }

    fn update_visibility(&mut self, canvas: &Canvas, slot: Slot) {
        let Some(parent) = self.node(slot).map(|node| node.parent) else { return };
        let hidden =
            parent.and_then(|parent| self.node(parent)).is_some_and(|parent| parent.collapsed || parent.hidden);
        let node = self.known(slot);
        if node.hidden != hidden {
            node.hidden = hidden;
            self.changed.push(slot);
            for child in canvas.children(slot) {
                self.update_visibility(canvas, *child);
            }
        }
    }

    fn node(&self, slot: Slot) -> Option<&Node> {
        self.nodes.get(slot.index())?.as_ref()
    }

    fn known(&mut self, slot: Slot) -> &mut Node {
        self.nodes[slot.index()].as_mut().expect("every workspace of the canvas has a node")
    }

    fn known_rect(&self, slot: Slot) -> Rect {
        self.node(slot).map_or(Rect::default(), |node| node.rect)
    }

    fn placed_rect(&self, slot: Slot) -> Option<Rect> {
        self.node(slot).filter(|node| node.placed).map(|node| node.rect)
    }
}

#[cfg(test)]
mod tests;
