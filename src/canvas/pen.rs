//! What a box, a block and a team's head look like on the map of what is no element. Never which of them are drawn.

use orrery_model::Slot;
use web_sys::CanvasRenderingContext2d;

use super::palette::Palette;
use super::pixels::Pixels;
use super::raster::Shown;
use crate::store::CanvasStore;
use crate::store::OverviewStatus;
use orrery_layout::arrange::TEAM_HEAD;
use orrery_layout::{Point, Rect, Shape, Size, camera};

/// Narrower than this, a name is not worth its letters.
const NAMED: f64 = 52.0;
const FONT: f64 = 11.0;
/// A lower head has no room for letters; then only a wide team is named, over its blocks.
const LEAST_HEAD: f64 = 8.0;
const LABELLED: f64 = 84.0;
const LABEL: f64 = 16.0;
const DIMMED: f64 = 0.25;
/// Narrower than this, a team's line would be all that is seen of it.
const OUTLINED: f64 = 12.0;

pub struct Pen<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub palette: &'a Palette,
    pub store: &'a CanvasStore,
    pub shown: &'a Shown,
}

impl Pen<'_> {
    pub fn ground(&self, slot: Slot) {
        let Some(rect) = self.on_screen(slot) else { return };
        self.outline(&rect, 10.0);
        self.context.set_fill_style_str(&self.palette.team);
        self.context.fill();
        self.context.set_stroke_style_str(&self.palette.team_line);
        self.context.set_line_width(1.0);
        self.context.stroke();
    }

    /// Each with its mark and, where there is room, its name.
    pub fn boxes(&self, cards: &[Slot]) {
        self.context.set_text_baseline("middle");
        self.context.set_font(&self.palette.font_of(FONT));
        cards.iter().for_each(|slot| self.named_box(*slot));
    }

    fn named_box(&self, slot: Slot) {
        let (Some(rect), Some(record)) = (self.on_screen(slot), self.store.canvas().get(slot)) else { return };
        self.context.set_global_alpha(self.alpha(slot));
        self.outline(&rect, 10.0);
        self.context.set_fill_style_str(&self.palette.surface);
        self.context.fill();
        let tone = self.store.overview_status(slot);
        let is_quiet = matches!(tone, OverviewStatus::Online | OverviewStatus::Provisioning | OverviewStatus::Offline);
        let colour = self.palette.tone(tone);
        self.context.set_stroke_style_str(if is_quiet { &self.palette.line } else { colour });
        self.context.set_line_width(if is_quiet { 1.0 } else { 2.0 });
        self.context.stroke();
        if record.current_task.is_some() {
            self.context.set_fill_style_str(&self.palette.task);
            let height = (4.0 * self.shown.camera.zoom * 2.0).max(2.0);
            self.context.fill_rect(rect.at.x + 4.0, rect.bottom() - height - 3.0, rect.size.width - 8.0, height);
        }
        self.context.set_fill_style_str(colour);
        if rect.size.width < NAMED {
            let side = rect.size.height * 0.4;
            self.context.fill_rect(rect.middle().x - side / 2.0, rect.middle().y - side / 2.0, side, side);
            return;
        }
        let line = rect.at.y + (rect.size.height / 2.0).min(18.0);
        self.context.fill_rect(rect.at.x + 6.0, line - 4.0, 8.0, 8.0);
        let name = shortened(&record.name, rect.size.width - 22.0, FONT);
        self.write(&name, rect.at.x + 18.0, line, rect.size.width - 22.0, &self.palette.text);
    }

    pub fn blocks(&self, pixels: &mut Pixels, density: f64, teams: &[Slot], cards: &[Slot]) {
        let inks = &self.palette.inks;
        let in_pixels = |rect: Rect| Rect::new(rect.at.times(density), rect.size.times(density));
        for rect in teams.iter().filter_map(|slot| self.on_screen(*slot)).map(in_pixels) {
            pixels.fill(&rect, inks.team);
            if rect.size.width > OUTLINED {
                pixels.outline(&rect, inks.team_line);
            }
        }
        // What calls for help is painted last, over its neighbours.
        let mut urgent: [Vec<(Slot, Rect)>; OverviewStatus::ALL.len()] = Default::default();
        let fill = |pixels: &mut Pixels, tone: OverviewStatus, slot: Slot, rect: &Rect| {
            pixels.fill(rect, inks.tone(tone).faded(self.alpha(slot)));
        };
        for slot in cards {
            let Some(rect) = self.on_screen(*slot).map(in_pixels) else { continue };
            match self.store.overview_status(*slot) {
                OverviewStatus::Online => fill(pixels, OverviewStatus::Online, *slot, &rect),
                tone => urgent[tone as usize].push((*slot, rect)),
            }
        }
        for (tone, all) in OverviewStatus::ALL.into_iter().zip(&urgent) {
            all.iter().for_each(|(slot, rect)| fill(pixels, tone, *slot, rect));
        }
    }

    /// Each with its name, where there is room for it: the ground below the letters, or the letters.
    pub fn heads(&self, teams: &[Slot], search_index: bool) {
        self.context.set_text_baseline("middle");
        for (slot, label) in teams.iter().filter_map(|slot| Some((*slot, self.label(*slot)?))) {
            self.head(slot, &label, search_index);
        }
    }

    /// Where a team's name and count stand, if anywhere.
    pub fn label(&self, slot: Slot) -> Option<Rect> {
        let rect = self.on_screen(slot).filter(|rect| rect.size.width >= NAMED && rect.size.height >= 28.0)?;
        let head = TEAM_HEAD * self.shown.camera.zoom;
        let is_over = head < LEAST_HEAD;
        if is_over && (rect.size.width < LABELLED || self.store.canvas().parent(slot).is_some()) {
            return None;
        }
        let at = Point::new(rect.at.x, if is_over { rect.at.y + 1.0 } else { rect.at.y });
        let height = if is_over { LABEL } else { head };
        (self.store.shape(slot) == Shape::Team).then_some(Rect::new(at, Size { height, ..rect.size }))
    }

    fn head(&self, slot: Slot, label: &Rect, search_index: bool) {
        let Some(record) = self.store.canvas().get(slot) else { return };
        let problems =
            self.store.team_summary(slot).problems + usize::from(self.store.overview_status(slot).is_problem());
        let count = if problems > 0 { format!("{problems}!") } else { String::new() };
        let is_over = TEAM_HEAD * self.shown.camera.zoom < LEAST_HEAD;
        let font = if is_over { FONT } else { FONT.min(label.size.height * 0.85) };
        let left = label.at.x + 6.0;
        let counted = count.len() as f64 * letter(font) + if problems > 0 { 5.0 } else { 0.0 };
        let name = shortened(&record.name, label.right() - left - counted - 6.0, font);
        let line = label.middle().y;
        if !search_index {
            if !is_over {
                return;
            }
            // There is no room of its own for it: it lies over the blocks.
            let width = counted + name.chars().count() as f64 * letter(font) + 8.0;
            self.context.set_fill_style_str(&self.palette.surface);
            self.context.fill_rect(label.at.x + 1.0, label.at.y, (width + 1.0).min(label.size.width - 2.0), LABEL);
            self.problems_below(label);
            return;
        }
        self.context.set_font(&self.palette.font_of(font));
        if problems > 0 {
            self.write(&count, left, line, counted, &self.palette.failed_text);
        }
        self.write(&name, left + counted, line, label.right() - left - counted - 2.0, &self.palette.text);
    }

    /// The blocks that call for help lie between a name's ground and its letters; not those that nobody looks for.
    fn problems_below(&self, label: &Rect) {
        let [from, to] =
            [label.at, Point::new(label.right(), label.bottom())].map(|it| camera::to_world(&self.shown.camera, it));
        for slot in self.store.nodes_in(&Rect::from_corners(from, to)) {
            let tone = self.store.overview_status(slot);
            let is_block = tone.is_problem() && self.store.shape(slot) == Shape::Card;
            if let Some(rect) = self.on_screen(slot).filter(|_| is_block && !self.store.filter_index.is_dimmed(slot)) {
                self.context.set_fill_style_str(self.palette.tone(tone));
                self.context.fill_rect(rect.at.x, rect.at.y, rect.size.width, rect.size.height);
            }
        }
    }

    /// Where the letters are wider than was thought, they are drawn closer.
    fn write(&self, words: &str, x: f64, y: f64, room: f64, colour: &str) {
        self.context.set_fill_style_str(colour);
        // A name that cannot be drawn is no reason to stop.
        let _ = self.context.fill_text_with_max_width(words, x, y, room.max(1.0));
    }

    fn outline(&self, rect: &Rect, radius: f64) {
        self.context.begin_path();
        let radius = (radius * self.shown.camera.zoom).max(1.0);
        let Rect { at, size } = rect;
        // Fails for a negative radius only.
        let _ = self.context.round_rect_with_f64(at.x, at.y, size.width, size.height, radius);
    }

    pub fn on_screen(&self, slot: Slot) -> Option<Rect> {
        let rect = self.store.rect(slot)?;
        let camera = &self.shown.camera;
        Some(Rect::new(camera::to_screen(camera, rect.at), rect.size.times(camera.zoom)))
    }

    fn alpha(&self, slot: Slot) -> f64 {
        if self.store.filter_index.is_dimmed(slot) { DIMMED } else { 1.0 }
    }
}

/// A letter's usual width: measuring ten thousand names would cost more than drawing them.
fn letter(font: f64) -> f64 {
    font * 0.6
}

fn shortened(words: &str, room: f64, font: f64) -> String {
    let search_index = (room / letter(font)).max(0.0) as usize;
    match words.char_indices().nth(search_index) {
        Some(_) => words.chars().take(search_index.saturating_sub(1)).chain(['…']).collect(),
        None => words.to_owned(),
    }
}
