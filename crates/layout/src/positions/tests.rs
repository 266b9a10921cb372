//! Properties of assigned positions, over random histories from a deterministic generator.

use std::collections::{HashMap, HashSet};

use orrery_model::Changes;
use orrery_protocol::{EventEnvelope, WorkspaceId};
use serde_json::{Value, json};

use super::*;
use crate::{Arrangement, Shape};

/// A canvas whose positions are assigned as a server does it, and the layout of a page that follows its events.
#[derive(Default)]
struct Fleet {
    canvas: Canvas,
    index: PositionIndex,
    page: Arrangement,
    last_id: usize,
    random: u64,
}

impl Fleet {
    fn with_seed(seed: u64) -> Self {
        Self { random: seed, ..Self::default() }
    }

    /// Returns a number below `end` (SplitMix64).
    fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn apply(&mut self, event: &str, id: &str, payload: Value) {
        let envelope =
            json!({ "event": event, "workspace_id": id, "timestamp": "2026-03-30T12:00:00Z", "payload": payload });
        let mut changes = Changes::default();
        self.canvas.fold(&EventEnvelope::read(&envelope.to_string()).unwrap().event, &mut changes);
        let touched: Vec<Slot> = changes.added.iter().chain(&changes.updated).copied().collect();
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        self.index.update(&self.canvas, &touched, &removed);
        self.page.update(&self.canvas, &touched, &removed);
    }

    fn set_position(&mut self, slot: Slot, to: Point, pinned: Option<bool>) {
        let id = self.id(slot);
        let mut payload = json!({ "x": to.x, "y": to.y, "with_descendants": true });
        if let Some(pinned) = pinned {
            payload["pinned"] = pinned.into();
        }
        self.apply("WORKSPACE_UPDATED", &id, payload);
    }

    fn set_all(&mut self, positions: &[(Slot, Point)]) {
        positions.iter().for_each(|(slot, to)| self.set_position(*slot, *to, None));
    }

    fn add(&mut self, team: Option<Slot>, count: usize) -> Vec<Slot> {
        let mut plan = Plan::new(&self.canvas, &self.index);
        let cells = plan.add(team, count);
        let displaced = plan.into_displaced();
        let parent = team.map(|team| self.id(team));
        let added = cells.into_iter().map(|cell| {
            self.last_id += 1;
            let id = format!("w{}", self.last_id);
            let payload = json!({ "name": id, "parent_id": parent, "x": cell.x, "y": cell.y, "pinned": false });
            self.apply("WORKSPACE_PROVISIONING", &id, payload);
            self.slot(&id)
        });
        let added = added.collect();
        self.set_all(&displaced);
        added
    }

    fn relocate(&mut self, slot: Slot, team: Option<Slot>, to: Option<Point>) {
        let mut plan = Plan::new(&self.canvas, &self.index);
        let at = plan.relocate(slot, team, to);
        let displaced = plan.into_displaced();
        if self.canvas.parent(slot) != team {
            let (id, parent) = (self.id(slot), team.map(|team| self.id(team)));
            self.apply("WORKSPACE_MOVED", &id, json!({ "new_parent_id": parent }));
        }
        self.set_position(slot, at, Some(to.is_some()));
        self.set_all(&displaced);
    }

    fn tidy(&mut self, team: Option<Slot>) {
        let moves = tidy(&self.canvas, team, false);
        self.set_all(&moves);
        if let Some(team) = team {
            let mut plan = Plan::new(&self.canvas, &self.index);
            plan.make_room(team);
            let displaced = plan.into_displaced();
            self.set_all(&displaced);
        }
    }

    fn remove(&mut self, slot: Slot) {
        for gone in self.subtree(slot).into_iter().rev() {
            let id = self.id(gone);
            self.apply("WORKSPACE_REMOVED", &id, json!({}));
        }
    }

    fn subtree(&self, slot: Slot) -> Vec<Slot> {
        let mut all = vec![slot];
        let mut next = 0;
        while let Some(slot) = all.get(next).copied() {
            all.extend_from_slice(self.canvas.children(slot));
            next += 1;
        }
        all
    }

    fn id(&self, slot: Slot) -> String {
        self.canvas.get(slot).unwrap().id.to_string()
    }

    fn slot(&self, id: &str) -> Slot {
        self.canvas.find(&WorkspaceId::parse(id).unwrap()).unwrap()
    }

    fn any(&mut self) -> Option<Slot> {
        let slots: Vec<Slot> = self.canvas.iter().map(|(slot, _)| slot).collect();
        (!slots.is_empty()).then(|| slots[self.below(slots.len())])
    }

