//! Labels of teams in the overview: name, problems, working and count, in a band above the members.

use orrery_model::Slot;

use super::blocks::MIN_TEXT_HEIGHT;
use super::marks::paint_mark;
use super::painter::Painter;
use crate::canvas::culling::LevelOfDetail;
use crate::store::OverviewStatus;
use orrery_layout::{Point, Rect, Shape, Size};

/// In CSS pixels. No text is painted smaller than the least size.
const MIN_FONT_SIZE: f64 = 9.0;
const MAX_FONT_SIZE: f64 = 12.0;
const PADDING: f64 = 5.0;
const GAP: f64 = 7.0;
const MIN_NAME_WIDTH: f64 = 22.0;
/// The part of a label that its name takes before its numbers.
const MAX_NAME_SHARE: f64 = 0.6;
const DOT: f64 = 7.0;

/// A count at the right end of a label.
struct Count<'a> {
    text: String,
    color: &'a str,
    has_dot: bool,
}

impl Painter<'_> {
    pub fn paint_team_labels(&self, teams: &[Slot]) {
        teams.iter().for_each(|slot| self.paint_team_label(*slot));
    }

    /// Returns where a team's label is painted, in CSS pixels of the layer, or `None` if there is no room for it.
    pub fn label_rect(&self, slot: Slot) -> Option<Rect> {
        let rect = self.screen_rect(slot).filter(|_| self.store.shape(slot) == Shape::Team)?;
        if self.is_block(slot) {
            return Some(rect);
        }
        let height = self.store.band_height(slot)? * self.input.camera.zoom;
        Some(Rect::new(rect.at, Size { height, ..rect.size }))
    }

    fn is_block(&self, slot: Slot) -> bool {
        self.input.level_of_detail == LevelOfDetail::Far && self.store.is_block(Some(slot))
    }

    fn paint_team_label(&self, slot: Slot) {
        let Some(rect) = self.label_rect(slot) else { return };
        let is_block = self.is_block(slot);
        let height = if is_block { rect.size.height - 5.0 } else { rect.size.height };
        let font_size = (height * 0.82).min(MAX_FONT_SIZE);
        if font_size < MIN_FONT_SIZE || (is_block && rect.size.height < MIN_TEXT_HEIGHT) {
            return;
        }
        let padding = if is_block { 2.0 } else { PADDING };
        let middle = rect.at.y + height / 2.0 + 0.5;
        let (left, mut right) = (rect.at.x + padding, rect.right() - padding);
        let name = self.short_name(slot);
        // A number that would cut the name is left out, unless the name is long.
        let full_width = self.colors.letter_widths.width(name, font_size) + 1.0;
        let name_width = full_width.min(rect.size.width * MAX_NAME_SHARE).max(MIN_NAME_WIDTH);
        let name_width = if is_block { 0.0 } else { name_width };
        // The most important ones first, as far as there is room.
        for count in self.counts(slot) {
            let dot = if count.has_dot { DOT } else { 0.0 };
            let width = self.colors.letter_widths.width(&count.text, font_size) + dot;
            if right - width < left + name_width {
                break;
            }
            let start = right - width;
            if count.has_dot {
                let center = Point::new(start + 2.5, middle);
                paint_mark(self.context, OverviewStatus::Working, center, 8.0, &self.colors.task);
            }
            // A little more than its width, so that rounding elides nothing.
            self.paint_text(&count.text, Point::new(start + dot, middle), width + 1.0, font_size, count.color);
            right = start - GAP;
        }
        if !is_block {
            self.paint_text(name, Point::new(left, middle), right - left, font_size, &self.colors.text);
        }
    }

    /// Returns the numbers of a label, the most important one first. The team's own problem counts, too.
    fn counts(&self, slot: Slot) -> Vec<Count<'_>> {
        let team = self.store.team_summary(slot);
        let problems = team.problems + usize::from(self.store.overview_status(slot).is_problem());
        let mut counts = Vec::new();
        if problems > 0 {
            counts.push(Count { text: format!("{problems}!"), color: &self.colors.failed_text, has_dot: false });
        }
        if team.working > 0 {
            counts.push(Count { text: team.working.to_string(), color: &self.colors.task_text, has_dot: true });
        }
        counts.push(Count { text: team.inside.to_string(), color: &self.colors.text_muted, has_dot: false });
        counts
    }
}
