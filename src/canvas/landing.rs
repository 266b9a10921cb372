//! Where what is dropped goes: into which team, and to which place. Pure. Never asks the server.

use orrery_model::Slot;
use orrery_protocol::WorkspaceId;

use crate::store::CanvasStore;
use orrery_layout::arrange::{CARD, TEAM_HEAD, TEAM_PADDING};
use orrery_layout::{Point, Shape};

/// What the person asks for by dropping.
#[derive(Debug, Clone, PartialEq)]
pub struct Landing {
    pub id: WorkspaceId,
    pub name: String,
    /// Its new parent's id and name; none for the root.
    pub parent: Option<(WorkspaceId, String)>,
    pub parent_before: Option<(WorkspaceId, String)>,
    /// Where it lands, and where it stood.
    pub at: Point,
    pub stood: Point,
    /// Those inside that say their own places, and so have to be told: id, new place, old place.
    pub inside: Vec<(WorkspaceId, Point, Point)>,
    /// The teams around where it lands that say no place yet: who reads the fleet again must find them where they stand now.
    pub around: Vec<(WorkspaceId, Point)>,
    /// Without a place of its own it is given one in its new team.
    pub says_place: bool,
}

impl Landing {
    pub fn is_nesting(&self) -> bool {
        self.parent.as_ref().map(|(id, _)| id) != self.parent_before.as_ref().map(|(id, _)| id)
    }
}

/// The team or card that would take it in; none for the root.
pub fn target(store: &CanvasStore, pointer: Point) -> Option<Slot> {
    store.node_at(pointer)
}

/// Dropped at `pointer`, carried so far.
pub fn of(store: &CanvasStore, slot: Slot, by: Point, pointer: Point) -> Option<Landing> {
    let canvas = store.canvas();
    let stood = store.layout_rect(slot)?.at;
    let target = target(store, pointer);
    let at = rounded(match target {
        Some(target) => inside(store, target, stood.plus(by), canvas.parent(slot) == Some(target))?,
        None => stood.plus(by),
    });
    landed(store, slot, target, at, true)
}

/// Into that team, or out to the root, without a pointer: below those that are there, the `nth` of several.
pub fn into(store: &CanvasStore, id: &WorkspaceId, team: Option<&WorkspaceId>, nth: usize) -> Option<Landing> {
    let canvas = store.canvas();
    let slot = canvas.find(id)?;
    let target = match team {
        Some(team) => Some(canvas.find(team)?),
        None => None,
    };
    let stood = store.layout_rect(slot).map(|rect| rect.at).unwrap_or_default();
    let along = Point::new(nth as f64 * (CARD.width + TEAM_PADDING), 0.0);
    let at = match target.and_then(|target| Some((store.shape(target), store.layout_rect(target)?))) {
        Some((Shape::Team, team)) => Point::new(team.at.x + TEAM_PADDING, team.bottom()).plus(along),
        Some((Shape::Card, team)) => team.at.plus(Point::new(TEAM_PADDING, TEAM_HEAD)).plus(along),
        // Beside everything: nobody has to step aside.
        None => store.bounds().map_or(stood, |all| Point::new(all.right() + TEAM_HEAD, all.at.y)).plus(along),
    };
    landed(store, slot, target, rounded(at), store.is_pinned(slot))
}

fn landed(store: &CanvasStore, slot: Slot, target: Option<Slot>, at: Point, says_place: bool) -> Option<Landing> {
    let canvas = store.canvas();
    let record = canvas.get(slot)?;
    let stood = store.layout_rect(slot).map(|rect| rect.at).unwrap_or_default();
    let by = at.minus(stood);
    let within = store.subtree(slot).into_iter().skip(1).filter(|inner| says_place && store.is_pinned(*inner));
    let inside = within.filter_map(|inner| {
        let record = canvas.get(inner)?;
        let stood = Point::new(record.x?, record.y?);
        Some((record.id.clone(), stood.plus(by), stood))
    });
    let named = |slot: Slot| canvas.get(slot).map(|it| (it.id.clone(), it.name.clone()));
    let outwards = std::iter::successors(target, |slot| canvas.parent(*slot));
    let unsaid = outwards.filter(|team| says_place && !store.is_pinned(*team));
    let around = unsaid.filter_map(|team| Some((canvas.get(team)?.id.clone(), store.origin(team)?))).collect();
    Some(Landing {
        id: record.id.clone(),
        name: record.name.clone(),
        parent: target.and_then(named),
        parent_before: canvas.parent(slot).and_then(named),
        at,
        stood,
        inside: inside.collect(),
        around,
        says_place,
    })
}

/// Below the team's head. On a card, which has no room yet, the first place.
fn inside(store: &CanvasStore, target: Slot, at: Point, stays: bool) -> Option<Point> {
    let team = store.layout_rect(target)?;
    let corner = team.at.plus(Point::new(TEAM_PADDING, TEAM_HEAD));
    Some(match store.shape(target) {
        Shape::Card => corner,
        // Within its own team it may make the team larger on any side.
        Shape::Team if stays => at,
        Shape::Team => Point::new(at.x.max(corner.x), at.y.max(corner.y)),
    })
}

/// On the 4 px grid.
fn rounded(point: Point) -> Point {
    Point::new((point.x / 4.0).round() * 4.0, (point.y / 4.0).round() * 4.0)
}
