//! What is too many or too small to be elements, on one `<canvas>`: which part of the picture is drawn again, and when.
//! Never what a box or a block looks like (`pen`), never what can be read or pressed as a card.

use orrery_model::Slot;
use orrery_protocol::record::Viewport;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::mounting::Detail;
use super::palette::Palette;
use super::pen::Pen;
use super::pixels::Pixels;
use crate::fleet::Fleet;
use crate::geometry::{Point, Rect, Shape, Size, camera, sort};
use crate::tally::Tally;

pub struct Raster {
    pub(super) element: HtmlCanvasElement,
    pub(super) context: CanvasRenderingContext2d,
    pub(super) palette: Option<Palette>,
    pub(super) pixels: Pixels,
    /// None: the picture is empty.
    pub(super) shown: Option<Shown>,
    /// The teams whose heads may be seen, when the pixels below them are moved.
    pub(super) headed: Vec<Slot>,
}

/// What the picture is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub camera: Viewport,
    pub window: Size,
    pub detail: Detail,
}

/// More parts than this are no quicker than the whole.
const MOST_PARTS: usize = 96;
/// A line reaches so far out of its box.
const LINE: f64 = 2.0;

impl Raster {
    pub fn on(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context, palette: None, pixels: Pixels::default(), shown: None, headed: Vec::new() })
    }

    /// All of it.
    pub fn draw(&mut self, fleet: &Fleet, shown: Shown) {
        if shown.detail == Detail::Near && self.shown.is_none() {
            return;
        }
        let density = density();
        let (width, height) = ((shown.window.width * density) as u32, (shown.window.height * density) as u32);
        if (self.element.width(), self.element.height()) != (width, height) {
            self.element.set_width(width);
            self.element.set_height(height);
        }
        // A transform that cannot be set would leave a wrong picture, not a broken page.
        let _ = self.context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, shown.window.width, shown.window.height);
        let is_drawn = shown.detail != Detail::Near && Palette::refresh(&mut self.palette).is_some();
        let whole = Rect::new(Point::default(), shown.window);
        self.shown = is_drawn.then_some(shown);
        if self.shown.as_ref().is_some_and(|shown| shown.detail == Detail::Far) {
            self.pixels.resize(width as usize, height as usize);
        }
        let teams = self.draw_part(fleet, &whole, density);
        let Self { context, palette: Some(palette), shown: Some(shown), headed, .. } = self else { return };
        let pen = Pen { context, palette, fleet, shown };
        *headed = teams.into_iter().filter(|team| pen.label(*team).is_some()).collect();
    }

    /// These look different, and stand where they stood. False: better draw all of it.
    pub fn touch(&mut self, fleet: &Fleet, slots: &[Slot]) -> bool {
        let (Some(shown), Some(palette)) = (&self.shown, &self.palette) else { return true };
        let density = density();
        let window = Rect::new(Point::default(), shown.window);
        let pen = Pen { context: &self.context, palette, fleet, shown };
        let mut parts: Vec<Rect> = Vec::new();
        for slot in slots {
            // How many problems there are inside stands on the heads around it.
            let around = std::iter::successors(Some(*slot), |up| fleet.canvas().parent(*up));
            let boxed = pen.on_screen(*slot).filter(|_| fleet.shape(*slot) == Shape::Card);
            let all = boxed.into_iter().chain(around.filter_map(|team| pen.label(team)));
            parts.extend(all.filter(|part| part.meets(&window)));
            if parts.len() > MOST_PARTS {
                return false;
            }
        }
        parts.iter().for_each(|part| self.draw_anew(fleet, &in_pixels(part, density), density));
        true
    }

    /// A part of whole pixels of the window.
    pub(super) fn draw_anew(&mut self, fleet: &Fleet, part: &Rect, density: f64) {
        let (at, size) = (part.at, part.size);
        self.context.save();
        self.context.begin_path();
        self.context.rect(at.x, at.y, size.width, size.height);
        self.context.clip();
        self.context.clear_rect(at.x, at.y, size.width, size.height);
        self.draw_part(fleet, part, density);
        self.context.restore();
    }

    /// What lies in an empty part of the window. Answers the teams there.
    fn draw_part(&mut self, fleet: &Fleet, part: &Rect, density: f64) -> Vec<Slot> {
        let is_far = self.shown.as_ref().is_some_and(|shown| shown.detail == Detail::Far);
        let teams = if is_far { self.fill_part(fleet, part, density) } else { self.draw_boxes(fleet, part) };
        let Self { context, palette: Some(palette), pixels, shown: Some(shown), .. } = self else { return teams };
        if is_far {
            put(context, pixels);
        }
        context.set_global_alpha(1.0);
        Pen { context, palette, fleet, shown }.heads(&teams);
        teams
    }

    fn draw_boxes(&self, fleet: &Fleet, part: &Rect) -> Vec<Slot> {
        let Self { context, palette: Some(palette), shown: Some(shown), .. } = self else { return Vec::new() };
        let (teams, cards) = within(fleet, shown, part);
        let pen = Pen { context, palette, fleet, shown };
        teams.iter().for_each(|slot| pen.ground(*slot));
        pen.boxes(&cards);
        teams
    }

    /// As pixels, which are not put yet.
    pub(super) fn fill_part(&mut self, fleet: &Fleet, part: &Rect, density: f64) -> Vec<Slot> {
        let Self { context, palette: Some(palette), pixels, shown: Some(shown), .. } = self else { return Vec::new() };
        let (teams, cards) = within(fleet, shown, part);
        let size = Size { width: part.size.width * density, height: part.size.height * density };
        pixels.open(&Rect::new(part.at.times(density), size));
        Pen { context, palette, fleet, shown }.blocks(pixels, density, &teams, &cards);
        teams
    }
}

/// The teams, the outer ones first, and the cards.
fn within(fleet: &Fleet, shown: &Shown, part: &Rect) -> (Vec<Slot>, Vec<Slot>) {
    let [at, end] = [part.at, Point::new(part.right(), part.bottom())].map(|it| camera::to_world(&shown.camera, it));
    let found = fleet.within(&Rect::from_corners(at, end)).into_iter();
    let (mut teams, cards): (Vec<Slot>, Vec<Slot>) = found.partition(|slot| fleet.shape(*slot) == Shape::Team);
    Tally::count(|tally| tally.painted += (teams.len() + cards.len()) as u64);
    sort::by(&mut teams, |slot| fleet.depth(slot) as u32);
    (teams, cards)
}

/// A little around it and to whole pixels of the device, so that no edge is drawn over twice.
pub(super) fn in_pixels(part: &Rect, density: f64) -> Rect {
    let part = part.inflated(LINE);
    let [left, top] = [part.at.x, part.at.y].map(|it| (it * density).floor().max(0.0) / density);
    let [right, bottom] = [part.right(), part.bottom()].map(|it| (it * density).ceil() / density);
    Rect::from_corners(Point::new(left, top), Point::new(right, bottom))
}

/// The device's pixels a CSS pixel.
pub(super) fn density() -> f64 {
    leptos::prelude::window().device_pixel_ratio().clamp(1.0, 3.0)
}

/// Replaces what is there, whatever transform is set.
pub(super) fn put(context: &CanvasRenderingContext2d, pixels: &Pixels) {
    let (left, top, width, bytes) = pixels.cut();
    let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), width as u32);
    // A window without a pixel has no picture.
    let _ = image.and_then(|image| context.put_image_data(&image, left as f64, top as f64));
}
