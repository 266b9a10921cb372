//! Tests of the arrangement.

use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Workspace, WorkspaceId};

use super::*;

/// A canvas with its arrangement.
struct Fixture {
    canvas: Canvas,
    arrangement: Arrangement,
}

impl Fixture {
    fn new() -> Self {
        Self { canvas: Canvas::new(), arrangement: Arrangement::default() }
    }

    fn apply(&mut self, event: &str, id: &str, payload: &str) -> Vec<Slot> {
        let text = format!(
            r#"{{"event":"{event}","workspace_id":"{id}","timestamp":"2026-03-30T12:00:00Z","payload":{payload}}}"#
        );
        let mut changes = Changes::default();
        self.canvas.fold(&EventEnvelope::read(&text).unwrap().event, &mut changes);
        let touched: Vec<Slot> = changes.added.iter().chain(&changes.updated).copied().collect();
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        self.arrangement.update(&self.canvas, &touched, &removed)
    }

    fn add(&mut self, id: &str, parent: Option<&str>, place: Option<(f64, f64)>) {
        let parent = parent.map_or("null".into(), |parent| format!("{parent:?}"));
        let place = place.map_or(String::new(), |(x, y)| format!(r#","x":{x},"y":{y}"#));
        self.apply("WORKSPACE_PROVISIONING", id, &format!(r#"{{"name":"{id}","parent_id":{parent}{place}}}"#));
    }

    fn slot(&self, id: &str) -> Slot {
        self.canvas.find(&WorkspaceId::parse(id).unwrap()).unwrap()
    }

    fn rect(&self, id: &str) -> Rect {
        self.arrangement.rect(self.slot(id)).unwrap()
    }

    /// Asserts that no siblings overlap, and that every team encloses its children.
    fn check(&self) {
        for (slot, record) in self.canvas.iter() {
            let Some(rect) = self.arrangement.rect(slot) else { continue };
            let siblings = self.canvas.parent(slot).map_or(self.canvas.roots(), |parent| self.canvas.children(parent));
            for other in siblings.iter().filter(|other| **other != slot) {
                let other = self.arrangement.rect(*other).unwrap();
                assert!(!rect.meets(&other), "{} at {rect:?} meets {other:?}", record.id);
            }
            if let Some(team) = self.canvas.parent(slot).and_then(|parent| self.arrangement.rect(parent)) {
                assert_eq!(team.union(&rect), team, "{} is not inside its team", record.id);
            }
        }
    }
}

#[test]
fn optimistic_collapse_lasts_until_it_is_cleared() {
    let mut fixture = Fixture::new();
    fixture.add("team", None, None);
    fixture.add("child", Some("team"), None);
    let (team, child) = (fixture.slot("team"), fixture.slot("child"));
    let mut presume = |collapsed| {
        fixture.arrangement.set_optimistic_collapsed(team, collapsed);
        fixture.arrangement.update(&fixture.canvas, &[team], &[]);
        (fixture.arrangement.shape(team), fixture.arrangement.rect(child).is_some())
    };
    assert_eq!(presume(Some(true)), (Shape::Card, false));
    assert_eq!(presume(None), (Shape::Team, true));
}

#[test]
fn adding_a_workspace_moves_no_other() {
    let mut fixture = Fixture::new();
    let mut before: Vec<(String, Rect)> = Vec::new();
    for number in 0..40 {
        let id = format!("w{number}");
        fixture.add(&id, None, None);
        for (id, rect) in &before {
            assert_eq!(fixture.rect(id), *rect);
        }
        before.push((id.clone(), fixture.rect(&id)));
        fixture.check();
    }
}

#[test]
fn a_team_encloses_its_children_to_any_depth() {
    let mut fixture = Fixture::new();
    fixture.add("other", None, None);
    fixture.add("t0", None, None);
    for depth in 1..7 {
        fixture.add(&format!("t{depth}"), Some(&format!("t{}", depth - 1)), None);
        fixture.add(&format!("c{depth}"), Some(&format!("t{}", depth - 1)), None);
        fixture.check();
    }
    assert_eq!(fixture.arrangement.shape(fixture.slot("t5")), Shape::Team);
    assert_eq!(fixture.arrangement.shape(fixture.slot("t6")), Shape::Card);
}

#[test]
fn a_recorded_position_is_kept_and_the_team_grows() {
    let mut fixture = Fixture::new();
    fixture.add("team", None, None);
    fixture.add("far", Some("team"), Some((-900.0, 2000.0)));
    fixture.add("near", Some("team"), None);
    assert_eq!(fixture.rect("far").at, Point::new(-900.0, 2000.0));
    fixture.check();
    fixture.apply("WORKSPACE_UPDATED", "far", r#"{"x":100,"y":50}"#);
    assert_eq!(fixture.rect("far").at, Point::new(100.0, 50.0));
    fixture.check();
}

#[test]
fn moving_a_team_moves_its_children() {
    let mut fixture = Fixture::new();
    fixture.add("team", None, None);
    fixture.add("child", Some("team"), None);
    fixture.add("pinned", Some("team"), Some((300.0, 60.0)));
    let before = fixture.rect("child").at.minus(fixture.rect("team").at);
    fixture.apply("WORKSPACE_UPDATED", "team", r#"{"x":5000,"y":5000}"#);
    assert_eq!(fixture.rect("child").at.minus(Point::new(5000.0, 5000.0)), before);
    assert_eq!(fixture.rect("pinned").at, Point::new(300.0, 60.0), "its own place is its own");
}

#[test]
fn a_team_that_grows_into_a_neighbour_moves() {
    let mut fixture = Fixture::new();
    for id in ["a", "b", "c", "d"] {
        fixture.add(id, None, None);
    }
    let before = [fixture.rect("b"), fixture.rect("c"), fixture.rect("d")];
    for number in 0..6 {
        fixture.add(&format!("a{number}"), Some("a"), None);
        fixture.check();
    }
    assert_eq!([fixture.rect("b"), fixture.rect("c"), fixture.rect("d")], before);
}

#[test]
fn hides_everything_inside_a_collapsed_team() {
    let mut fixture = Fixture::new();
    fixture.add("team", None, None);
    fixture.add("inner", Some("team"), None);
    fixture.add("leaf", Some("inner"), None);
    let open = fixture.rect("leaf").at.minus(fixture.rect("team").at);
    fixture.apply("WORKSPACE_UPDATED", "team", r#"{"collapsed":true}"#);
    assert_eq!(fixture.arrangement.rect(fixture.slot("leaf")), None);
    assert_eq!(fixture.arrangement.shape(fixture.slot("team")), Shape::Card);
    fixture.add("late", Some("inner"), None);
    assert_eq!(fixture.arrangement.rect(fixture.slot("late")), None);
    fixture.apply("WORKSPACE_UPDATED", "team", r#"{"collapsed":false}"#);
    assert_eq!(fixture.rect("leaf").at.minus(fixture.rect("team").at), open);
    fixture.check();
}

#[test]
fn a_workspace_that_leaves_a_team_is_placed_outside() {
    let mut fixture = Fixture::new();
    fixture.add("team", None, None);
    fixture.add("a", Some("team"), None);
    fixture.add("b", Some("team"), None);
    fixture.apply("WORKSPACE_MOVED", "a", r#"{"old_parent_id":"team","new_parent_id":null}"#);
    fixture.check();
    fixture.apply("WORKSPACE_REMOVED", "b", r#"{"forwarded_to":null}"#);
    assert_eq!(fixture.arrangement.shape(fixture.slot("team")), Shape::Card);
    fixture.check();
}

#[test]
fn places_are_kept_when_the_canvas_is_replaced() {
    let rows = || {
        let mut rows = Vec::new();
        for team in 0..6 {
            let mut row = Workspace::new(WorkspaceId::parse(&format!("t{team}")).unwrap());
            row.parent_id = (team % 3 == 2).then(|| WorkspaceId::parse(&format!("t{}", team - 1)).unwrap());
            rows.push(row);
            for child in 0..team * 3 {
                let mut row = Workspace::new(WorkspaceId::parse(&format!("t{team}-{child}")).unwrap());
                row.parent_id = Some(WorkspaceId::parse(&format!("t{team}")).unwrap());
                rows.push(row);
            }
        }
        Canvas::from_rows(rows, 0)
    };
    let mut fixture = Fixture { canvas: rows(), arrangement: Arrangement::default() };
    let all: Vec<Slot> = fixture.canvas.iter().map(|(slot, _)| slot).collect();
    fixture.arrangement.update(&fixture.canvas, &all, &[]);
    fixture.check();
    fixture.add("late", Some("t0"), None);
    let before = fixture.rect("t4-3");
    let again = rows();
    let mut next = Fixture { arrangement: fixture.arrangement.carried_over_to(&fixture.canvas, &again), canvas: again };
    next.arrangement.update(&next.canvas, &all, &[]);
    next.check();
    assert_eq!(next.rect("t4-3"), before);
}

#[test]
fn a_team_is_placed_around_a_child_with_a_position() {
    let mut fixture = Fixture::new();
    for id in ["a", "b", "c", "d", "child"] {
        fixture.add(id, None, None);
    }
    let Point { x, y } = fixture.rect("a").at;
    // The two events of one drop may come in two frames.
    fixture.apply("WORKSPACE_MOVED", "child", r#"{"old_parent_id":null,"new_parent_id":"a"}"#);
    fixture.apply("WORKSPACE_UPDATED", "child", &format!(r#"{{"x":{},"y":{}}}"#, x + TEAM_PADDING, y + TEAM_HEAD));
    fixture.check();
    let team = fixture.rect("a");
    assert_eq!((team.at, team.size.width), (Point::new(x, y), CARD.width + 2.0 * TEAM_PADDING));
}

#[test]
fn neighbours_move_to_the_nearest_free_place() {
    let mut fixture = Fixture::new();
    for number in 0..9 {
        fixture.add(&format!("w{number}"), None, None);
    }
    let (crowded, far) = (fixture.rect("w4"), fixture.rect("w0"));
    fixture.add("positioned", None, Some((crowded.at.x + 30.0, crowded.at.y + 30.0)));
    fixture.check();
    assert_eq!(fixture.rect("w0"), far);
    assert!(fixture.rect("w4").at.distance(crowded.at) < 3.0 * CARD.width);
}

#[test]
fn cards_with_positions_may_overlap() {
    let mut fixture = Fixture::new();
    fixture.add("a", None, Some((0.0, 0.0)));
    fixture.add("b", None, Some((100.0, 20.0)));
    assert_eq!((fixture.rect("a").at, fixture.rect("b").at), (Point::new(0.0, 0.0), Point::new(100.0, 20.0)));
}
