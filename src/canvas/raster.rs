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
use super::placing::{Placing, Quality};
use super::view::transform;
use crate::store::CanvasStore;
use crate::store::PerfCounters;
use orrery_layout::{Point, Rect, Shape, Size, camera, decimal};

pub struct Raster {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    palette: Option<Palette>,
    pixels: Pixels,
    /// None: the picture is empty.
    picture: Option<Shown>,
    /// As the sheet has it.
    placed: Option<Placing>,
}

/// What is to be seen, or what a picture is of.
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
        element.set_hidden(true);
        Some(Self { element, context, palette: None, pixels: Pixels::default(), picture: None, placed: None })
    }

    /// The picture that is there, seen from there. False: it has to be another one.
    pub fn place(&mut self, store: &CanvasStore, seen: &Shown, quality: Quality) -> bool {
        let Some(picture) = &self.picture else { return seen.detail == Detail::Near && quality != Quality::Rough };
        let placing = picture.serves(seen, store.bounds(), quality, density());
        placing.into_iter().for_each(|placing| self.put_at(placing));
        placing.is_some()
    }

    /// Is all that is seen there in the picture?
    pub fn reaches(&self, store: &CanvasStore, seen: &Shown) -> bool {
        self.picture.as_ref().is_some_and(|picture| picture.reaches(seen, store.bounds()))
    }

    /// All of it; roughly, without a word.
    pub fn draw(&mut self, store: &CanvasStore, seen: &Shown, quality: Quality) {
        if seen.detail == Detail::Near && self.picture.is_none() {
            return;
        }
        let density = density();
        let picture = seen.with_margin(density);
        let Size { width, height } = picture.window;
        let (across, down) = ((width * density).round() as u32, (height * density).round() as u32);
        if (self.element.width(), self.element.height()) != (across, down) {
            self.element.set_width(across);
            self.element.set_height(down);
            // Neither fails for a style that the page itself writes.
            let _ = self.element.style().set_property("width", &format!("{}px", decimal(width)));
            let _ = self.element.style().set_property("height", &format!("{}px", decimal(height)));
        }
        // A transform that cannot be set would leave a wrong picture, not a broken page.
        let _ = self.context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, width, height);
        let is_drawn = seen.detail != Detail::Near && Palette::refresh(&mut self.palette).is_some();
        self.picture = None;
        // The browser would lay an empty picture over the page in every frame.
        self.element.set_hidden(!is_drawn);
        if is_drawn {
            self.put_at(Placing::of(&picture, seen));
            if seen.detail == Detail::Far {
                self.pixels.resize(across as usize, down as usize);
            }
            let whole = Rect::new(Point::default(), picture.window);
            self.picture = Some(picture);
            self.draw_part(store, &whole, density, quality);
        }
    }

    fn put_at(&mut self, placing: Placing) {
        if self.placed.replace(placing) != Some(placing) {
            let Placing { at, scale } = placing;
            // A picture that cannot be placed is no reason to stop.
            let _ = self.element.style().set_property("transform", &transform(at, scale));
        }
    }

    /// These look different, and stand where they stood. False: better draw all of it.
    pub fn touch(&mut self, store: &CanvasStore, slots: &[Slot]) -> bool {
        let (Some(shown), Some(palette)) = (&self.picture, &self.palette) else { return true };
        let density = density();
        let whole = Rect::new(Point::default(), shown.window);
        let pen = Pen { context: &self.context, palette, store, shown };
        let mut parts: Vec<Rect> = Vec::new();
        for slot in slots {
            // How many problems there are inside stands on the heads around it.
            let around = std::iter::successors(Some(*slot), |up| store.canvas().parent(*up));
            let boxed = pen.on_screen(*slot).filter(|_| store.shape(*slot) == Shape::Card);
            let all = boxed.into_iter().chain(around.filter_map(|team| pen.label(team)));
            parts.extend(all.filter(|part| part.meets(&whole)));
            if parts.len() > MOST_PARTS {
                return false;
            }
        }
        parts.iter().for_each(|part| self.draw_anew(store, &in_pixels(part, density), density));
        true
    }

    /// A part of whole pixels of the picture.
    fn draw_anew(&mut self, store: &CanvasStore, part: &Rect, density: f64) {
        let (at, size) = (part.at, part.size);
        self.context.save();
        self.context.begin_path();
        self.context.rect(at.x, at.y, size.width, size.height);
        self.context.clip();
        self.context.clear_rect(at.x, at.y, size.width, size.height);
        self.draw_part(store, part, density, Quality::Sharp);
        self.context.restore();
    }

    /// What lies in an empty part of the picture.
    fn draw_part(&mut self, store: &CanvasStore, part: &Rect, density: f64, quality: Quality) {
        let Self { context, palette: Some(palette), pixels, picture: Some(shown), .. } = self else { return };
        let (teams, cards) = within(store, shown, part);
        let pen = Pen { context, palette, store, shown };
        if shown.detail == Detail::Far {
            pixels.open(&Rect::new(part.at.times(density), part.size.times(density)));
            pen.blocks(pixels, density, &teams, &cards);
            put(context, pixels);
        } else {
            teams.iter().for_each(|slot| pen.ground(*slot));
            pen.boxes(&cards);
        }
        context.set_global_alpha(1.0);
        if quality != Quality::Rough {
            pen.heads(&teams, false);
            pen.heads(&teams, true);
        }
    }
}

/// The teams, the outer ones first, and the cards.
fn within(store: &CanvasStore, shown: &Shown, part: &Rect) -> (Vec<Slot>, Vec<Slot>) {
    let [at, end] = [part.at, Point::new(part.right(), part.bottom())].map(|it| camera::to_world(&shown.camera, it));
    let found = store.nodes_in(&Rect::from_corners(at, end)).into_iter();
    let (mut teams, cards): (Vec<Slot>, Vec<Slot>) = found.partition(|slot| store.shape(*slot) == Shape::Team);
    PerfCounters::count(|counters| counters.overview_nodes += (teams.len() + cards.len()) as u64);
    teams.sort_unstable_by_key(|slot| (store.depth(*slot), *slot));
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
