//! How much of the map of what is no element is out of date, and what is done about it once a frame: nothing, what was
//! touched, a picture that is moved, or all of it. Never how it is drawn (`raster`), never what is mounted.

use orrery_model::Slot;
use web_sys::HtmlCanvasElement;

use super::changed::{Changed, Seen};
use super::mounting::Detail;
use super::raster::{Raster, Shown};
use crate::fleet::{Fleet, Folded};

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
    raster: Option<Raster>,
    /// None until there are hands.
    pan: Option<Pan>,
}

/// Moves the picture, or answers that it has to be drawn. By its address, so that its code is in the second file.
pub type Pan = fn(&mut Raster, &Fleet, &Shown) -> bool;

impl Drawing {
    pub fn on(&mut self, element: HtmlCanvasElement) {
        self.raster = Raster::on(element);
    }

    pub fn panned_by(&mut self, pan: Pan) {
        self.pan = Some(pan);
    }

    pub fn is_due(&mut self, due: Due) {
        self.due = self.due.max(due);
    }

    /// The fold changed something.
    pub fn follow(&mut self, fleet: &Fleet, folded: &Folded, detail: Detail) {
        if folded.replaced {
            self.changed.forget();
        }
        if folded.replaced || !folded.moved.is_empty() {
            self.due = Due::All;
        }
        for slot in folded.changes.added.iter().chain(&folded.changes.updated) {
            match self.changed.look(fleet, *slot, detail) {
                Seen::Nothing => {}
                Seen::Drawn => self.touched.push(*slot),
                Seen::Mounted => self.due = Due::All,
            }
        }
    }

    /// Draws what was touched, where it stood when it was drawn last, and answers what is due beyond it.
    pub fn touch(&mut self, fleet: &Fleet) -> Due {
        let (touched, due) = (std::mem::take(&mut self.touched), std::mem::take(&mut self.due));
        let is_drawn = due == Due::All || self.raster.as_mut().is_none_or(|raster| raster.touch(fleet, &touched));
        if is_drawn { due } else { Due::All }
    }

    pub fn show(&mut self, fleet: &Fleet, shown: Shown, due: Due) {
        if let Some(raster) = &mut self.raster
            && (due == Due::All || !self.pan.is_some_and(|pan| pan(raster, fleet, &shown)))
        {
            raster.draw(fleet, shown);
        }
    }
}
