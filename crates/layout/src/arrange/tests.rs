//! The arrangement, one law a test. Never a pixel of the screen.

use orrery_model::{Canvas, Changes};
use orrery_protocol::{EventEnvelope, Workspace, WorkspaceId};

use super::*;

struct Stage {
    canvas: Canvas,
    arrangement: Arrangement,
}

impl Stage {
    fn new() -> Self {
        Self { canvas: Canvas::new(), arrangement: Arrangement::default() }
    }

    fn say(&mut self, event: &str, id: &str, payload: &str) -> Vec<Slot> {
        let text = format!(
            r#"{{"event":"{event}","workspace_id":"{id}","timestamp":"2026-03-30T12:00:00Z","payload":{payload}}}"#
        );
        let mut changes = Changes::default();
        self.canvas.fold(&EventEnvelope::read(&text).unwrap().event, &mut changes);
        let touched: Vec<Slot> = changes.added.iter().chain(&changes.updated).copied().collect();
        let removed: Vec<Slot> = changes.removed.iter().map(|(slot, _)| *slot).collect();
        self.arrangement.follow(&self.canvas, &touched, &removed)
    }

    fn add(&mut self, id: &str, parent: Option<&str>, place: Option<(f64, f64)>) {
        let parent = parent.map_or("null".into(), |parent| format!("{parent:?}"));
        let place = place.map_or(String::new(), |(x, y)| format!(r#","x":{x},"y":{y}"#));
        self.say("WORKSPACE_PROVISIONING", id, &format!(r#"{{"name":"{id}","parent_id":{parent}{place}}}"#));
    }

    fn slot(&self, id: &str) -> Slot {
        self.canvas.find(&WorkspaceId::parse(id).unwrap()).unwrap()
    }

    fn rect(&self, id: &str) -> Rect {
        self.arrangement.rect(self.slot(id)).unwrap()
    }

    /// No two siblings overlap, and every team encloses its children.
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
fn what_is_presumed_of_a_team_is_shown_until_it_is_taken_back() {
    let mut stage = Stage::new();
    stage.add("team", None, None);
    stage.add("child", Some("team"), None);
    let (team, child) = (stage.slot("team"), stage.slot("child"));
    let mut presume = |collapsed| {
        stage.arrangement.presume_collapsed(team, collapsed);
        stage.arrangement.follow(&stage.canvas, &[team], &[]);
        (stage.arrangement.shape(team), stage.arrangement.rect(child).is_some())
    };
    assert_eq!(presume(Some(true)), (Shape::Card, false));
    assert_eq!(presume(None), (Shape::Team, true));
}

#[test]
fn a_new_one_never_moves_others() {
    let mut stage = Stage::new();
    let mut stood: Vec<(String, Rect)> = Vec::new();
    for number in 0..40 {
        let id = format!("w{number}");
        stage.add(&id, None, None);
        for (id, rect) in &stood {
            assert_eq!(stage.rect(id), *rect);
        }
        stood.push((id.clone(), stage.rect(&id)));
        stage.check();
    }
}

#[test]
fn a_team_encloses_its_children_to_any_depth() {
    let mut stage = Stage::new();
    stage.add("other", None, None);
    stage.add("t0", None, None);
    for depth in 1..7 {
        stage.add(&format!("t{depth}"), Some(&format!("t{}", depth - 1)), None);
        stage.add(&format!("c{depth}"), Some(&format!("t{}", depth - 1)), None);
        stage.check();
    }
    assert_eq!(stage.arrangement.shape(stage.slot("t5")), Shape::Team);
    assert_eq!(stage.arrangement.shape(stage.slot("t6")), Shape::Card);
}

#[test]
fn a_place_that_is_said_is_kept_and_its_team_grows_around_it() {
    let mut stage = Stage::new();
    stage.add("team", None, None);
    stage.add("far", Some("team"), Some((-900.0, 2000.0)));
    stage.add("near", Some("team"), None);
    assert_eq!(stage.rect("far").at, Point::new(-900.0, 2000.0));
    stage.check();
    stage.say("WORKSPACE_UPDATED", "far", r#"{"x":100,"y":50}"#);
    assert_eq!(stage.rect("far").at, Point::new(100.0, 50.0));
    stage.check();
}

#[test]
fn a_team_that_moves_takes_its_children_along() {
    let mut stage = Stage::new();
    stage.add("team", None, None);
    stage.add("child", Some("team"), None);
    stage.add("pinned", Some("team"), Some((300.0, 60.0)));
    let before = stage.rect("child").at.minus(stage.rect("team").at);
    stage.say("WORKSPACE_UPDATED", "team", r#"{"x":5000,"y":5000}"#);
    assert_eq!(stage.rect("child").at.minus(Point::new(5000.0, 5000.0)), before);
    assert_eq!(stage.rect("pinned").at, Point::new(300.0, 60.0), "its own place is its own");
}

#[test]
fn who_grows_into_a_neighbour_goes_elsewhere() {
    let mut stage = Stage::new();
    for id in ["a", "b", "c", "d"] {
        stage.add(id, None, None);
    }
    let stood = [stage.rect("b"), stage.rect("c"), stage.rect("d")];
    for number in 0..6 {
        stage.add(&format!("a{number}"), Some("a"), None);
        stage.check();
    }
    assert_eq!([stage.rect("b"), stage.rect("c"), stage.rect("d")], stood);
}

#[test]
fn inside_something_collapsed_nothing_is_shown() {
    let mut stage = Stage::new();
    stage.add("team", None, None);
    stage.add("inner", Some("team"), None);
    stage.add("leaf", Some("inner"), None);
    let open = stage.rect("leaf").at.minus(stage.rect("team").at);
    stage.say("WORKSPACE_UPDATED", "team", r#"{"collapsed":true}"#);
    assert_eq!(stage.arrangement.rect(stage.slot("leaf")), None);
    assert_eq!(stage.arrangement.shape(stage.slot("team")), Shape::Card);
    stage.add("late", Some("inner"), None);
    assert_eq!(stage.arrangement.rect(stage.slot("late")), None);
    stage.say("WORKSPACE_UPDATED", "team", r#"{"collapsed":false}"#);
    assert_eq!(stage.rect("leaf").at.minus(stage.rect("team").at), open);
    stage.check();
}

#[test]
fn leaving_a_team_finds_a_place_outside() {
    let mut stage = Stage::new();
    stage.add("team", None, None);
    stage.add("a", Some("team"), None);
    stage.add("b", Some("team"), None);
    stage.say("WORKSPACE_MOVED", "a", r#"{"old_parent_id":"team","new_parent_id":null}"#);
    stage.check();
    stage.say("WORKSPACE_REMOVED", "b", r#"{"forwarded_to":null}"#);
    assert_eq!(stage.arrangement.shape(stage.slot("team")), Shape::Card);
    stage.check();
}

#[test]
fn a_whole_fleet_is_tidy_and_keeps_its_places_when_it_is_read_again() {
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
    let mut stage = Stage { canvas: rows(), arrangement: Arrangement::default() };
    let all: Vec<Slot> = stage.canvas.iter().map(|(slot, _)| slot).collect();
    stage.arrangement.follow(&stage.canvas, &all, &[]);
    stage.check();
    stage.add("late", Some("t0"), None);
    let stood = stage.rect("t4-3");
    let again = rows();
    let mut next = Stage { arrangement: stage.arrangement.handed_over(&stage.canvas, &again), canvas: again };
    next.arrangement.follow(&next.canvas, &all, &[]);
    next.check();
    assert_eq!(next.rect("t4-3"), stood);
}

#[test]
fn a_card_that_takes_in_a_child_that_says_its_place_stays_around_it() {
    let mut stage = Stage::new();
    for id in ["a", "b", "c", "d", "child"] {
        stage.add(id, None, None);
    }
    let Point { x, y } = stage.rect("a").at;
    // The two events of one drop may come in two frames.
    stage.say("WORKSPACE_MOVED", "child", r#"{"old_parent_id":null,"new_parent_id":"a"}"#);
    stage.say("WORKSPACE_UPDATED", "child", &format!(r#"{{"x":{},"y":{}}}"#, x + TEAM_PADDING, y + TEAM_HEAD));
    stage.check();
    let team = stage.rect("a");
    assert_eq!((team.at, team.size.width), (Point::new(x, y), CARD.width + 2.0 * TEAM_PADDING));
}

#[test]
fn neighbours_step_aside_for_what_says_its_place_and_no_farther_than_they_must() {
    let mut stage = Stage::new();
    for number in 0..9 {
        stage.add(&format!("w{number}"), None, None);
    }
    let (crowded, far) = (stage.rect("w4"), stage.rect("w0"));
    stage.add("said", None, Some((crowded.at.x + 30.0, crowded.at.y + 30.0)));
    stage.check();
    assert_eq!(stage.rect("w0"), far);
    assert!(stage.rect("w4").at.distance(crowded.at) < 3.0 * CARD.width);
}

#[test]
fn a_card_that_says_a_place_in_the_room_of_a_team_steps_aside_whoever_came_first() {
    for (first, second) in [("card", "child"), ("child", "card")] {
        let mut stage = Stage::new();
        stage.add("team", None, Some((0.0, 0.0)));
        for id in [first, second] {
            match id {
                "card" => stage.add("card", None, Some((300.0, 60.0))),
                _ => stage.add("child", Some("team"), Some((280.0, 40.0))),
            }
        }
        stage.check();
        assert_eq!(stage.rect("child").at, Point::new(280.0, 40.0));
        let rows: Vec<Workspace> = stage.canvas.iter().map(|(_, it)| it.clone()).collect();
        let mut again = Stage { canvas: Canvas::from_rows(rows, 0), arrangement: Arrangement::default() };
        let all: Vec<Slot> = again.canvas.iter().map(|(slot, _)| slot).collect();
        again.arrangement.follow(&again.canvas, &all, &[]);
        again.check();
    }
}

#[test]
fn cards_that_say_their_places_stand_where_they_say() {
    let mut stage = Stage::new();
    stage.add("a", None, Some((0.0, 0.0)));
    stage.add("b", None, Some((100.0, 20.0)));
    assert_eq!((stage.rect("a").at, stage.rect("b").at), (Point::new(0.0, 0.0), Point::new(100.0, 20.0)));
}