    /// Returns a team that `slot` may move into, or `None` for outside of all teams.
    fn any_team(&mut self, slot: Option<Slot>) -> Option<Slot> {
        let team = self.any().filter(|team| slot.is_none_or(|slot| !self.canvas.would_cycle(slot, *team)));
        team.filter(|_| self.below(4) > 0)
    }

    fn positions(&self) -> HashMap<String, Point> {
        self.canvas.iter().map(|(_, record)| (record.id.to_string(), position(record).unwrap())).collect()
    }

    fn children(&self, team: Option<Slot>) -> &[Slot] {
        team.map_or(self.canvas.roots(), |team| self.canvas.children(team))
    }

    /// Asserts that no siblings overlap, that teams enclose their members, that the incremental index equals a new one, and that
    /// a page that follows the events and one that loads the records show the same.
    fn check(&self) {
        let new_index = PositionIndex::of(&self.canvas);
        let mut new_page = Arrangement::default();
        let all: Vec<Slot> = self.canvas.iter().map(|(slot, _)| slot).collect();
        new_page.update(&self.canvas, &all, &[]);
        for slot in all.iter().copied() {
            let (rect, id) = (self.index.rect(slot).unwrap(), self.id(slot));
            assert_eq!(new_index.rect(slot), Some(rect), "{id}");
            assert_eq!((self.page.rect(slot), new_page.rect(slot)), (Some(rect), Some(rect)), "{id}");
            for other in self.children(self.canvas.parent(slot)).iter().filter(|other| **other != slot) {
                let other_rect = self.index.rect(*other).unwrap();
                assert!(!rect.meets(&other_rect), "{id} at {rect:?} meets {} at {other_rect:?}", self.id(*other));
            }
            let team = self.canvas.parent(slot).map(|team| self.index.rect(team).unwrap());
            assert!(team.is_none_or(|team| team.encloses(&rect)), "{id} is not inside its team");
        }
    }
}

/// What a step may move: the workspaces that a person moved, with everything inside.
fn step(fleet: &mut Fleet) -> HashSet<String> {
    let names = |fleet: &Fleet, slots: Vec<Slot>| slots.into_iter().map(|slot| fleet.id(slot)).collect();
    match fleet.below(10) {
        0..4 => {
            let (team, count) = (fleet.any_team(None), 1 + fleet.below(3) * fleet.below(4));
            fleet.add(team, count);
            HashSet::new()
        }
        4..6 => {
            let Some(slot) = fleet.any().filter(|slot| fleet.canvas.children(*slot).len() < 4) else {
                return HashSet::new();
            };
            fleet.remove(slot);
            HashSet::new()
        }
        6..8 => {
            let Some(slot) = fleet.any() else { return HashSet::new() };
            let team = fleet.any_team(Some(slot));
            if team == fleet.canvas.parent(slot) {
                return HashSet::new();
            }
            fleet.relocate(slot, team, None);
            names(fleet, fleet.subtree(slot))
        }
        _ => {
            let Some(slot) = fleet.any() else { return HashSet::new() };
            let team = fleet.any_team(Some(slot));
            let (x, y) = (fleet.below(400) as f64 * 4.0 - 400.0, fleet.below(300) as f64 * 4.0 - 300.0);
            let around = team.and_then(|team| fleet.index.rect(team)).map_or(Point::default(), |rect| rect.at);
            fleet.relocate(slot, team, Some(around.plus(Point::new(x, y))));
            names(fleet, fleet.subtree(slot))
        }
    }
}

#[test]
fn every_position_stays_unless_an_overlap_forces_it_to_change() {
    for seed in 0..60 {
        let mut fleet = Fleet::with_seed(seed);
        for _ in 0..60 {
            let before = fleet.positions();
            let index = fleet.index.clone();
            let moved_by_hand = step(&mut fleet);
            fleet.check();
            check_forced(&fleet, &before, &index, &moved_by_hand);
        }
    }
}

