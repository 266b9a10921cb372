//! How much of the map of what is no element is out of date, and what is done about it once a frame: nothing, what was
//! touched, a picture that is placed elsewhere, or all of it. Never how it is drawn (`raster`), never what is mounted.

use orrery_model::Slot;
use orrery_protocol::Timestamp;
use web_sys::HtmlCanvasElement;

use super::changed::{Changed, Seen};
use super::mounting::Detail;
use super::placing::Quality;
use super::raster::{Raster, Shown};
use crate::store::is_publish_due;
use crate::store::{CanvasStore, FrameDiff};

/// The greater includes the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Due {
    /// At most what was touched.
    #[default]
    Touched,
    /// The camera moved: other elements, and the picture from elsewhere.
    Moved,
    /// Everything.
    All,
}

#[derive(Default)]
pub struct Drawing {
    due: Due,
    changed: Changed,
    /// Drawn, and not as they look now.
    touched: Vec<Slot>,
    /// When it was.
    drawn_at: Timestamp,
    raster: Option<Raster>,
}

/// Of a picture that is drawn while the camera goes up: so many times as far away as it is.
const ABOVE: f64 = 3.0;

impl Drawing {
    pub fn on(&mut self, element: HtmlCanvasElement) {
        self.raster = Raster::on(element);
    }

    pub fn is_due(&mut self, due: Due) {
        self.due = self.due.max(due);
    }

    /// The fold changed something.
    pub fn follow(&mut self, store: &CanvasStore, diff: &FrameDiff, detail: Detail) {
        if diff.replaced {
            self.changed.forget();
        }
        if diff.replaced || !diff.moved.is_empty() {
            self.due = Due::All;
        }
        for slot in diff.changes.added.iter().chain(&diff.changes.updated) {
            match self.changed.look(store, *slot, detail) {
                Seen::Nothing => {}
                Seen::Drawn => self.touched.push(*slot),
                Seen::NodeHandle => self.due = Due::All,
            }
        }
    }

    /// Draws what was touched, where it stood when it was drawn last, and answers what is due beyond it. A storm of events
    /// is drawn as often as its cards are (`CALM`): what was touched just now may have to wait.
    pub fn touch(&mut self, store: &CanvasStore, now: Timestamp) -> Due {
        let due = std::mem::take(&mut self.due);
        if due == Due::All || self.touched.is_empty() || !is_publish_due(self.drawn_at, now) {
            return due;
        }
        self.drawn_at = now;
        let touched = std::mem::take(&mut self.touched);
        let is_drawn = self.raster.as_mut().is_none_or(|raster| raster.touch(store, &touched));
        if is_drawn { due } else { Due::All }
    }

    pub fn waits(&self) -> bool {
        !self.touched.is_empty()
    }

    /// All that is seen there.
    pub fn show(&mut self, store: &CanvasStore, seen: &Shown, due: Due, is_moving: bool, now: Timestamp) {
        let quality = if is_moving { Quality::Moving } else { Quality::Sharp };
        if let Some(raster) = &mut self.raster
            && (due == Due::All || !raster.place(store, seen, quality))
        {
            raster.draw(store, seen, quality);
            self.touched.clear();
            self.drawn_at = now;
        }
    }

    /// The camera zooms: what has to be drawn is drawn as from far away, and with much around it when the camera goes there.
    /// `mounted`: what the elements show.
    pub fn sketch(&mut self, store: &CanvasStore, seen: &Shown, rendered: &Shown) {
        let is_mounted = rendered.detail == Detail::Near && rendered.reaches(seen, store.bounds());
        if let Some(raster) = &mut self.raster
            && !raster.place(store, seen, Quality::Rough)
            && !is_mounted
        {
            let camera = if raster.reaches(store, seen) { seen.camera } else { seen.seen_from_above(ABOVE) };
            raster.draw(store, &Shown { camera, detail: Detail::Far, ..seen.clone() }, Quality::Rough);
            raster.place(store, seen, Quality::Rough);
        }
    }
}
