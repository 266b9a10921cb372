//! Properties of assigned positions, over random histories from a deterministic generator.

mod fleet;

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::*;
use crate::Shape;
use fleet::Fleet;

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