/// Asserts that a workspace that no person moved has its position, or moved along with its team, or was in the way of a sibling:
/// then it moved along one axis only.
fn check_forced(
    fleet: &Fleet,
    before: &HashMap<String, Point>,
    index: &PositionIndex,
    moved_by_hand: &HashSet<String>,
) {
    let offset = |slot: Slot| {
        let id = fleet.id(slot);
        let before = before.get(&id).filter(|_| !moved_by_hand.contains(&id));
        before.map(|before| fleet.positions_of(slot).minus(*before))
    };
    for (slot, record) in fleet.canvas.iter() {
        let Some(moved) = offset(slot) else { continue };
        let parent = fleet.canvas.parent(slot);
        let along = parent.and_then(offset).unwrap_or_default();
        let own = moved.minus(along);
        if own == Point::default() {
            continue;
        }
        assert!(own.x == 0.0 || own.y == 0.0, "{} moved along both axes: {own:?}", record.id);
        let rect = index.rect(slot).unwrap().shifted(along);
        let now = |other: Slot| fleet.index.rect(other).unwrap();
        let is_forced = fleet.children(parent).iter().any(|other| *other != slot && now(*other).meets(&rect));
        assert!(is_forced, "{} moved by {own:?} and nothing was in its way", record.id);
    }
}

impl Fleet {
    fn positions_of(&self, slot: Slot) -> Point {
        position(self.canvas.get(slot).unwrap()).unwrap()
    }
}

#[test]
fn a_free_cell_is_taken_again_and_nothing_moves() {
    let mut fleet = Fleet::default();
    let team = fleet.add(None, 1)[0];
    let members = fleet.add(Some(team), 9);
    let (second, before) = (fleet.positions_of(members[1]), fleet.index.rect(team));
    fleet.remove(members[1]);
    let new = fleet.add(Some(team), 1)[0];
    assert_eq!((fleet.positions_of(new), fleet.index.rect(team)), (second, before));
    fleet.check();
}

#[test]
fn tidying_up_leaves_what_was_placed_by_hand_and_can_be_taken_back() {
    for seed in 0..20 {
        let mut fleet = Fleet::with_seed(seed);
        for _ in 0..40 {
            step(&mut fleet);
        }
        let team = fleet.any_team(None);
        let before = fleet.positions();
        let offset_in_team = |fleet: &Fleet, slot| {
            let parent = fleet.canvas.parent(slot).map_or(Point::default(), |parent| fleet.positions_of(parent));
            fleet.positions_of(slot).minus(parent)
        };
        let pinned = fleet.canvas.iter().filter(|(_, record)| record.pinned == Some(true)).map(|(slot, _)| slot);
        let pinned: Vec<(Slot, Point)> = pinned.map(|slot| (slot, offset_in_team(&fleet, slot))).collect();
        fleet.tidy(team);
        fleet.check();
        if team.is_none() {
            pinned.iter().for_each(|(slot, offset)| assert_eq!(offset_in_team(&fleet, *slot), *offset));
        }
        let again = tidy(&fleet.canvas, team, false);
        assert_eq!(again, [], "what is tidy stays");
        let depth = |slot: &Slot| std::iter::successors(Some(*slot), |slot| fleet.canvas.parent(*slot)).count();
        let mut all: Vec<Slot> = fleet.canvas.iter().map(|(slot, _)| slot).collect();
        all.sort_by_key(depth);
        all.into_iter().for_each(|slot| fleet.set_position(slot, before[&fleet.id(slot)], None));
        assert_eq!(fleet.positions(), before);
        fleet.check();
    }
}

#[test]
fn collapsing_and_expanding_a_team_moves_nothing() {
    let mut fleet = Fleet::default();
    let teams = fleet.add(None, 3);
    teams.iter().for_each(|team| drop(fleet.add(Some(*team), 5)));
    let before = fleet.positions();
    let id = fleet.id(teams[0]);
    fleet.apply("WORKSPACE_UPDATED", &id, json!({ "collapsed": true }));
    assert_eq!((fleet.page.shape(teams[0]), fleet.positions()), (Shape::Card, before.clone()));
    fleet.apply("WORKSPACE_UPDATED", &id, json!({ "collapsed": false }));
    assert_eq!(fleet.positions(), before);
    fleet.check();
}

#[test]
fn filling_many_teams_displaces_few_neighbours() {
    let mut fleet = Fleet::default();
    let teams = fleet.add(None, 60);
    let (mut displaced, mut before) = (0, fleet.positions());
    for team in teams.iter().cycle().take(600) {
        let added = fleet.add(Some(*team), 1)[0];
        let now = fleet.positions();
        let roots = fleet.canvas.roots().iter().map(|slot| fleet.id(*slot));
        displaced += roots.filter(|id| now[id] != before[id]).count();
        before = now;
        assert!(fleet.index.rect(added).is_some());
    }
    fleet.check();
    assert!(displaced < 600, "{displaced} teams moved for 600 members");
}
