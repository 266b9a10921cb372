//! Who stands where: cards in a tidy grid inside their team, teams around their children. Never a pixel of the screen.
//!
//! Where a record says a place, that is its place. Every other one is given a place once and keeps it: a new one never
//! moves others. A team that grows into a neighbour is the one that steps aside, with all that is in it; only before
//! what says its place do the neighbours step aside. A card that says a place in a team's room is shown beside it.

mod asked;
mod crowd;
mod order;
mod presumed;

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};

use super::shelf::{self, Shelf};
use super::sort;
use super::{Point, Rect, Size};

use order::with_ancestors;

/// A card's slot: high enough for every state, so that a change of state moves no neighbour.
pub const CARD: Size = Size { width: 240.0, height: 160.0 };
pub const TEAM_HEAD: f64 = 40.0;
pub const TEAM_PADDING: f64 = 16.0;
/// The server refuses places beyond this; a foreign one may not.
const FARTHEST: f64 = 1_000_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    Card,
    /// It encloses its children.
    Team,
}

#[derive(Default)]
pub struct Arrangement {
    nodes: Vec<Option<Node>>,
    /// Those whose rectangle, shape or being shown changed since they were last asked for.
    changed: Vec<Slot>,
    /// Where those that say no place stood on the canvas before this one.
    remembered: HashMap<Slot, Point>,
    /// What a person asked for and the records do not say yet.
    presumed_collapsed: Vec<(Slot, bool)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    parent: Option<Slot>,
    /// The place that the record says.
    pin: Option<Point>,
    collapsed: bool,
    /// The top left corner that its children stand relative to.
    at: Point,
    placed: bool,
    shape: Shape,
    rect: Rect,
    /// Inside something collapsed.
    hidden: bool,
    /// It takes other room than when its parent last looked.
    resized: bool,
}

impl Arrangement {
    /// For a canvas that replaces `before`: whoever is still inside the same team stands where it stood.
    pub fn handed_over(&self, before: &Canvas, after: &Canvas) -> Self {
        let mut remembered = HashMap::new();
        for (slot, record) in after.iter() {
            let stood = before
                .find(&record.id)
                .filter(|old| before.get(*old).is_some_and(|old| old.parent_id == record.parent_id));
            if let Some(node) = stood.and_then(|old| self.node(old)).filter(|node| node.placed) {
                remembered.insert(slot, node.at);
            }
        }
        Self { remembered, ..Self::default() }
    }

    /// Follows the canvas. `touched` are those that may have come, changed their parent, place or collapse.
    /// Answers with those that now stand elsewhere, look different or are shown no longer.
    pub fn follow(&mut self, canvas: &Canvas, touched: &[Slot], removed: &[Slot]) -> Vec<Slot> {
        let mut containers: Vec<Option<Slot>> = Vec::new();
        let mut uncovered: Vec<Slot> = Vec::new();
        for slot in removed {
            if let Some(node) = self.nodes.get_mut(slot.index()).and_then(Option::take) {
                containers.push(node.parent);
                self.changed.push(*slot);
            }
        }
        for slot in touched {
            self.take_in(canvas, *slot, &mut containers, &mut uncovered);
        }
        for container in with_ancestors(canvas, containers) {
            self.solve(canvas, container);
        }
        for slot in uncovered {
            self.hide(canvas, slot);
        }
        let mut changed = std::mem::take(&mut self.changed);
        sort::once(&mut changed);
        changed
    }

