//! Hit testing compared with a search through every rectangle, on random layouts and cameras.

use orrery_model::Canvas;
use orrery_protocol::{Workspace, WorkspaceId};

use super::*;
use crate::{Arrangement, Grid, Shape};

/// Xorshift: the same numbers for the same seed, on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * (self.below(1 << 40) as f64 / (1u64 << 40) as f64)
    }
}

struct Map {
    canvas: Canvas,
    arrangement: Arrangement,
    grid: Grid,
}

impl Map {
    /// Children follow their parents in the list. With positions in the records, cards may overlap.
    fn random(random: &mut Random, has_positions: bool) -> Self {
        let count = 1 + random.below(120);
        let mut rows: Vec<Workspace> = Vec::new();
        for number in 0..count {
            let mut row = Workspace::new(WorkspaceId::parse(&format!("w{number}")).unwrap());
            if number > 0 && random.below(4) != 0 {
                row.parent_id = Some(rows[random.below(number.min(12)) as usize].id.clone());
            }
            row.collapsed = random.below(8) == 0;
            if has_positions && random.below(3) == 0 {
                (row.x, row.y) = (Some(random.between(-900.0, 900.0)), Some(random.between(-900.0, 900.0)));
            }
            rows.push(row);
        }
        let canvas = Canvas::from_rows(rows, 1);
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let (mut arrangement, mut grid) = (Arrangement::default(), Grid::default());
        arrangement.update(&canvas, &slots, &[]);
        slots.iter().for_each(|slot| grid.set(*slot, arrangement.rect(*slot)));
        Self { canvas, arrangement, grid }
    }

    fn shown(&self) -> Vec<(Slot, Rect)> {
        self.canvas.iter().filter_map(|(slot, _)| Some((slot, self.arrangement.rect(slot)?))).collect()
    }

    fn depth(&self, slot: Slot) -> u32 {
        std::iter::successors(self.canvas.parent(slot), |slot| self.canvas.parent(*slot)).count() as u32
    }

    /// Returns the last painted node that contains the point: teams before cards, outer before inner.
    fn find_by_search(&self, camera: &Viewport, point: Point) -> Option<Slot> {
        let mut painted = self.shown();
        painted.sort_by_key(|(slot, _)| (self.arrangement.shape(*slot) == Shape::Card, self.depth(*slot), *slot));
        let on_screen = |rect: &Rect| camera::rect_to_screen(camera, rect);
        painted.iter().rev().find(|(_, rect)| on_screen(rect).contains(point)).map(|(slot, _)| *slot)
    }
}

impl HitLayout for Map {
    fn candidates(&self, area: &Rect) -> Vec<Slot> {
        self.grid.query(area)
    }

    fn rect(&self, slot: Slot) -> Option<Rect> {
        self.arrangement.rect(slot)
    }

    fn layer(&self, slot: Slot) -> Layer {
        let is_card = self.arrangement.shape(slot) == Shape::Card;
        Layer { is_dragged: false, is_card, is_rendered: false, rank: self.depth(slot) }
    }
}

fn random_camera(random: &mut Random) -> Viewport {
    let zoom = random.between(0.01, 2.0);
    Viewport { x: random.between(-4000.0, 4000.0), y: random.between(-4000.0, 4000.0), zoom }
}

#[test]
fn finds_the_topmost_node_under_any_point() {
    let mut random = Random(0x0BAD_5EED);
    let (mut hits, mut misses) = (0, 0);
    for round in 0..200 {
        let map = Map::random(&mut random, round % 2 == 0);
        let (camera, bounds) = (random_camera(&mut random), map.grid.bounds().unwrap().inflated(200.0));
        for _ in 0..50 {
            let world =
                Point::new(random.between(bounds.at.x, bounds.right()), random.between(bounds.at.y, bounds.bottom()));
            let point = camera::to_screen(&camera, world);
            let hit = at_screen(&map, &camera, point).map(|hit| hit.slot);
            assert_eq!(hit, map.find_by_search(&camera, point), "round {round}, {camera:?}, {point:?}");
            hits += usize::from(hit.is_some());
            misses += usize::from(hit.is_none());
        }
    }
    assert!(hits > 1000 && misses > 1000, "both must occur: {hits} hits, {misses} misses");
}

#[test]
fn the_center_of_a_card_hits_the_card() {
    let mut random = Random(42);
    for round in 0..100 {
        let map = Map::random(&mut random, false);
        let camera = random_camera(&mut random);
        for (slot, rect) in map.shown().into_iter().filter(|(slot, _)| map.arrangement.shape(*slot) == Shape::Card) {
            let centre = camera::rect_to_screen(&camera, &rect).middle();
            let hit = at_screen(&map, &camera, centre);
            assert_eq!(hit, Some(Hit { slot, part: Part::Card }), "round {round}, {camera:?}");
        }
    }
}

#[test]
fn a_team_is_hit_on_its_header_and_between_its_children() {
    let row = |id: &str, parent: Option<&str>| {
        let mut row = Workspace::new(WorkspaceId::parse(id).unwrap());
        row.parent_id = parent.map(|id| WorkspaceId::parse(id).unwrap());
        row
    };
    let canvas = Canvas::from_rows([row("team", None), row("one", Some("team")), row("two", Some("team"))], 1);
    let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
    let (mut arrangement, mut grid) = (Arrangement::default(), Grid::default());
    arrangement.update(&canvas, &slots, &[]);
    slots.iter().for_each(|slot| grid.set(*slot, arrangement.rect(*slot)));
    let map = Map { canvas, arrangement, grid };
    let [team, one] = [0, 1].map(|at| map.arrangement.rect(slots[at]).unwrap());
    let part = |x: f64, y: f64| at_world(&map, Point::new(x, y)).map(|hit| (hit.slot, hit.part));
    assert_eq!(part(team.at.x, team.at.y), Some((slots[0], Part::Head)));
    assert_eq!(part(team.middle().x, team.at.y + TEAM_HEAD - 0.5), Some((slots[0], Part::Head)));
    assert_eq!(part(team.at.x + 1.0, team.middle().y), Some((slots[0], Part::Ground)));
    assert_eq!(part(one.at.x, one.at.y), Some((slots[1], Part::Card)));
    assert_eq!(part(team.right(), team.middle().y), None, "the right edge lies outside");
    assert_eq!(part(team.at.x - 1.0, team.middle().y), None);
}

#[test]
fn dragged_nodes_lie_above_rendered_ones_and_these_above_drawn_ones() {
    let layer = |is_dragged, is_card, is_rendered, rank| Layer { is_dragged, is_card, is_rendered, rank };
    let ascending = [
        layer(false, false, false, 0),
        layer(false, false, false, 7),
        layer(false, true, false, 0),
        layer(false, true, false, 5),
        layer(false, true, true, 0),
        layer(true, false, false, 0),
        layer(true, true, false, 0),
    ];
    assert!(ascending.is_sorted());
}
