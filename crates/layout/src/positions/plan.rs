//! Plan of one change: where new and moved workspaces are placed, and which neighbours have to move.

use std::collections::HashMap;

use orrery_model::{Canvas, Slot};

use super::cells::{free_cells, free_place};
use super::displacement::displaced;
use super::{PositionIndex, enclosing_rect};
use crate::arrange::{CARD, TEAM_HEAD, TEAM_PADDING};
use crate::{Point, Rect};

/// What one change does to the positions, before it is an event. A container is a team, or `None` for outside of all teams.
pub struct Plan<'a> {
    canvas: &'a Canvas,
    index: &'a PositionIndex,
    /// The rectangles and origins that are other ones than in the index.
    nodes: HashMap<Slot, (Point, Rect)>,
    /// A workspace that moves, with its container; without one while it is on its way.
    moving: Option<(Slot, Option<Option<Slot>>)>,
    /// New cards, with their containers.
    added: Vec<(Option<Slot>, Rect)>,
    displaced: Vec<(Slot, Point)>,
}

impl<'a> Plan<'a> {
    pub fn new(canvas: &'a Canvas, index: &'a PositionIndex) -> Self {
        Self { canvas, index, nodes: HashMap::new(), moving: None, added: Vec::new(), displaced: Vec::new() }
    }

    /// Adds new cards to a container, and returns their positions: its first free cells, row by row.
    pub fn add(&mut self, container: Option<Slot>, count: usize) -> Vec<Point> {
        let cells = free_cells(self.corner(container), &self.rects(container), count);
        self.added.extend(cells.iter().map(|cell| (container, Rect::new(*cell, CARD))));
        self.grow(container);
        cells
    }

    /// Adds a new card at a position that a person chose.
    pub fn add_at(&mut self, container: Option<Slot>, position: Point) {
        let rect = Rect::new(position, CARD);
        self.displace(container, None, rect);
        self.added.push((container, rect));
        self.grow(container);
    }

    /// Moves a workspace with everything inside into a container, and returns its position: the given one, or the first place
    /// with enough room.
    pub fn relocate(&mut self, slot: Slot, container: Option<Slot>, position: Option<Point>) -> Point {
        let before = self.node(slot);
        let (origin, rect) = before.unwrap_or_default();
        // What it leaves becomes smaller first, so that it is not moved out of its own way.
        self.moving = Some((slot, None));
        let mut left = self.canvas.parent(slot);
        while let Some(team) = left {
            self.fit(team);
            left = self.canvas.parent(team);
        }
        let size = before.map_or(Rect::new(origin, CARD).size, |_| rect.size);
        let origin_in_rect = origin.minus(rect.at);
        let to = position
            .unwrap_or_else(|| free_place(self.corner(container), &self.rects(container), size).plus(origin_in_rect));
        let rect = Rect::new(to.minus(origin_in_rect), size);
        self.nodes.insert(slot, (to, rect));
        self.moving = Some((slot, Some(container)));
        self.displace(container, Some(slot), rect);
        self.grow(container);
        to
    }

    /// Moves the neighbours that overlap a workspace, which stays, and those that overlap the teams around it then.
    pub fn make_room(&mut self, slot: Slot) {
        let mut next = Some(slot);
        while let Some(slot) = next
            && let Some((_, rect)) = self.node(slot)
        {
            // The index may know already how large the teams around have become, so each of them is looked at.
            next = self.canvas.parent(slot);
            self.displace(next, Some(slot), rect);
            if let Some(team) = next {
                self.fit(team);
            }
        }
    }

    /// Returns the neighbours that have to move, each with its new position. Everything inside moves along.
    pub fn into_displaced(self) -> Vec<(Slot, Point)> {
        self.displaced
    }

    /// Fits a container around its members, moves the neighbours that it grows into, and does the same for the teams around.
    fn grow(&mut self, container: Option<Slot>) {
        let mut container = container;
        while let Some(team) = container {
            let parent = self.canvas.parent(team);
            let Some((before, after)) = self.fit(team) else { return };
            if before == after {
                return;
            }
            self.displace(parent, Some(team), after);
            container = parent;
        }
    }

    /// Sets the rectangle of a team, and returns the one that it had and the new one.
    fn fit(&mut self, team: Slot) -> Option<(Rect, Rect)> {
        let (origin, before) = self.node(team)?;
        let inside = self.rects(Some(team)).into_iter().reduce(|all, rect| all.union(&rect));
        let after = enclosing_rect(origin, inside);
        self.nodes.insert(team, (origin, after));
        Some((before, after))
    }

    fn displace(&mut self, container: Option<Slot>, grown: Option<Slot>, rect: Rect) {
        let new = self.added.iter().filter(|(other, _)| *other == container).map(|(_, rect)| *rect);
        let neighbours = self.members(container).into_iter().filter(|slot| Some(*slot) != grown);
        let neighbours: Vec<(Slot, Rect)> = neighbours.filter_map(|slot| Some((slot, self.node(slot)?.1))).collect();
        for (slot, offset) in displaced(rect, new, neighbours, self.corner(container)) {
            let Some((origin, rect)) = self.node(slot) else { continue };
            let to = origin.plus(offset);
            self.nodes.insert(slot, (to, rect.shifted(offset)));
            self.displaced.push((slot, to));
        }
    }

    /// Returns where the first member of a container is placed.
    fn corner(&self, container: Option<Slot>) -> Point {
        let origin = container.and_then(|team| self.node(team)).map(|(origin, _)| origin);
        origin.map_or(Point::default(), |origin| origin.plus(Point::new(TEAM_PADDING, TEAM_HEAD)))
    }

    fn rects(&self, container: Option<Slot>) -> Vec<Rect> {
        let known = self.members(container).into_iter().filter_map(|slot| Some(self.node(slot)?.1));
        let new = self.added.iter().filter(|(other, _)| *other == container).map(|(_, rect)| *rect);
        known.chain(new).collect()
    }

    fn members(&self, container: Option<Slot>) -> Vec<Slot> {
        let members = container.map_or(self.canvas.roots(), |team| self.canvas.children(team));
        let moving = self.moving.map(|(slot, _)| slot);
        let arrived = self.moving.filter(|(_, to)| *to == Some(container)).map(|(slot, _)| slot);
        members.iter().copied().filter(|slot| Some(*slot) != moving).chain(arrived).collect()
    }

    fn node(&self, slot: Slot) -> Option<(Point, Rect)> {
        self.nodes.get(&slot).copied().or_else(|| self.index.node(slot).map(|node| (node.origin, node.rect)))
    }
}
