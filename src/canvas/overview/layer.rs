//! The overview layer: one `<canvas>` with the nodes that are not elements, repainted in whole or in parts.

use orrery_model::Slot;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::device_pixel_ratio;
use super::painter::Painter;
use super::pixels::PixelBuffer;
use super::placement::{Placement, Quality, RenderInput};
use super::theme_colors::ThemeColors;
use crate::canvas::camera::css_transform;
use crate::canvas::culling::LevelOfDetail;
use crate::store::CanvasStore;
use crate::store::PerfCounters;
use orrery_layout::{Point, Rect, Shape, Size, camera, decimal};

pub struct OverviewLayer {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    colors: Option<ThemeColors>,
    pixels: PixelBuffer,
    /// What is painted; `None` if nothing is.
    painted: Option<RenderInput>,
    /// The placement that the element's style says.
    placement: Option<Placement>,
}

/// Above this number of regions, painting the whole is as fast.
const MAX_REGIONS: usize = 96;
/// Lines are painted up to this many CSS pixels outside of a node's rectangle.
const LINE_WIDTH: f64 = 2.0;

impl OverviewLayer {
    /// Returns `None` if the browser gives no 2D context.
    pub fn new(element: HtmlCanvasElement) -> Option<Self> {
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        element.set_hidden(true);
        Some(Self { element, context, colors: None, pixels: PixelBuffer::default(), painted: None, placement: None })
    }

    /// Places what is painted so that it shows the input. Returns false if it cannot at this quality, and so has to be painted.
    pub fn place(&mut self, store: &CanvasStore, input: &RenderInput, quality: Quality) -> bool {
        let Some(painted) = &self.painted else {
            return input.level_of_detail == LevelOfDetail::Near && quality != Quality::Rough;
        };
        let placement = painted.placement_for(input, store.bounds(), quality, device_pixel_ratio());
        placement.into_iter().for_each(|placement| self.apply_placement(placement));
        placement.is_some()
    }

    /// Returns whether all nodes in view of the input are painted.
    pub fn covers(&self, store: &CanvasStore, input: &RenderInput) -> bool {
        self.painted.as_ref().is_some_and(|painted| painted.covers(input, store.bounds()))
    }

