//! Bands for the labels of teams from far away: where the header of a team is too low for text, its members are shown a
//! little lower and less high, so that the label has room of its own.
//!
//! Only heights and vertical places change, and only inside teams: the layout itself stays as it is.

use orrery_model::{Canvas, Slot};

use super::arrange::TEAM_HEAD;
use super::{Arrangement, Point, Rect, Shape, Size};

/// The least height of a band in CSS pixels: of a text of 9 to 10 pixels.
pub const BAND: f64 = 11.6;
/// A team that is narrower, in CSS pixels, has no band.
const MIN_WIDTH: f64 = 48.0;
/// The least height of a member as a part of its height in the layout.
const MIN_SCALE: f64 = 0.45;

/// How the members of each team are shown at one zoom.
#[derive(Default)]
pub struct Bands {
    /// By the slot of the team; empty where every header has room for text.
    teams: Vec<Option<TeamBand>>,
    /// How far a member is shown from its place in the layout, at most.
    max_shift: f64,
}

#[derive(Debug, Clone, Copy)]
struct TeamBand {
    members: Map,
    /// In world coordinates; 0 for a team that is too small for a band.
    height: f64,
    /// Whether it is shown as one block in place of its members.
    is_block: bool,
}

/// Where a vertical coordinate of the layout is shown: at `y * scale + offset`.
#[derive(Debug, Clone, Copy)]
struct Map {
    scale: f64,
    offset: f64,
}

impl Map {
    const IDENTITY: Self = Self { scale: 1.0, offset: 0.0 };

    fn apply(self, y: f64) -> f64 {
        y * self.scale + self.offset
    }
}

impl Bands {
    /// Works out the bands at a zoom, for which headers are too low for text.
    pub fn new(canvas: &Canvas, arrangement: &Arrangement, zoom: f64) -> Self {
        let mut bands = Self::default();
        if TEAM_HEAD * zoom >= BAND {
            return bands;
        }
        let mut open: Vec<(Slot, Map)> = canvas.roots().iter().map(|slot| (*slot, Map::IDENTITY)).collect();
        while let Some((slot, around)) = open.pop() {
            let Some(rect) = arrangement.rect(slot).filter(|_| arrangement.shape(slot) == Shape::Team) else {
                continue;
            };
            let mut band = TeamBand::new(rect, around, zoom);
            let is_card = |child: &Slot| arrangement.shape(*child) == Shape::Card;
            band.is_block = band.height == 0.0 && canvas.children(slot).iter().all(is_card);
            let first = rect.at.y + TEAM_HEAD;
            bands.max_shift = bands.max_shift.max((band.members.apply(first) - first).abs());
            if bands.teams.len() <= slot.index() {
                bands.teams.resize(slot.index() + 1, None);
            }
            bands.teams[slot.index()] = Some(band);
            open.extend(canvas.children(slot).iter().map(|child| (*child, band.members)));
        }
        bands
    }

    /// Returns where a workspace is shown whose rectangle in the layout is `rect`, inside a team.
    pub fn shown(&self, team: Option<Slot>, rect: Rect) -> Rect {
        let Some(Map { scale, offset }) = self.team(team).map(|band| band.members) else { return rect };
        let at = Point::new(rect.at.x, rect.at.y * scale + offset);
        Rect::new(at, Size { height: rect.size.height * scale, ..rect.size })
    }

    /// Returns how high the band of a team is in world coordinates, or `None` if it is too small for one.
    pub fn height(&self, team: Slot) -> Option<f64> {
        let height = if self.teams.is_empty() { TEAM_HEAD } else { self.team(Some(team))?.height };
        (height > 0.0).then_some(height)
    }

    /// Returns whether a team is shown as one block in place of its members: it is too small for a band, and no team is in it.
    pub fn is_block(&self, team: Option<Slot>) -> bool {
        self.team(team).is_some_and(|band| band.is_block)
    }

    /// Returns how far a workspace is shown from its place in the layout, at most.
    pub fn max_shift(&self) -> f64 {
        self.max_shift
    }

    fn team(&self, team: Option<Slot>) -> Option<TeamBand> {
        *self.teams.get(team?.index())?
    }
}

