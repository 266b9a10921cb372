//! What is too many or too small to be elements: boxes with names, and farther out blocks of status colour. One
//! `<canvas>`, drawn from the plain state. Never what can be read or pressed as a card.

use orrery_model::Slot;
use orrery_protocol::{Status, Workspace, record::Viewport};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::mounting::Detail;
use super::palette::Palette;
use crate::fleet::Fleet;
use crate::geometry::{Rect, Shape, Size, camera};

pub struct Raster {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    palette: Option<Palette>,
    is_blank: bool,
}

/// Narrower than this, a name is not worth its letters.
const NAMED: f64 = 52.0;
const FONT: f64 = 11.0;
/// A letter's usual width at that size: measuring ten thousand names would cost more than drawing them.
const LETTER: f64 = 6.1;
const DIMMED: f64 = 0.25;

impl Raster {
    pub fn on(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context, palette: None, is_blank: true })
    }

    pub fn draw(&mut self, fleet: &Fleet, camera: &Viewport, window: Size, detail: Detail, filter: Option<&Status>) {
        if detail == Detail::Near && self.is_blank {
            return;
        }
        let density = self.fit_to(window);
        // A transform that cannot be set would leave a wrong picture, not a broken page.
        let _ = self.context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, window.width, window.height);
        self.is_blank = detail == Detail::Near;
        let Some(palette) = Palette::refresh(&mut self.palette) else { return };
        if self.is_blank {
            return;
        }
        let pen = Pen { context: &self.context, palette, fleet, camera, filter };
        let (mut teams, cards): (Vec<Slot>, Vec<Slot>) =
            fleet.within(&camera::seen(camera, window)).into_iter().partition(|slot| fleet.shape(*slot) == Shape::Team);
        teams.sort_by_key(|slot| fleet.depth(*slot));
        teams.iter().for_each(|slot| pen.ground(*slot));
        match detail {
            Detail::Middle => cards.iter().for_each(|slot| pen.named_box(*slot)),
            _ => pen.blocks(&cards),
        }
        self.context.set_global_alpha(1.0);
        teams.iter().for_each(|slot| pen.head(*slot));
    }

    /// Answers with the device's pixels a CSS pixel.
    fn fit_to(&self, window: Size) -> f64 {
        let density = leptos::prelude::window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = ((window.width * density) as u32, (window.height * density) as u32);
        if (self.element.width(), self.element.height()) != (width, height) {
            self.element.set_width(width);
            self.element.set_height(height);
        }
        density
    }
}

struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    palette: &'a Palette,
    fleet: &'a Fleet,
    camera: &'a Viewport,
    filter: Option<&'a Status>,
}

impl Pen<'_> {
    fn ground(&self, slot: Slot) {
        let Some(rect) = self.on_screen(slot) else { return };
        self.outline(&rect, 10.0);
        self.context.set_fill_style_str(&self.palette.team);
        self.context.fill();
        self.context.set_stroke_style_str(&self.palette.team_line);
        self.context.set_line_width(1.0);
        self.context.stroke();
    }

    fn named_box(&self, slot: Slot) {
        let (Some(rect), Some(record)) = (self.on_screen(slot), self.fleet.canvas().get(slot)) else { return };
        self.context.set_global_alpha(self.alpha(record));
        let colour = self.palette.status(&record.status);
        self.outline(&rect, 10.0);
        self.context.set_fill_style_str(&self.palette.surface);
        self.context.fill();
        let is_quiet = matches!(record.status, Status::Online | Status::Provisioning | Status::Offline);
        self.context.set_stroke_style_str(if is_quiet { &self.palette.line } else { colour });
        self.context.set_line_width(if is_quiet { 1.0 } else { 2.0 });
        self.context.stroke();
        if record.current_task.is_some() {
            self.context.set_fill_style_str(&self.palette.task);
            let height = (4.0 * self.camera.zoom * 2.0).max(2.0);
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
        self.write(&record.name, rect.at.x + 18.0, line, rect.size.width - 24.0, &self.palette.text);
    }

    /// By colour, because changing the colour costs more than filling.
    fn blocks(&self, cards: &[Slot]) {
        let mut by_status: Vec<(&Workspace, Rect)> =
            cards.iter().filter_map(|slot| Some((self.fleet.canvas().get(*slot)?, self.on_screen(*slot)?))).collect();
        by_status.sort_by_key(|(record, _)| urgency(&record.status));
        let mut last: Option<&Status> = None;
        for (record, rect) in by_status {
            if last != Some(&record.status) {
                self.context.set_fill_style_str(self.palette.status(&record.status));
                self.context.set_global_alpha(self.alpha(record));
                last = Some(&record.status);
            }
            let (width, height) = (rect.size.width.max(1.5), rect.size.height.max(1.5));
            self.context.fill_rect(rect.at.x, rect.at.y, width, height);
        }
    }

    fn head(&self, slot: Slot) {
        let (Some(rect), Some(record)) = (self.on_screen(slot), self.fleet.canvas().get(slot)) else { return };
        if rect.size.width < NAMED || rect.size.height < 28.0 {
            return;
        }
        let problems = self.fleet.family(slot).problems + usize::from(is_problem(&record.status));
        let line = rect.at.y + (22.0 * self.camera.zoom).max(9.0);
        let mut left = rect.at.x + 8.0;
        if problems > 0 {
            let words = format!("{problems}!");
            self.write(&words, left, line, NAMED, &self.palette.failed_text);
            left += words.len() as f64 * LETTER + 6.0;
        }
        self.write(&record.name, left, line, rect.right() - left - 6.0, &self.palette.text);
    }

    fn write(&self, words: &str, x: f64, y: f64, room: f64, colour: &str) {
        let letters = (room / LETTER) as usize;
        let short: String = match words.char_indices().nth(letters) {
            Some(_) => words.chars().take(letters.saturating_sub(1)).chain(['…']).collect(),
            None => words.to_owned(),
        };
        self.context.set_font(&format!("500 {FONT}px {}", self.palette.font));
        self.context.set_text_baseline("middle");
        self.context.set_fill_style_str(colour);
        // A name that cannot be drawn is no reason to stop.
        let _ = self.context.fill_text(&short, x, y);
    }

    fn outline(&self, rect: &Rect, radius: f64) {
        self.context.begin_path();
        let radius = (radius * self.camera.zoom).max(1.0);
        let Rect { at, size } = rect;
        // Fails for a negative radius only.
        let _ = self.context.round_rect_with_f64(at.x, at.y, size.width, size.height, radius);
    }

    fn on_screen(&self, slot: Slot) -> Option<Rect> {
        let rect = self.fleet.rect(slot)?;
        let size = Size { width: rect.size.width * self.camera.zoom, height: rect.size.height * self.camera.zoom };
        Some(Rect::new(camera::to_screen(self.camera, rect.at), size))
    }

    fn alpha(&self, record: &Workspace) -> f64 {
        if self.filter.is_some_and(|wanted| *wanted != record.status) { DIMMED } else { 1.0 }
    }
}

fn is_problem(status: &Status) -> bool {
    matches!(status, Status::Failed | Status::Degraded)
}

/// What calls for help is painted last, over its neighbours.
fn urgency(status: &Status) -> u8 {
    match status {
        Status::Online => 0,
        Status::Offline => 1,
        Status::Other(_) | Status::Removed => 2,
        Status::Provisioning => 3,
        Status::Degraded => 4,
        Status::Failed => 5,
    }
}
