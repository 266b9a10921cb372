//! Labels of teams in the overview: their name and the number of problems inside them.

use orrery_model::Slot;

use super::painter::{MIN_NAMED_WIDTH, Painter};
use orrery_layout::arrange::TEAM_HEAD;
use orrery_layout::{Point, Rect, Shape, Size, camera};

/// In CSS pixels.
pub const FONT_SIZE: f64 = 11.0;
/// A header lower than this, in CSS pixels, has no room for text; the label of a wide team then lies over its cards.
const MIN_HEADER_HEIGHT: f64 = 8.0;
const MIN_TEAM_HEIGHT: f64 = 28.0;
const MIN_FLOATING_LABEL_WIDTH: f64 = 84.0;
const FLOATING_LABEL_HEIGHT: f64 = 16.0;

/// What a label says and where.
struct Label {
    rect: Rect,
    /// Whether it lies over the team's cards, because the header is too low.
    is_floating: bool,
    name: String,
    /// Empty if there are no problems.
    problems: String,
    /// Of the problems, with the space after them.
    problems_width: f64,
    font_size: f64,
}

impl Label {
    fn left(&self) -> f64 {
        self.rect.at.x + 6.0
    }
}

impl Painter<'_> {
    /// Paints the backgrounds of the labels that lie over cards. All backgrounds are painted before any text, so that none
    /// hides a neighbour's label.
    pub fn paint_label_backgrounds(&self, teams: &[Slot]) {
        for label in teams.iter().filter_map(|slot| self.label(*slot)).filter(|label| label.is_floating) {
            let text_width = label.problems_width + label.name.chars().count() as f64 * letter_width(label.font_size);
            let Rect { at, size } = label.rect;
            self.context.set_fill_style_str(&self.colors.surface);
            self.context.fill_rect(at.x + 1.0, at.y, (text_width + 9.0).min(size.width - 2.0), FLOATING_LABEL_HEIGHT);
            self.paint_problems_over_background(&label.rect);
        }
    }

    pub fn paint_labels(&self, teams: &[Slot]) {
        self.context.set_text_baseline("middle");
        for label in teams.iter().filter_map(|slot| self.label(*slot)) {
            let (left, baseline) = (label.left(), label.rect.middle().y);
            self.context.set_font(&self.colors.font(label.font_size));
            if !label.problems.is_empty() {
                self.paint_text(&label.problems, left, baseline, label.problems_width, &self.colors.failed_text);
            }
            let name_left = left + label.problems_width;
            self.paint_text(&label.name, name_left, baseline, label.rect.right() - name_left - 2.0, &self.colors.text);
        }
    }

    /// Returns where a team's label is in CSS pixels of the layer, or `None` if there is no room for it.
    pub fn label_rect(&self, slot: Slot) -> Option<Rect> {
        let has_room = |rect: &Rect| rect.size.width >= MIN_NAMED_WIDTH && rect.size.height >= MIN_TEAM_HEIGHT;
        let rect = self.screen_rect(slot).filter(has_room)?;
        let is_nested = self.store.canvas().parent(slot).is_some();
        let (top, height) = match self.is_label_floating() {
            true if is_nested || rect.size.width < MIN_FLOATING_LABEL_WIDTH => return None,
            true => (rect.at.y + 1.0, FLOATING_LABEL_HEIGHT),
            false => (rect.at.y, self.header_height()),
        };
        let label = Rect::new(Point::new(rect.at.x, top), Size { height, ..rect.size });
        (self.store.shape(slot) == Shape::Team).then_some(label)
    }

    fn label(&self, slot: Slot) -> Option<Label> {
        let rect = self.label_rect(slot)?;
        let workspace = self.store.canvas().get(slot)?;
        let count = self.store.team_summary(slot).problems + usize::from(self.store.tone(slot).is_problem());
        let problems = if count > 0 { format!("{count}!") } else { String::new() };
        let is_floating = self.is_label_floating();
        let font_size = if is_floating { FONT_SIZE } else { FONT_SIZE.min(rect.size.height * 0.85) };
        let gap = if count > 0 { 5.0 } else { 0.0 };
        let problems_width = problems.len() as f64 * letter_width(font_size) + gap;
        let mut label = Label { rect, is_floating, name: String::new(), problems, problems_width, font_size };
        label.name = truncate(&workspace.name, rect.right() - label.left() - problems_width - 6.0, font_size);
        Some(label)
    }

    fn header_height(&self) -> f64 {
        TEAM_HEAD * self.input.camera.zoom
    }

    fn is_label_floating(&self) -> bool {
        self.header_height() < MIN_HEADER_HEIGHT
    }

    /// Paints the cards with problems again, over the background of a label. Dimmed ones stay below it.
    fn paint_problems_over_background(&self, label: &Rect) {
        let [start, end] = [label.at, Point::new(label.right(), label.bottom())]
            .map(|corner| camera::to_world(&self.input.camera, corner));
        for slot in self.store.within(&Rect::from_corners(start, end)) {
            let status = self.store.tone(slot);
            let is_block = status.is_problem() && self.store.shape(slot) == Shape::Card;
            if let Some(rect) = self.screen_rect(slot).filter(|_| is_block && !self.store.filter_index.is_dimmed(slot))
            {
                self.context.set_fill_style_str(self.colors.status(status));
                self.context.fill_rect(rect.at.x, rect.at.y, rect.size.width, rect.size.height);
            }
        }
    }
}

/// Returns the usual width of a letter. Measuring ten thousand names would cost more than painting them.
fn letter_width(font_size: f64) -> f64 {
    font_size * 0.6
}

/// Returns the text, cut off with an ellipsis if it is wider than `max_width`.
pub fn truncate(text: &str, max_width: f64, font_size: f64) -> String {
    let letters = (max_width / letter_width(font_size)).max(0.0) as usize;
    match text.char_indices().nth(letters) {
        Some(_) => text.chars().take(letters.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