    /// Paints all that is in view, with a margin around it; without labels if the quality is `Rough`.
    pub fn paint(&mut self, store: &CanvasStore, input: &RenderInput, quality: Quality) {
        if input.level_of_detail == LevelOfDetail::Near && self.painted.is_none() {
            return;
        }
        let ratio = device_pixel_ratio();
        let area = input.with_margin(ratio);
        let Size { width, height } = area.viewport_size;
        let (columns, rows) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if (self.element.width(), self.element.height()) != (columns, rows) {
            self.element.set_width(columns);
            self.element.set_height(rows);
            // Setting a valid property of a style cannot fail.
            let _ = self.element.style().set_property("width", &format!("{}px", decimal(width)));
            let _ = self.element.style().set_property("height", &format!("{}px", decimal(height)));
        }
        // If it failed the nodes would be painted in the wrong place, which is no reason to stop.
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, width, height);
        let is_painted =
            input.level_of_detail != LevelOfDetail::Near && ThemeColors::refresh(&mut self.colors).is_some();
        self.painted = None;
        // The browser would composite an empty layer in every frame.
        self.element.set_hidden(!is_painted);
        if is_painted {
            self.apply_placement(Placement::new(&area, input));
            if input.level_of_detail == LevelOfDetail::Far {
                self.pixels.resize(columns as usize, rows as usize);
            }
            let whole = Rect::new(Point::default(), area.viewport_size);
            self.painted = Some(area);
            self.paint_region(store, &whole, ratio, quality);
        }
    }

    /// Repaints the regions of nodes that appear otherwise and have not moved. Returns false if it is better to repaint all.
    pub fn repaint_nodes(&mut self, store: &CanvasStore, slots: &[Slot]) -> bool {
        let (Some(painted), Some(colors)) = (&self.painted, &self.colors) else { return true };
        let ratio = device_pixel_ratio();
        let whole = Rect::new(Point::default(), painted.viewport_size);
        let painter = Painter { context: &self.context, colors, store, input: painted };
        let mut regions: Vec<Rect> = Vec::new();
        for slot in slots {
            // The labels of the teams around a node count the problems inside them.
            let ancestors = std::iter::successors(Some(*slot), |slot| store.canvas().parent(*slot));
            let card = painter.screen_rect(*slot).filter(|_| store.shape(*slot) == Shape::Card);
            let all = card.into_iter().chain(ancestors.filter_map(|team| painter.label_rect(team)));
            regions.extend(all.filter(|region| region.meets(&whole)));
            if regions.len() > MAX_REGIONS {
                return false;
            }
        }
        regions.iter().for_each(|region| self.repaint_region(store, &to_whole_pixels(region, ratio), ratio));
        true
    }

    fn apply_placement(&mut self, placement: Placement) {
        if self.placement.replace(placement) != Some(placement) {
            // Setting a valid property of a style cannot fail.
            let _ = self.element.style().set_property("transform", &css_transform(placement.offset, placement.scale));
        }
    }

    /// Clears and paints a region that consists of whole device pixels.
    fn repaint_region(&mut self, store: &CanvasStore, region: &Rect, ratio: f64) {
        let (at, size) = (region.at, region.size);
        self.context.save();
        self.context.begin_path();
        self.context.rect(at.x, at.y, size.width, size.height);
        self.context.clip();
        self.context.clear_rect(at.x, at.y, size.width, size.height);
        self.paint_region(store, region, ratio, Quality::Sharp);
        self.context.restore();
    }

    /// Paints the nodes in a region that is empty.
    fn paint_region(&mut self, store: &CanvasStore, region: &Rect, ratio: f64, quality: Quality) {
        let Self { context, colors: Some(colors), pixels, painted: Some(input), .. } = self else { return };
        let (teams, cards) = nodes_within(store, input, region);
        let painter = Painter { context, colors, store, input };
        if input.level_of_detail == LevelOfDetail::Far {
            pixels.begin_region(&Rect::new(region.at.times(ratio), region.size.times(ratio)));
            painter.paint_blocks(pixels, ratio, &teams, &cards);
            put_pixels(context, pixels);
        } else {
            teams.iter().for_each(|slot| painter.paint_team(*slot));
            cards.iter().for_each(|slot| painter.paint_tile(*slot));
        }
        context.set_global_alpha(1.0);
        if quality != Quality::Rough {
            if input.level_of_detail == LevelOfDetail::Far {
                painter.paint_block_marks(&cards);
            }
            painter.paint_team_labels(&teams);
        }
    }
}

/// Returns the teams, outer ones first, and the cards in a region of the layer.
fn nodes_within(store: &CanvasStore, input: &RenderInput, region: &Rect) -> (Vec<Slot>, Vec<Slot>) {
    let [start, end] =
        [region.at, Point::new(region.right(), region.bottom())].map(|corner| camera::to_world(&input.camera, corner));
    let found = store.nodes_in(&Rect::from_corners(start, end)).into_iter();
    let (mut teams, cards): (Vec<Slot>, Vec<Slot>) = found.partition(|slot| store.shape(*slot) == Shape::Team);
    PerfCounters::count(|counters| counters.overview_nodes += (teams.len() + cards.len()) as u64);
    teams.sort_unstable_by_key(|slot| (store.depth(*slot), *slot));
    (teams, cards)
}

/// Grows a region by the width of a line and then to whole device pixels, so that no edge is painted over twice.
fn to_whole_pixels(region: &Rect, ratio: f64) -> Rect {
    let region = region.inflated(LINE_WIDTH);
    let [left, top] = [region.at.x, region.at.y].map(|start| (start * ratio).floor().max(0.0) / ratio);
    let [right, bottom] = [region.right(), region.bottom()].map(|end| (end * ratio).ceil() / ratio);
    Rect::from_corners(Point::new(left, top), Point::new(right, bottom))
}

/// Copies the current region of the pixels onto the canvas. The context's transform does not apply.
fn put_pixels(context: &CanvasRenderingContext2d, pixels: &PixelBuffer) {
    let (left, top, width, bytes) = pixels.region();
    let image = ImageData::new_with_u8_clamped_array(Clamped(&bytes), width as u32);
    // Fails for an empty region, of which there is nothing to copy.
    let _ = image.and_then(|image| context.put_image_data(&image, left as f64, top as f64));
}
