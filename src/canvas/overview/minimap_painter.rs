//! Painter of the minimap: repaints the nodes whose status changed, or the whole if anything else did.

use orrery_model::Slot;
use orrery_protocol::record::Viewport;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::device_pixel_ratio;
use super::minimap::SIZE;
use super::pixels::PixelBuffer;
use super::theme_colors::ThemeColors;
use crate::store::{CanvasStore, OverviewRevision};
use orrery_layout::{Point, Rect, Shape, camera};

const DIMMED_OPACITY: f64 = 0.2;

#[derive(Default)]
pub struct MinimapPainter {
    colors: Option<ThemeColors>,
    pixels: PixelBuffer,
    /// In device pixels.
    width: u32,
    painted: Option<Painted>,
    /// Of the last repaint, in milliseconds.
    last_duration: f64,
}

/// What is painted.
struct Painted {
    revision: OverviewRevision,
    theme_revision: u32,
    map_camera: Viewport,
}

impl MinimapPainter {
    /// Returns how long the last repaint took, in milliseconds.
    pub fn last_duration(&self) -> f64 {
        self.last_duration
    }

    /// Repaints what changed since the last call. `map_camera` maps the world to the minimap in CSS pixels.
    pub fn paint(&mut self, store: &CanvasStore, map_camera: &Viewport, theme_revision: u32) {
        let started = js_sys::Date::now();
        self.repaint(store, map_camera, theme_revision);
        self.last_duration = js_sys::Date::now() - started;
    }

    pub fn copy_to(&self, element: &HtmlCanvasElement) {
        if element.width() != self.width {
            element.set_width(self.width);
            element.set_height((f64::from(self.width) * SIZE.height / SIZE.width) as u32);
        }
        let context = element.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let image = ImageData::new_with_u8_clamped_array(Clamped(self.pixels.bytes()), self.width);
        if let (Some(context), Ok(image)) = (context, image) {
            // If it fails, the minimap stays as it was.
            let _ = context.put_image_data(&image, 0.0, 0.0);
        }
    }

    fn repaint(&mut self, store: &CanvasStore, map_camera: &Viewport, theme_revision: u32) {
        let ratio = device_pixel_ratio();
        let (width, height) = ((SIZE.width * ratio) as u32, (SIZE.height * ratio) as u32);
        let is_alike = |painted: &Painted| {
            painted.theme_revision == theme_revision && painted.map_camera == *map_camera && self.width == width
        };
        let before = self.painted.take().filter(is_alike);
        self.width = width;
        if ThemeColors::refresh(&mut self.colors).is_none() {
            return;
        }
        self.pixels.resize(width as usize, height as usize);
        match before.and_then(|before| store.changed_since_revision(before.revision)) {
            Some(slots) => {
                for rect in slots.into_iter().filter_map(|slot| store.rect(slot)) {
                    let region = rect_on_map(rect, map_camera, ratio).inflated(ratio);
                    self.paint_region(store, map_camera, ratio, &region);
                }
            }
            None => self.paint_region(store, map_camera, ratio, &Rect::new(Point::default(), SIZE.times(ratio))),
        }
        self.painted = Some(Painted { revision: store.overview_revision(), theme_revision, map_camera: *map_camera });
    }

    /// Clears and paints a region in device pixels: teams, then cards, and cards with problems over their neighbours.
    fn paint_region(&mut self, store: &CanvasStore, map_camera: &Viewport, ratio: f64, region: &Rect) {
        let Some(colors) = self.colors.as_ref().map(|colors| &colors.pixels) else { return };
        self.pixels.begin_region(region);
        let area = region.inflated(2.0 * ratio);
        let [start, end] = [area.at, Point::new(area.right(), area.bottom())]
            .map(|corner| camera::to_world(map_camera, corner.times(1.0 / ratio)));
        let found = store.nodes_in(&Rect::from_corners(start, end)).into_iter();
        let (teams, cards): (Vec<Slot>, Vec<Slot>) = found.partition(|slot| store.shape(*slot) == Shape::Team);
        let on_map = |slot: Slot| store.rect(slot).map(|rect| rect_on_map(rect, map_camera, ratio));
        for rect in teams.into_iter().filter_map(on_map) {
            self.pixels.fill(&rect, colors.team);
        }
        let mut problems = Vec::new();
        for (slot, rect) in cards.into_iter().filter_map(|slot| Some((slot, on_map(slot)?))) {
            let status = store.overview_status(slot);
            let opacity = if store.filter_index.is_dimmed(slot) { DIMMED_OPACITY } else { 1.0 };
            let color = colors.small_block(status).with_opacity(opacity);
            match status.is_problem() {
                true => problems.push((status, rect, color)),
                false => self.pixels.fill(&rect, color),
            }
        }
        problems.sort_by_key(|(status, ..)| *status);
        for (_, rect, color) in problems {
            // Enlarged, so that a single failure is found among thousands of cards.
            self.pixels.fill(&rect.inflated(ratio * 0.5), color);
        }
    }
}

fn rect_on_map(rect: Rect, map_camera: &Viewport, ratio: f64) -> Rect {
    Rect::new(camera::to_screen(map_camera, rect.at).times(ratio), rect.size.times(map_camera.zoom * ratio))
}
