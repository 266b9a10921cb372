//! Tidying up: the one rearrangement that a person can ask for, of everything or of one team.

use std::cmp::Reverse;
use std::collections::HashMap;

use orrery_model::{Canvas, Slot};

use super::{enclosing_rect, position};
use crate::arrange::{CARD, TEAM_HEAD, TEAM_PADDING};
use crate::natural_order::natural_order;
use crate::packing::{self, Packing};
use crate::{Point, Rect};

/// Returns the workspaces that move when a team, or with `None` everything, is arranged anew, each with its new position,
/// teams before what is inside them. What is inside a workspace moves along, unless it has a position of its own here.
///
/// Teams come first, then cards, in the natural order of their names. The team itself stays. A workspace that a person placed
/// stays where it is in its team, unless `moves_pinned`.
pub fn tidy(canvas: &Canvas, team: Option<Slot>, moves_pinned: bool) -> Vec<(Slot, Point)> {
    let mut tidy = Tidy { canvas, moves_pinned, extents: HashMap::new(), offsets: HashMap::new() };
    let mut inside = members(canvas, team).to_vec();
    let mut next = 0;
    while let Some(slot) = inside.get(next).copied() {
        inside.extend_from_slice(canvas.children(slot));
        next += 1;
    }
    for slot in inside.iter().rev() {
        tidy.arrange(Some(*slot));
    }
    tidy.arrange(team);

    // The new position of each workspace, and how far it has moved.
    let mut moved: HashMap<Slot, (Point, Point)> = HashMap::new();
    let origin = team.map_or(Point::default(), |team| origin(canvas, team));
    let mut result = Vec::new();
    for slot in inside {
        let parent = canvas.parent(slot).filter(|parent| Some(*parent) != team);
        let (corner, moved_along) =
            parent.and_then(|parent| moved.get(&parent)).copied().unwrap_or((origin, Point::default()));
        let before = self::origin(canvas, slot);
        let after = corner.plus(tidy.offsets.get(&slot).copied().unwrap_or_default());
        if after != before.plus(moved_along) {
            result.push((slot, after));
        }
        moved.insert(slot, (after, after.minus(before)));
    }
    result
}

struct Tidy<'a> {
    canvas: &'a Canvas,
    moves_pinned: bool,
    /// The rectangle of each workspace with everything inside, from its own origin.
    extents: HashMap<Slot, Rect>,
    /// The position of each workspace, from the origin of its team.
    offsets: HashMap<Slot, Point>,
}

impl Tidy<'_> {
    /// Arranges the members of a container, whose members are arranged already.
    fn arrange(&mut self, container: Option<Slot>) {
        let members = members(self.canvas, container);
        let origin = container.map_or(Point::default(), |team| origin(self.canvas, team));
        let is_pinned = |slot: &Slot| {
            !self.moves_pinned && self.canvas.get(*slot).is_some_and(|record| record.pinned == Some(true))
        };
        let (fixed, mut free): (Vec<Slot>, Vec<Slot>) = members.iter().copied().partition(is_pinned);
        for slot in fixed.iter().copied() {
            self.offsets.insert(slot, self::origin(self.canvas, slot).minus(origin));
        }
        let mut placed: Vec<Rect> = fixed.iter().map(|slot| self.extent(*slot).shifted(self.offsets[slot])).collect();
        let name = |slot: Slot| self.canvas.get(slot).map_or("", |record| record.display_name());
        let is_team = |slot: Slot| !self.canvas.children(slot).is_empty();
        free.sort_by(|a, b| {
            let by_kind = Reverse(is_team(*a)).cmp(&Reverse(is_team(*b)));
            by_kind.then_with(|| natural_order(name(*a), name(*b))).then(a.cmp(b))
        });
        let corner = container.map_or(Point::default(), |_| Point::new(TEAM_PADDING, TEAM_HEAD));
        let width = packing::row_width(members.iter().map(|slot| self.extent(*slot).size));
        let occupied = placed.clone();
        let mut packing = Packing::new(&occupied, corner, width);
        for slot in free {
            let extent = self.extent(slot);
            let place = packing.place(extent.size);
            self.offsets.insert(slot, place.minus(extent.at));
            placed.push(Rect::new(place, extent.size));
        }
        if let Some(team) = container {
            let inside = placed.into_iter().reduce(|all, rect| all.union(&rect));
            self.extents.insert(team, enclosing_rect(Point::default(), inside));
        }
    }

    fn extent(&self, slot: Slot) -> Rect {
        self.extents.get(&slot).copied().unwrap_or(Rect::new(Point::default(), CARD))
    }
}

fn members(canvas: &Canvas, container: Option<Slot>) -> &[Slot] {
    container.map_or(canvas.roots(), |team| canvas.children(team))
}

fn origin(canvas: &Canvas, slot: Slot) -> Point {
    canvas.get(slot).and_then(position).unwrap_or_default()
}
