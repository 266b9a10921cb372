//! What is too many or too small to be elements, on one `<canvas>`: which part of the picture is drawn again, and when.
//! A pan moves the picture that is there and draws what comes into view.
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
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    palette: Option<Palette>,
    pixels: Pixels,
    /// None: the picture is empty.
    shown: Option<Shown>,
    /// The teams whose heads may be seen, when the pixels below them are moved.
    headed: Vec<Slot>,
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
/// Of a pixel: less is the rounding of numbers.
const WHOLE: f64 = 0.001;

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

    /// The same from elsewhere, at the same zoom: what is seen still is only moved. False: better draw all of it.
    pub fn shift(&mut self, fleet: &Fleet, to: &Shown) -> bool {
        let Some(from) = &mut self.shown else { return false };
        let density = density();
        let by = Point::new(to.camera.x - from.camera.x, to.camera.y - from.camera.y);
        let [right, down] = [by.x * density, by.y * density].map(f64::round);
        // Between two pixels it would be another picture.
        let is_whole = (by.x * density - right).abs() + (by.y * density - down).abs() < WHOLE;
        let is_same = (from.window, from.detail, from.camera.zoom) == (to.window, to.detail, to.camera.zoom);
        let Size { width, height } = to.window;
        if !is_whole || !is_same || by.x.abs() > width / 2.0 || by.y.abs() > height / 2.0 {
            return false;
        }
        *from = to.clone();
        let left = if by.x > 0.0 { 0.0 } else { width + by.x };
        let top = if by.y > 0.0 { 0.0 } else { height + by.y };
        let across = Rect::new(Point::new(left, 0.0), Size { width: by.x.abs(), height });
        let along = Rect::new(Point::new(0.0, top), Size { width, height: by.y.abs() });
        let strips = [across, along].into_iter().filter(|it| it.size.width * it.size.height > 0.0);
        let strips = strips.map(|it| in_pixels(&it, density));
        match to.detail {
            Detail::Far => self.move_pixels(fleet, [right, down], strips, density),
            _ => {
                self.move_boxes([right, down]);
                strips.for_each(|strip| self.draw_anew(fleet, &strip, density));
            }
        }
        true
    }

    fn move_boxes(&self, [right, down]: [f64; 2]) {
        self.context.save();
        // None of these fails for a canvas that has pixels, and one without shows nothing.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let _ = self.context.set_global_composite_operation("copy");
        let _ = self.context.draw_image_with_html_canvas_element(&self.element, right, down);
        self.context.restore();
    }

    /// Put as a whole: the browser would wait for its own move before it took a part.
    fn move_pixels(&mut self, fleet: &Fleet, by: [f64; 2], strips: impl Iterator<Item = Rect>, density: f64) {
        let [right, down] = by.map(|it| it as isize);
        self.pixels.shift(right, down);
        let mut came = Vec::new();
        for strip in strips {
            came.extend(self.fill_part(fleet, &strip, density));
        }
        let Self { context, palette: Some(palette), pixels, shown: Some(shown), headed, .. } = self else { return };
        pixels.open_all();
        put(context, pixels);
        let pen = Pen { context, palette, fleet, shown };
        let window = Rect::new(Point::default(), shown.window);
        headed.extend(came);
        headed.retain(|team| pen.label(*team).is_some_and(|label| label.meets(&window)));
        sort::once(headed);
        pen.heads(headed);
    }

    /// A part of whole pixels of the window.
    fn draw_anew(&mut self, fleet: &Fleet, part: &Rect, density: f64) {
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
    fn fill_part(&mut self, fleet: &Fleet, part: &Rect, density: f64) -> Vec<Slot> {
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
fn in_pixels(part: &Rect, density: f64) -> Rect {
    let part = part.inflated(LINE);
    let [left, top] = [part.at.x, part.at.y].map(|it| (it * density).floor().max(0.0) / density);
    let [right, bottom] = [part.right(), part.bottom()].map(|it| (it * density).ceil() / density);
    Rect::from_corners(Point::new(left, top), Point::new(right, bottom))
}

/// The device's pixels a CSS pixel.
fn density() -> f64 {
    leptos::prelude::window().device_pixel_ratio().clamp(1.0, 3.0)
}

/// Replaces what is there, whatever transform is set.
fn put(context: &CanvasRenderingContext2d, pixels: &Pixels) {
    let (left, top, width, bytes) = pixels.cut();
    let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), width as u32);
    // A window without a pixel has no picture.
    let _ = image.and_then(|image| context.put_image_data(&image, left as f64, top as f64));
}
