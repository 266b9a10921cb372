//! What is too many or too small to be elements: boxes with names, and farther out blocks of status colour. One
//! `<canvas>`, drawn from the plain state. Never what can be read or pressed as a card.

use orrery_model::Slot;
use orrery_protocol::{Status, Workspace, record::Viewport};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::mounting::Detail;
use super::palette::Palette;
use super::pixels::Pixels;
use crate::fleet::Fleet;
use crate::geometry::arrange::TEAM_HEAD;
use crate::geometry::{Rect, Shape, Size, camera, decimal, sort};

pub struct Raster {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    palette: Option<Palette>,
    pixels: Pixels,
    is_blank: bool,
}

/// Narrower than this, a name is not worth its letters.
const NAMED: f64 = 52.0;
const FONT: f64 = 11.0;
/// A lower head has no room for letters; then only a wide team is named, over its blocks.
const LEAST_HEAD: f64 = 8.0;
const LABELLED: f64 = 84.0;
const DIMMED: f64 = 0.25;
/// Narrower than this, a team's line would be all that is seen of it.
const OUTLINED: f64 = 12.0;

impl Raster {
    pub fn on(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context, palette: None, pixels: Pixels::default(), is_blank: true })
    }

    pub fn draw(&mut self, fleet: &Fleet, camera: &Viewport, window: Size, detail: Detail) {
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
        let pen = Pen { context: &self.context, palette, fleet, camera };
        let (mut teams, cards): (Vec<Slot>, Vec<Slot>) =
            fleet.within(&camera::seen(camera, window)).into_iter().partition(|slot| fleet.shape(*slot) == Shape::Team);
        sort::by(&mut teams, |slot| fleet.depth(slot) as u32);
        match detail {
            Detail::Middle => {
                teams.iter().for_each(|slot| pen.ground(*slot));
                cards.iter().for_each(|slot| pen.named_box(*slot));
            }
            _ => {
                self.pixels.clear(self.element.width() as usize, self.element.height() as usize);
                pen.blocks(&mut self.pixels, density, &teams, &cards);
                put(&self.context, &self.pixels, self.element.width());
            }
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
        self.context.set_global_alpha(self.alpha(slot));
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
        let name = shortened(&record.name, rect.size.width - 22.0, FONT);
        self.write(&name, rect.at.x + 18.0, line, FONT, &self.palette.text);
    }

    fn blocks(&self, pixels: &mut Pixels, density: f64, teams: &[Slot], cards: &[Slot]) {
        let inks = &self.palette.inks;
        let in_pixels = |rect: Rect| {
            let size = Size { width: rect.size.width * density, height: rect.size.height * density };
            Rect::new(rect.at.times(density), size)
        };
        for rect in teams.iter().filter_map(|slot| self.on_screen(*slot)).map(in_pixels) {
            pixels.fill(&rect, inks.team);
            if rect.size.width > OUTLINED {
                pixels.outline(&rect, inks.team_line);
            }
        }
        // What calls for help is painted last, over its neighbours.
        let mut urgent: Vec<(u8, Slot, &Workspace, Rect)> = Vec::new();
        for slot in cards {
            let (Some(record), Some(rect)) = (self.fleet.canvas().get(*slot), self.on_screen(*slot)) else { continue };
            match urgency(&record.status) {
                0 => pixels.fill(&in_pixels(rect), inks.status(&record.status).faded(self.alpha(*slot))),
                urgency => urgent.push((urgency, *slot, record, rect)),
            }
        }
        for level in 1..=MOST_URGENT {
            for (_, slot, record, rect) in urgent.iter().filter(|(urgency, ..)| *urgency == level) {
                pixels.fill(&in_pixels(*rect), inks.status(&record.status).faded(self.alpha(*slot)));
            }
        }
    }

    fn head(&self, slot: Slot) {
        let (Some(rect), Some(record)) = (self.on_screen(slot), self.fleet.canvas().get(slot)) else { return };
        if rect.size.width < NAMED || rect.size.height < 28.0 {
            return;
        }
        let head = TEAM_HEAD * self.camera.zoom;
        let is_label = head < LEAST_HEAD;
        if is_label && (rect.size.width < LABELLED || self.fleet.canvas().parent(slot).is_some()) {
            return;
        }
        let problems = self.fleet.family(slot).problems + usize::from(is_problem(&record.status));
        let count = if problems > 0 { format!("{problems}!") } else { String::new() };
        let font = if is_label { FONT } else { FONT.min(head * 0.85) };
        let left = rect.at.x + 6.0;
        let counted = count.len() as f64 * letter(font) + if problems > 0 { 5.0 } else { 0.0 };
        let name = shortened(&record.name, rect.right() - left - counted - 6.0, font);
        let line = rect.at.y + if is_label { 9.0 } else { head / 2.0 };
        if is_label {
            // There is no room of its own for it: it lies over the blocks.
            let width = counted + name.chars().count() as f64 * letter(font) + 8.0;
            self.context.set_fill_style_str(&self.palette.surface);
            self.context.fill_rect(rect.at.x + 2.0, line - 8.0, width.min(rect.size.width - 4.0), 16.0);
        }
        self.write(&count, left, line, font, &self.palette.failed_text);
        self.write(&name, left + counted, line, font, &self.palette.text);
    }

    fn write(&self, words: &str, x: f64, y: f64, font: f64, colour: &str) {
        self.context.set_font(&format!("500 {}px {}", decimal(font), self.palette.font));
        self.context.set_text_baseline("middle");
        self.context.set_fill_style_str(colour);
        // A name that cannot be drawn is no reason to stop.
        let _ = self.context.fill_text(words, x, y);
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

    fn alpha(&self, slot: Slot) -> f64 {
        if self.fleet.sieve.holds_back(slot) { DIMMED } else { 1.0 }
    }
}

/// A letter's usual width: measuring ten thousand names would cost more than drawing them.
fn letter(font: f64) -> f64 {
    font * 0.555
}

fn shortened(words: &str, room: f64, font: f64) -> String {
    let letters = (room / letter(font)).max(0.0) as usize;
    match words.char_indices().nth(letters) {
        Some(_) => words.chars().take(letters.saturating_sub(1)).chain(['…']).collect(),
        None => words.to_owned(),
    }
}

fn is_problem(status: &Status) -> bool {
    matches!(status, Status::Failed | Status::Degraded)
}

/// Replaces the whole picture, whatever transform is set.
fn put(context: &CanvasRenderingContext2d, pixels: &Pixels, width: u32) {
    let image = ImageData::new_with_u8_clamped_array(Clamped(pixels.bytes()), width);
    // A window without a pixel has no picture.
    let _ = image.and_then(|image| context.put_image_data(&image, 0.0, 0.0));
}

const MOST_URGENT: u8 = 5;

fn urgency(status: &Status) -> u8 {
    match status {
        Status::Online => 0,
        Status::Offline => 1,
        Status::Other(_) | Status::Removed => 2,
        Status::Provisioning => 3,
        Status::Degraded => 4,
        Status::Failed => MOST_URGENT,
    }
}
