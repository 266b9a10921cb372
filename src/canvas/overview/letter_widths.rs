//! How wide letters are, measured once a theme, so that no text is measured while painting.

use std::borrow::Cow;

use orrery_layout::names;
use web_sys::CanvasRenderingContext2d;

/// The widths of the printable letters of ASCII and of the ellipsis, as parts of the font size.
pub struct LetterWidths([f64; COUNT]);

const FIRST: u32 = 0x20;
const COUNT: usize = 0x5F;
/// The font size at which letters are measured, in CSS pixels.
const MEASURED_SIZE: f64 = 100.0;
/// Of a letter that is not measured: about that of the widest in names of Latin letters, and of East Asian ones.
const OTHER: f64 = 0.62;
const EAST_ASIAN: f64 = 1.0;

impl Default for LetterWidths {
    fn default() -> Self {
        Self([OTHER; COUNT])
    }
}

impl LetterWidths {
    /// Measures each letter in the font that `font` returns for a size in CSS pixels.
    pub fn measure(context: &CanvasRenderingContext2d, font: impl Fn(f64) -> String) -> Self {
        context.set_font(&font(MEASURED_SIZE));
        let width = |at: usize| {
            let letter = char::from_u32(FIRST + at as u32)?.to_string();
            Some(context.measure_text(&letter).ok()?.width() / MEASURED_SIZE)
        };
        Self(std::array::from_fn(|at| width(at).unwrap_or(OTHER)))
    }

    /// Returns the width of a text in CSS pixels at a font size.
    pub fn width(&self, text: &str, font_size: f64) -> f64 {
        text.chars().map(|letter| self.letter(letter)).sum::<f64>() * font_size
    }

    /// Returns the text, elided in the middle if it is wider than `max_width` CSS pixels at a font size.
    pub fn elide<'a>(&self, text: &'a str, max_width: f64, font_size: f64) -> Cow<'a, str> {
        names::elide_middle(text, max_width / font_size, &|letter| self.letter(letter))
    }

    fn letter(&self, letter: char) -> f64 {
        let measured = u32::from(letter).checked_sub(FIRST).and_then(|at| self.0.get(at as usize));
        match letter {
            '…' => 1.0,
            '\u{1100}'.. => measured.copied().unwrap_or(EAST_ASIAN),
            _ => measured.copied().unwrap_or(OTHER),
        }
    }
}