impl TeamBand {
    /// `rect` is the team's in the layout, `around` the map of the team around it.
    fn new(rect: Rect, around: Map, zoom: f64) -> Self {
        let (top, bottom) = (around.apply(rect.at.y), around.apply(rect.bottom()));
        let height = BAND / zoom;
        // The bottom stays where it is.
        let scale = (bottom - top - height) / (rect.size.height - TEAM_HEAD).max(1.0);
        if rect.size.width * zoom < MIN_WIDTH || scale < MIN_SCALE {
            return Self { members: around, height: 0.0, is_block: false };
        }
        Self { members: Map { scale, offset: bottom - rect.bottom() * scale }, height, is_block: false }
    }
}

#[cfg(test)]
mod tests {
    use orrery_protocol::{Workspace, WorkspaceId};

    use super::*;

    /// Two regions with two squads of six each.
    fn fleet() -> (Canvas, Arrangement) {
        let row = |id: String, parent: Option<String>| {
            let mut workspace = Workspace::new(WorkspaceId::parse(&id).unwrap());
            workspace.parent_id = parent.map(|parent| WorkspaceId::parse(&parent).unwrap());
            workspace
        };
        let mut rows = Vec::new();
        for region in 0..2 {
            rows.push(row(format!("r{region}"), None));
            for squad in 0..2 {
                rows.push(row(format!("s{region}{squad}"), Some(format!("r{region}"))));
                let worker = |worker| row(format!("w{region}{squad}{worker}"), Some(format!("s{region}{squad}")));
                rows.extend((0..6).map(worker));
            }
        }
        let canvas = Canvas::from_rows(rows, 1);
        let mut arrangement = Arrangement::default();
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        arrangement.update(&canvas, &slots, &[]);
        (canvas, arrangement)
    }

    #[test]
    fn bands_have_room_above_members_that_stay_inside_their_team_and_apart() {
        let (canvas, arrangement) = fleet();
        let slots: Vec<Slot> = canvas.iter().map(|(slot, _)| slot).collect();
        let mut count = 0;
        for zoom in [0.75, 0.29, 0.2, 0.14, 0.1, 0.06, 0.03, 0.01] {
            let bands = Bands::new(&canvas, &arrangement, zoom);
            let shown = |slot: Slot| bands.shown(canvas.parent(slot), arrangement.rect(slot).unwrap());
            for slot in &slots {
                let (rect, own) = (shown(*slot), arrangement.rect(*slot).unwrap());
                assert!((rect.at.y - own.at.y).abs() <= bands.max_shift() + 1e-9 && rect.size.width == own.size.width);
                assert!(rect.size.height >= own.size.height * MIN_SCALE - 1e-9, "{rect:?} at {zoom}");
                let Some(team) = canvas.parent(*slot) else { continue };
                assert!(shown(team).inflated(1e-6).encloses(&rect), "{rect:?} leaves its team at {zoom}");
                if let Some(height) = bands.height(team) {
                    assert!(height * zoom >= BAND - 1e-9);
                    let top = shown(team).at.y + height;
                    assert!(rect.at.y >= top - 1e-6, "the band ends at {top}, {rect:?} at {zoom}");
                    count += 1;
                }
                let siblings = canvas.children(team).iter().filter(|other| *other != slot);
                siblings.for_each(|other| assert!(!shown(*other).inflated(-1e-6).meets(&rect)));
            }
        }
        assert!(count > 100, "{count}");
    }

    #[test]
    fn without_low_headers_the_layout_is_shown_as_it_is() {
        let (canvas, arrangement) = fleet();
        let bands = Bands::new(&canvas, &arrangement, 0.3);
        for (slot, _) in canvas.iter() {
            let rect = arrangement.rect(slot).unwrap();
            assert_eq!(bands.shown(canvas.parent(slot), rect), rect);
            assert_eq!(bands.height(slot), Some(TEAM_HEAD));
        }
        let (far, squad) = (Bands::new(&canvas, &arrangement, 0.01), WorkspaceId::parse("s00").unwrap());
        let squad = canvas.find(&squad);
        assert_eq!(far.height(squad.unwrap()), None, "too small for a label");
        assert!(far.is_block(squad) && !far.is_block(canvas.parent(squad.unwrap())) && !bands.is_block(squad));
    }
}
