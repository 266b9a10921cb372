//! Painter of cards from far away: as blocks of colour, and of small teams as one block each.

use orrery_layout::{Point, Rect, Size};
use orrery_model::Slot;

use super::marks::paint_mark;
use super::painter::{Painter, outline_width};
use super::pixels::PixelBuffer;
use super::theme_colors::StatusColors;
use crate::store::OverviewStatus;

/// Below this width or height, in device pixels, an outline would hide what is inside.
const MIN_OUTLINED: f64 = 7.0;
/// Below this width, in device pixels, an outline is one pixel wide.
const MIN_THICK: f64 = 12.0;
/// Below this width, in device pixels, an outline would hide a team's ground.
const MIN_OUTLINED_TEAM: f64 = 12.0;
/// The least height, in CSS pixels, of a block with a mark.
const MIN_MARKED: f64 = 10.0;
/// A team's block is as high as its bar, unless it is at least this high, in CSS pixels: then it has a text above.
pub const MIN_TEXT_HEIGHT: f64 = 17.0;
const BAR_HEIGHT: f64 = 4.0;

impl Painter<'_> {
    /// Paints teams and cards as blocks of colour, in device pixels; the most urgent last, over their neighbours.
    pub fn paint_blocks(&self, pixels: &mut PixelBuffer, device_pixel_ratio: f64, teams: &[Slot], cards: &[Slot]) {
        let colors = &self.colors.pixels;
        let to_pixels = |rect: Rect| Rect::new(rect.at.times(device_pixel_ratio), rect.size.times(device_pixel_ratio));
        for slot in teams {
            let Some(rect) = self.screen_rect(*slot).map(to_pixels) else { continue };
            pixels.fill(&rect, colors.team);
            if self.store.is_block(Some(*slot)) {
                self.paint_team_block(pixels, *slot, rect, device_pixel_ratio);
            }
            if rect.size.width > MIN_OUTLINED_TEAM {
                pixels.outline(&rect, colors.team_line, 1.0);
            }
        }
        let mut deferred: [Vec<(Slot, Rect)>; OverviewStatus::ALL.len()] = Default::default();
        let canvas = self.store.canvas();
        for slot in cards.iter().filter(|slot| !self.store.is_block(canvas.parent(**slot))) {
            let Some(rect) = self.screen_rect(*slot).map(to_pixels) else { continue };
            match self.store.overview_status(*slot) {
                OverviewStatus::Online => self.paint_block(pixels, OverviewStatus::Online, *slot, &rect),
                status => deferred[status as usize].push((*slot, rect)),
            }
        }
        for (status, cards) in OverviewStatus::ALL.into_iter().zip(&deferred) {
            cards.iter().for_each(|(slot, rect)| self.paint_block(pixels, status, *slot, rect));
        }
    }

    /// Paints the marks of the problems among blocks that have room for one.
    pub fn paint_block_marks(&self, cards: &[Slot]) {
        for slot in cards {
            let status = self.store.overview_status(*slot);
            let has_mark = status >= OverviewStatus::Provisioning;
            let parent = self.store.canvas().parent(*slot);
            let rect = self.screen_rect(*slot).filter(|rect| has_mark && rect.size.height >= MIN_MARKED);
            let Some(rect) = rect.filter(|_| !self.store.is_block(parent)) else { continue };
            let colors = self.colors.status(status);
            let color = if status.is_problem() { &colors.text } else { &colors.line };
            self.context.set_global_alpha(self.opacity(*slot));
            paint_mark(self.context, status, rect.middle(), (rect.size.height * 0.5).clamp(6.0, 12.0), color);
        }
        self.context.set_global_alpha(1.0);
    }

    fn paint_block(&self, pixels: &mut PixelBuffer, status: OverviewStatus, slot: Slot, rect: &Rect) {
        let (colors, opacity) = (&self.colors.pixels, self.opacity(slot));
        if rect.size.width < MIN_OUTLINED || rect.size.height < MIN_OUTLINED {
            return pixels.fill(rect, colors.small_block(status).with_opacity(opacity));
        }
        let StatusColors { fill, line, .. } = colors.status(status);
        pixels.fill(rect, fill.with_opacity(opacity));
        let width = if rect.size.width < MIN_THICK { 1.0 } else { outline_width(status).round() };
        pixels.outline(rect, line.with_opacity(opacity), width);
    }

    /// Paints how many workspaces inside a team have which status, as the parts of a bar, the most urgent first.
    fn paint_team_block(&self, pixels: &mut PixelBuffer, team: Slot, rect: Rect, device_pixel_ratio: f64) {
        let colors = &self.colors.pixels;
        pixels.fill(&rect, colors.status(OverviewStatus::Online).fill);
        let counts = self.store.status_counts(team);
        let total = f64::from(counts.iter().sum::<u32>().max(1));
        let bar_height = match rect.size.height >= MIN_TEXT_HEIGHT * device_pixel_ratio {
            true => BAR_HEIGHT * device_pixel_ratio,
            false => rect.size.height,
        };
        let (mut left, top) = (rect.at.x, rect.bottom() - bar_height);
        for (status, count) in OverviewStatus::ALL.into_iter().zip(counts).rev().filter(|(_, count)| *count > 0) {
            // A single problem among many is seen, too.
            let width = (rect.size.width * f64::from(count) / total).max(2.0 * device_pixel_ratio);
            let width = width.min(rect.right() - left);
            if width > 0.0 {
                let part = Rect::new(Point::new(left, top), Size { width, height: bar_height });
                pixels.fill(&part, colors.small_block(status).with_opacity(self.opacity(team)));
            }
            left += width;
        }
    }
}
