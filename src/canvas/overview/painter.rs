//! Painter of the overview's nodes: teams, cards as boxes, and cards as blocks of colour.

use orrery_model::Slot;
use web_sys::CanvasRenderingContext2d;

use super::labels::{FONT_SIZE, truncate};
use super::pixels::PixelBuffer;
use super::placement::RenderInput;
use super::theme_colors::ThemeColors;
use crate::store::CanvasStore;
use crate::store::OverviewStatus;
use orrery_layout::{Rect, camera};

/// Below this width, in CSS pixels, a node has no name.
pub const MIN_NAMED_WIDTH: f64 = 52.0;
const DIMMED_OPACITY: f64 = 0.25;
/// Below this width, in device pixels, an outline would hide a team's background.
const MIN_OUTLINED_WIDTH: f64 = 12.0;
/// Of the corners of cards and teams, in CSS pixels at zoom 1.
const CORNER_RADIUS: f64 = 10.0;

/// Paints in CSS pixels of the overview layer.
pub struct Painter<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub colors: &'a ThemeColors,
    pub store: &'a CanvasStore,
    pub input: &'a RenderInput,
}

impl Painter<'_> {
    pub fn paint_team(&self, slot: Slot) {
        let Some(rect) = self.screen_rect(slot) else { return };
        self.trace_rounded_rect(&rect);
        self.context.set_fill_style_str(&self.colors.team);
        self.context.fill();
        self.context.set_stroke_style_str(&self.colors.team_line);
        self.context.set_line_width(1.0);
        self.context.stroke();
    }

    /// Paints boxes with a status mark and, where there is room for it, a name.
    pub fn paint_cards(&self, cards: &[Slot]) {
        self.context.set_text_baseline("middle");
        self.context.set_font(&self.colors.font(FONT_SIZE));
        cards.iter().for_each(|slot| self.paint_card(*slot));
    }

    fn paint_card(&self, slot: Slot) {
        let (Some(rect), Some(workspace)) = (self.screen_rect(slot), self.store.canvas().get(slot)) else { return };
        self.context.set_global_alpha(self.opacity(slot));
        self.trace_rounded_rect(&rect);
        self.context.set_fill_style_str(&self.colors.surface);
        self.context.fill();
        let status = self.store.tone(slot);
        let is_quiet =
            matches!(status, OverviewStatus::Online | OverviewStatus::Provisioning | OverviewStatus::Offline);
        let color = self.colors.status(status);
        self.context.set_stroke_style_str(if is_quiet { &self.colors.line } else { color });
        self.context.set_line_width(if is_quiet { 1.0 } else { 2.0 });
        self.context.stroke();
        if workspace.current_task.is_some() {
            self.context.set_fill_style_str(&self.colors.task);
            let height = (4.0 * self.input.camera.zoom * 2.0).max(2.0);
            self.context.fill_rect(rect.at.x + 4.0, rect.bottom() - height - 3.0, rect.size.width - 8.0, height);
        }
        self.context.set_fill_style_str(color);
        if rect.size.width < MIN_NAMED_WIDTH {
            let side = rect.size.height * 0.4;
            self.context.fill_rect(rect.middle().x - side / 2.0, rect.middle().y - side / 2.0, side, side);
            return;
        }
        let baseline = rect.at.y + (rect.size.height / 2.0).min(18.0);
        self.context.fill_rect(rect.at.x + 6.0, baseline - 4.0, 8.0, 8.0);
        let name = truncate(&workspace.name, rect.size.width - 22.0, FONT_SIZE);
        self.paint_text(&name, rect.at.x + 18.0, baseline, rect.size.width - 22.0, &self.colors.text);
    }

    /// Paints teams and cards as blocks of colour, in device pixels; failed cards last, over their neighbours.
    pub fn paint_blocks(&self, pixels: &mut PixelBuffer, device_pixel_ratio: f64, teams: &[Slot], cards: &[Slot]) {
        let colors = &self.colors.pixels;
        let to_pixels = |rect: Rect| Rect::new(rect.at.times(device_pixel_ratio), rect.size.times(device_pixel_ratio));
        for rect in teams.iter().filter_map(|slot| self.screen_rect(*slot)).map(to_pixels) {
            pixels.fill(&rect, colors.team);
            if rect.size.width > MIN_OUTLINED_WIDTH {
                pixels.outline(&rect, colors.team_line);
            }
        }
        let mut deferred: [Vec<(Slot, Rect)>; OverviewStatus::ALL.len()] = Default::default();
        let fill = |pixels: &mut PixelBuffer, status: OverviewStatus, slot: Slot, rect: &Rect| {
            pixels.fill(rect, colors.status(status).with_opacity(self.opacity(slot)));
        };
        for slot in cards {
            let Some(rect) = self.screen_rect(*slot).map(to_pixels) else { continue };
            match self.store.tone(*slot) {
                OverviewStatus::Online => fill(pixels, OverviewStatus::Online, *slot, &rect),
                status => deferred[status as usize].push((*slot, rect)),
            }
        }
        for (status, cards) in OverviewStatus::ALL.into_iter().zip(&deferred) {
            cards.iter().for_each(|(slot, rect)| fill(pixels, status, *slot, rect));
        }
    }

    /// Paints text that is compressed where it is wider than `max_width`.
    pub(super) fn paint_text(&self, text: &str, x: f64, y: f64, max_width: f64, color: &str) {
        self.context.set_fill_style_str(color);
        // A text that cannot be painted is no reason to stop.
        let _ = self.context.fill_text_with_max_width(text, x, y, max_width.max(1.0));
    }

    /// Returns the rectangle of a node in CSS pixels of the layer.
    pub fn screen_rect(&self, slot: Slot) -> Option<Rect> {
        let rect = self.store.rect(slot)?;
        let camera = &self.input.camera;
        Some(Rect::new(camera::to_screen(camera, rect.at), rect.size.times(camera.zoom)))
    }

    fn trace_rounded_rect(&self, rect: &Rect) {
        self.context.begin_path();
        let radius = (CORNER_RADIUS * self.input.camera.zoom).max(1.0);
        let Rect { at, size } = rect;
        // Fails for a negative radius alone.
        let _ = self.context.round_rect_with_f64(at.x, at.y, size.width, size.height, radius);
    }

    fn opacity(&self, slot: Slot) -> f64 {
        if self.store.filter_index.is_dimmed(slot) { DIMMED_OPACITY } else { 1.0 }
    }
}
