//! Painter of the overview's nodes at the middle distance: teams, and cards as tiles with a name and a second line.

use orrery_model::Slot;
use web_sys::CanvasRenderingContext2d;

use super::marks::paint_mark;
use super::placement::RenderInput;
use super::theme_colors::ThemeColors;
use crate::canvas::labels;
use crate::store::{CanvasStore, OverviewStatus};
use orrery_layout::{Point, Rect, camera};

/// Of names and of the lines below, in CSS pixels, and at zoom 1: the larger one holds. As `style/tile.css` has them.
const NAME_SIZE: (f64, f64) = (11.0, 18.0);
const LINE_SIZE: (f64, f64) = (10.0, 16.0);
/// From the edges of a tile to its text, in CSS pixels, and from one line to the next, as a part of the font size.
const PADDING: f64 = 8.0;
const LINE_HEIGHT: f64 = 1.4;
const MARK_SIZE: f64 = 8.0;
const DIMMED_OPACITY: f64 = 0.25;
/// Of the corners of cards and teams, in CSS pixels at zoom 1.
const CORNER_RADIUS: f64 = 10.0;

/// Paints in CSS pixels of the overview layer.
pub struct Painter<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub colors: &'a ThemeColors,
    pub store: &'a CanvasStore,
    pub input: &'a RenderInput,
}

/// Returns how wide the outline of a tile or block is, in pixels.
pub fn outline_width(status: OverviewStatus) -> f64 {
    match status {
        OverviewStatus::Failed | OverviewStatus::Degraded | OverviewStatus::Stuck => 2.0,
        OverviewStatus::Provisioning => 1.5,
        _ => 1.0,
    }
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

    /// Paints a tile with a status mark, the differing part of the name, and the problem or the task.
    pub fn paint_tile(&self, slot: Slot) {
        let (Some(rect), Some(workspace)) = (self.screen_rect(slot), self.store.canvas().get(slot)) else { return };
        self.context.set_global_alpha(self.opacity(slot));
        let status = self.store.overview_status(slot);
        let colors = self.colors.status(status);
        let width = outline_width(status);
        self.trace_rounded_rect(&rect.inflated(-width / 2.0));
        self.context.set_fill_style_str(&colors.fill);
        self.context.fill();
        self.context.set_stroke_style_str(&colors.line);
        self.context.set_line_width(width);
        self.context.stroke();

        let left = rect.at.x + PADDING;
        let size = |(least, at_zoom_1): (f64, f64)| least.max(at_zoom_1 * self.input.camera.zoom);
        let (name_size, line_size) = (size(NAME_SIZE), size(LINE_SIZE));
        let first = rect.at.y + PADDING + name_size / 2.0;
        paint_mark(self.context, status, Point::new(left + MARK_SIZE / 2.0, first), MARK_SIZE, self.mark_color(status));
        let name_left = left + MARK_SIZE + 5.0;
        let name = self.short_name(slot);
        self.paint_text(
            name,
            Point::new(name_left, first),
            rect.right() - PADDING / 2.0 - name_left,
            name_size,
            &colors.text,
        );
        if let Some(line) = labels::problem_or_task(workspace) {
            let color = if status == OverviewStatus::Working { &self.colors.task_text } else { &colors.text };
            let at = Point::new(left, first + name_size * LINE_HEIGHT);
            self.paint_text(&line, at, rect.right() - PADDING / 2.0 - left, line_size, color);
        }
    }

    /// Returns the part of a workspace's name that differs from the names of its siblings.
    pub fn short_name(&self, slot: Slot) -> &str {
        let name = self.store.canvas().get(slot).map_or("", |workspace| workspace.display_name());
        name.get(self.store.differing_part(slot, name)..).unwrap_or(name)
    }

    /// Paints a text around the height of a point, elided in the middle where it is wider than `max_width`.
    pub fn paint_text(&self, text: &str, at: Point, max_width: f64, font_size: f64, color: &str) {
        self.context.set_text_baseline("middle");
        self.context.set_font(&self.colors.font(font_size));
        self.context.set_fill_style_str(color);
        let text = self.colors.letter_widths.elide(text, max_width, font_size);
        // A text that cannot be painted is no reason to stop.
        let _ = self.context.fill_text_with_max_width(&text, at.x, at.y, max_width.max(1.0));
    }

    /// Returns the rectangle of a node in CSS pixels of the layer.
    pub fn screen_rect(&self, slot: Slot) -> Option<Rect> {
        let rect = self.store.rect(slot)?;
        let camera = &self.input.camera;
        Some(Rect::new(camera::to_screen(camera, rect.at), rect.size.times(camera.zoom)))
    }

    pub fn opacity(&self, slot: Slot) -> f64 {
        if self.store.filter_index.is_dimmed(slot) { DIMMED_OPACITY } else { 1.0 }
    }

    /// Returns the colour of a mark on a tile: that of the text where the tile is filled.
    fn mark_color(&self, status: OverviewStatus) -> &str {
        let colors = self.colors.status(status);
        match status {
            OverviewStatus::Stuck | OverviewStatus::Provisioning => &colors.line,
            OverviewStatus::Online => &self.colors.online,
            OverviewStatus::Working => &self.colors.task,
            _ => &colors.text,
        }
    }

    fn trace_rounded_rect(&self, rect: &Rect) {
        self.context.begin_path();
        let radius = (CORNER_RADIUS * self.input.camera.zoom).max(1.0);
        let Rect { at, size } = rect;
        // Fails for a negative radius alone.
        let _ = self.context.round_rect_with_f64(at.x, at.y, size.width, size.height, radius);
    }
}
