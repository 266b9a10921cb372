//! A picture as plain pixels: far out, a call of the browser's pen for each of a hundred thousand blocks would cost ten
//! times what all their pixels cost. Pure: rectangles and colours in. Never a browser's object.

use std::borrow::Cow;

use orrery_layout::Rect;

/// Red, green, blue and how much it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colour(pub [u8; 4]);

#[derive(Default)]
pub struct Pixels {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
    open: Part,
}

/// The part that is being drawn: nothing else changes. In pixels, up to but not including `right` and `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Part {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Colour {
    pub fn faded(self, part: f64) -> Self {
        let [red, green, blue, cover] = self.0;
        Self([red, green, blue, (f64::from(cover) * part) as u8])
    }

    /// Straight alpha, as `ImageData` has it.
    fn over(self, under: [u8; 4]) -> [u8; 4] {
        let (cover, below) = (u32::from(self.0[3]), u32::from(under[3]));
        let kept = below * (255 - cover) / 255;
        let all = cover + kept;
        let mix = |at: usize| (u32::from(self.0[at]) * cover + u32::from(under[at]) * kept).checked_div(all);
        let [red, green, blue] = [0, 1, 2].map(|at| mix(at).unwrap_or(0) as u8);
        [red, green, blue, all as u8]
    }
}

impl Pixels {
    pub fn resize(&mut self, width: usize, height: usize) {
        if (self.width, self.height) != (width, height) {
            *self = Self { width, height, bytes: vec![0; width * height * 4], open: Part::default() };
        }
    }

    /// Rows of red, green, blue, cover.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// From now on only this part is drawn, and it is empty.
    pub fn open(&mut self, part: &Rect) {
        let all = Part { left: 0, top: 0, right: self.width, bottom: self.height };
        self.open = all.common(part);
        let Part { left, top, right, bottom } = self.open;
        if self.open == all {
            return self.bytes.fill(0);
        }
        for y in top..bottom {
            self.bytes[(y * self.width + left) * 4..(y * self.width + right) * 4].fill(0);
        }
    }

    /// The open part: its left, its top, its width, and its rows of red, green, blue, cover.
    pub fn cut(&self) -> (usize, usize, usize, Cow<'_, [u8]>) {
        let Part { left, top, right, bottom } = self.open;
        if right - left == self.width {
            return (left, top, self.width, Cow::Borrowed(&self.bytes[top * self.width * 4..bottom * self.width * 4]));
        }
        let rows = (top..bottom).map(|y| &self.bytes[(y * self.width + left) * 4..(y * self.width + right) * 4]);
        (left, top, right - left, Cow::Owned(rows.collect::<Vec<_>>().concat()))
    }

    /// At least a pixel of it, as far as it lies inside the open part.
    pub fn fill(&mut self, rect: &Rect, colour: Colour) {
        let Part { left, top, right, bottom } = self.open.common(rect);
        // What lies under a tint is mostly the same from pixel to pixel.
        let (mut under, mut mixed) = ([0; 4], colour.over([0; 4]));
        for y in top..bottom {
            let row = (y * self.width + left) * 4..(y * self.width + right) * 4;
            let (pixels, _) = self.bytes[row].as_chunks_mut::<4>();
            if colour.0[3] == 255 {
                pixels.fill(colour.0);
                continue;
            }
            for pixel in pixels {
                if *pixel != under {
                    (under, mixed) = (*pixel, colour.over(*pixel));
                }
                *pixel = mixed;
            }
        }
    }

    /// One pixel wide, inside the rectangle.
    pub fn outline(&mut self, rect: &Rect, colour: Colour) {
        let side = |x: f64, y: f64, width: f64, height: f64| Rect {
            at: orrery_layout::Point::new(x, y),
            size: orrery_layout::Size { width, height },
        };
        let (width, height) = (rect.size.width, rect.size.height);
        self.fill(&side(rect.at.x, rect.at.y, width, 1.0), colour);
        self.fill(&side(rect.at.x, rect.bottom() - 1.0, width, 1.0), colour);
        self.fill(&side(rect.at.x, rect.at.y + 1.0, 1.0, height - 2.0), colour);
        self.fill(&side(rect.right() - 1.0, rect.at.y + 1.0, 1.0, height - 2.0), colour);
    }
}