    /// What the record says now, compared with what was arranged.
    fn take_in(&mut self, canvas: &Canvas, slot: Slot, containers: &mut Vec<Option<Slot>>, uncovered: &mut Vec<Slot>) {
        let Some(record) = canvas.get(slot) else { return };
        let parent = canvas.parent(slot);
        // Beyond that lies no place that anyone could look at.
        let near = |x: f64, y: f64| x.abs() <= FARTHEST && y.abs() <= FARTHEST;
        let pin = record.x.zip(record.y).filter(|(x, y)| near(*x, *y)).map(|(x, y)| Point::new(x, y));
        let collapsed = self.is_collapsed(slot, record.collapsed);
        if self.nodes.len() <= slot.index() {
            self.nodes.resize(slot.index() + 1, None);
        }
        let Some(node) = &mut self.nodes[slot.index()] else {
            let stood = self.remembered.remove(&slot);
            let at = pin.or(stood).unwrap_or_default();
            self.nodes[slot.index()] = Some(Node {
                parent,
                pin,
                collapsed,
                at,
                placed: pin.or(stood).is_some(),
                shape: Shape::Card,
                rect: Rect::new(at, CARD),
                hidden: false,
                resized: pin.is_some() && stood != pin,
            });
            self.changed.push(slot);
            uncovered.push(slot);
            containers.extend([parent, Some(slot)]);
            return;
        };
        let before = (node.parent, node.pin, node.collapsed);
        if before == (parent, pin, collapsed) {
            return;
        }
        if node.parent != parent {
            containers.push(node.parent);
            // In its new team it is given a new place, unless its record says one.
            node.placed = false;
            uncovered.push(slot);
        }
        if node.collapsed != collapsed {
            uncovered.extend(canvas.children(slot));
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

    /// Places the children that have no place, makes room, and fits the container around them.
    fn solve(&mut self, canvas: &Canvas, container: Option<Slot>) {
        let children = match container {
            Some(slot) if self.node(slot).is_none() => return,
            Some(slot) => canvas.children(slot),
            None => canvas.roots(),
        };
        if let Some(slot) = container {
            self.settle_around_fixed(canvas, slot, children);
        }
        let corner = container.map(|slot| self.known(slot).at.plus(Point::new(TEAM_PADDING, TEAM_HEAD)));
        self.part_the_crowded(canvas, children, corner);
        let unplaced: Vec<Slot> = children.iter().copied().filter(|child| !self.known(*child).placed).collect();
        if !unplaced.is_empty() {
            self.give_places(canvas, children, unplaced, corner.unwrap_or_default());
        }
        if let Some(slot) = container {
            self.fit(slot, children);
        }
    }

    /// A team whose children say their places stands where they are, even when it says none itself.
    fn settle_around_fixed(&mut self, canvas: &Canvas, slot: Slot, children: &[Slot]) {
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
        // They are given their places anew, around those that say theirs.
        for child in free {
            self.known(child).placed = false;
        }
        let by = around.at.minus(Point::new(TEAM_PADDING, TEAM_HEAD)).minus(self.known(slot).at);
        self.shift(canvas, slot, by);
        let node = self.known(slot);
        (node.placed, node.resized) = (true, true);
    }

    fn give_places(&mut self, canvas: &Canvas, children: &[Slot], mut unplaced: Vec<Slot>, corner: Point) {
        let standing: Vec<Rect> = children.iter().filter_map(|child| self.placed_rect(*child)).collect();
        let width = shelf::width(children.iter().map(|child| self.known_rect(*child).size));
        // Teams first, the highest before the lower ones, then cards: a tidy picture when many come at once.
        let height =
            |slot: Slot| self.node(slot).filter(|node| node.shape == Shape::Team).map(|it| it.rect.size.height);
        sort::by(&mut unplaced, |slot| sort::largest_first(height(slot).unwrap_or(0.0)));
        let mut shelf = Shelf::new(&standing, corner, width);
        for slot in unplaced {
            let rect = self.known_rect(slot);
            let found = shelf.place(rect.size);
            self.shift(canvas, slot, found.minus(rect.at));
            self.known(slot).placed = true;
        }
    }

    fn fit(&mut self, slot: Slot, children: &[Slot]) {
        let inside = children.iter().map(|child| self.known_rect(*child)).reduce(|all, rect| all.union(&rect));
        let node = self.known(slot);
        let (shape, rect) = match inside {
            Some(inside) if !node.collapsed => {
                let least =
                    Size { width: CARD.width + 2.0 * TEAM_PADDING, height: TEAM_HEAD + CARD.height + TEAM_PADDING };
                let corner = Point::new(inside.at.x - TEAM_PADDING, inside.at.y - TEAM_HEAD);
                let end = Point::new(inside.right() + TEAM_PADDING, inside.bottom() + TEAM_PADDING);
                (Shape::Team, Rect::new(node.at, least).union(&Rect::from_corners(corner, end)))
            }
            _ => (Shape::Card, Rect::new(node.at, CARD)),
        };
        if (node.shape, node.rect) != (shape, rect) {
            node.resized |= node.rect.size != rect.size || node.rect.at != rect.at;
            (node.shape, node.rect) = (shape, rect);
            self.changed.push(slot);
        }
    }

    /// Moves it with all that is in it, but for what says its own place.
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

    fn hide(&mut self, canvas: &Canvas, slot: Slot) {
        let Some(parent) = self.node(slot).map(|node| node.parent) else { return };
        let hidden = parent.and_then(|parent| self.node(parent)).is_some_and(|it| it.collapsed || it.hidden);
        let node = self.known(slot);
        if node.hidden != hidden {
            node.hidden = hidden;
            self.changed.push(slot);
            for child in canvas.children(slot) {
                self.hide(canvas, *child);
            }
        }
    }

    fn node(&self, slot: Slot) -> Option<&Node> {
        self.nodes.get(slot.index())?.as_ref()
    }

    fn known(&mut self, slot: Slot) -> &mut Node {
        self.nodes[slot.index()].as_mut().expect("whatever is on the canvas was taken in")
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