impl Part {
    /// Whole pixels, at least one, inside this part. Equal blocks stay equal and the gaps between them stay open, wherever
    /// they lie between the pixels.
    fn common(self, rect: &Rect) -> Self {
        let (left, right) = span(rect.at.x, rect.right(), self.left, self.right);
        let (top, bottom) = span(rect.at.y, rect.bottom(), self.top, self.bottom);
        Self { left, top, right, bottom }
    }
}

fn span(from: f64, to: f64, least: usize, most: usize) -> (usize, usize) {
    let start = from.round();
    let end = start + (to - from + 0.01).floor().max(1.0);
    // A cast of a number below zero is zero.
    let start = (start as usize).clamp(least, most);
    (start, (end as usize).clamp(start, most))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use orrery_layout::{Point, Size};

    const RED: Colour = Colour([255, 0, 0, 255]);

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect::new(Point::new(x, y), Size { width, height })
    }

    fn red(pixels: &Pixels) -> usize {
        pixels.bytes.chunks(4).filter(|pixel| *pixel == RED.0).count()
    }

    #[wasm_bindgen_test]
    fn a_block_is_filled_as_far_as_it_is_seen() {
        for (block, count) in [
            (rect(1.0, 1.0, 2.0, 2.0), 4),
            (rect(-1.0, -1.0, 2.0, 2.0), 1),
            (rect(9.0, 9.0, 5.0, 5.0), 1),
            (rect(2.0, 2.0, 0.1, 0.1), 1),
            (rect(-5.0, 0.0, 2.0, 2.0), 0),
            (rect(20.0, 20.0, 2.0, 2.0), 0),
        ] {
            let mut pixels = Pixels::default();
            pixels.resize(10, 10);
            pixels.open(&rect(0.0, 0.0, 10.0, 10.0));
            pixels.fill(&block, RED);
            assert_eq!(red(&pixels), count, "{block:?}");
        }
    }

    #[wasm_bindgen_test]
    fn a_tint_lies_over_what_is_there() {
        let mut pixels = Pixels::default();
        pixels.resize(1, 1);
        let all = rect(0.0, 0.0, 1.0, 1.0);
        pixels.open(&all);
        let tint = Colour([0, 0, 255, 51]);
        pixels.fill(&rect(0.0, 0.0, 1.0, 1.0), tint);
        assert_eq!(pixels.bytes, tint.0);
        pixels.fill(&rect(0.0, 0.0, 1.0, 1.0), RED);
        pixels.fill(&rect(0.0, 0.0, 1.0, 1.0), tint);
        assert_eq!(pixels.bytes, [204, 0, 51, 255]);
        pixels.open(&all);
        assert_eq!(pixels.bytes, [0; 4]);
    }

    #[wasm_bindgen_test]
    fn only_the_open_part_is_drawn_and_cut_out() {
        let mut pixels = Pixels::default();
        pixels.resize(4, 4);
        pixels.open(&rect(0.0, 0.0, 4.0, 4.0));
        pixels.open(&rect(1.0, 2.0, 2.0, 9.0));
        pixels.fill(&rect(-9.0, -9.0, 99.0, 99.0), RED);
        assert_eq!(red(&pixels), 4);
        let (left, top, width, bytes) = pixels.cut();
        assert_eq!((left, top, width, bytes.len()), (1, 2, 2, 16));
        pixels.fill(&rect(0.0, 0.0, 1.0, 1.0), RED);
        assert_eq!(red(&pixels), 4, "outside of it nothing changes");
    }
}
