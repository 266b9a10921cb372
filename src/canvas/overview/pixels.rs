//! Pixel buffer for rectangles: filling pixels directly costs a tenth of a call of the browser's 2D context for each of a
//! hundred thousand blocks.

use std::borrow::Cow;

use orrery_layout::{Point, Rect, Size};

/// Red, green, blue and alpha, not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rgba(pub [u8; 4]);

/// An image of RGBA pixels, of which one region at a time is painted.
#[derive(Default)]
pub struct PixelBuffer {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
    region: Region,
}

/// In pixels, up to but not including `right` and `bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Region {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Rgba {
    /// Returns the colour with its alpha multiplied by a factor of at most 1.
    pub fn with_opacity(self, factor: f64) -> Self {
        let [red, green, blue, alpha] = self.0;
        Self([red, green, blue, (f64::from(alpha) * factor) as u8])
    }

    /// Returns the colour that has a part of this one, and the rest of another.
    pub fn mixed_with(self, other: Self, part: f64) -> Self {
        let mix = |own: u8, other: u8| (f64::from(own) * part + f64::from(other) * (1.0 - part)) as u8;
        Self(std::array::from_fn(|channel| mix(self.0[channel], other.0[channel])))
    }

    /// Blends over a pixel, with straight alpha as in `ImageData`.
    fn over(self, below: [u8; 4]) -> [u8; 4] {
        let (alpha, alpha_below) = (u32::from(self.0[3]), u32::from(below[3]));
        let remaining = alpha_below * (255 - alpha) / 255;
        let total = alpha + remaining;
        let blend = |channel: usize| {
            (u32::from(self.0[channel]) * alpha + u32::from(below[channel]) * remaining).checked_div(total)
        };
        let [red, green, blue] = [0, 1, 2].map(|channel| blend(channel).unwrap_or(0) as u8);
        [red, green, blue, total as u8]
    }
}

impl PixelBuffer {
    /// Clears the buffer if the size differs, and keeps its content otherwise.
    pub fn resize(&mut self, width: usize, height: usize) {
        if (self.width, self.height) != (width, height) {
            *self = Self { width, height, bytes: vec![0; width * height * 4], region: Region::default() };
        }
    }

    /// Returns all rows, four bytes a pixel.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Clears a region and clips all painting to it until the next call.
    pub fn begin_region(&mut self, rect: &Rect) {
        let all = Region { left: 0, top: 0, right: self.width, bottom: self.height };
        self.region = all.clip(rect);
        let Region { left, top, right, bottom } = self.region;
        if self.region == all {
            return self.bytes.fill(0);
        }
        for y in top..bottom {
            self.bytes[(y * self.width + left) * 4..(y * self.width + right) * 4].fill(0);
        }
    }

    /// Returns the left, top and width of the current region, and its rows, four bytes a pixel.
    pub fn region(&self) -> (usize, usize, usize, Cow<'_, [u8]>) {
        let Region { left, top, right, bottom } = self.region;
        if right - left == self.width {
            return (left, top, self.width, Cow::Borrowed(&self.bytes[top * self.width * 4..bottom * self.width * 4]));
        }
        let rows = (top..bottom).map(|y| &self.bytes[(y * self.width + left) * 4..(y * self.width + right) * 4]);
        (left, top, right - left, Cow::Owned(rows.collect::<Vec<_>>().concat()))
    }

    /// Fills a rectangle, which covers at least one pixel if it begins inside the region.
    pub fn fill(&mut self, rect: &Rect, color: Rgba) {
        let Region { left, top, right, bottom } = self.region.clip(rect);
        // The pixels below a translucent rectangle are mostly equal, so that the last blend can be reused.
        let (mut below, mut blended) = ([0; 4], color.over([0; 4]));
        for y in top..bottom {
            let row = (y * self.width + left) * 4..(y * self.width + right) * 4;
            let (pixels, _) = self.bytes[row].as_chunks_mut::<4>();
            if color.0[3] == 255 {
                pixels.fill(color.0);
                continue;
            }
            for pixel in pixels {
                if *pixel != below {
                    (below, blended) = (*pixel, color.over(*pixel));
                }
                *pixel = blended;
            }
        }
    }

    /// Draws a line of this width inside the edges of a rectangle.
    pub fn outline(&mut self, rect: &Rect, color: Rgba, line: f64) {
        // As `fill` does, so that the line ends where the fill does.
        let (x, y) = (rect.at.x.round(), rect.at.y.round());
        let [width, height] = [rect.size.width, rect.size.height].map(|side| (side + 0.01).floor().max(1.0));
        let side =
            |x: f64, y: f64, width: f64, height: f64| Rect { at: Point::new(x, y), size: Size { width, height } };
        self.fill(&side(x, y, width, line), color);
        self.fill(&side(x, y + height - line, width, line), color);
        self.fill(&side(x, y + line, line, height - 2.0 * line), color);
        self.fill(&side(x + width - line, y + line, line, height - 2.0 * line), color);
    }
}

impl Region {
    /// Returns the whole pixels of a rectangle, at least one each way, that lie inside this region. Equal blocks stay equal
    /// and the gaps between them stay open, wherever they lie between the pixels.
    fn clip(self, rect: &Rect) -> Self {
        let (left, right) = clip_span(rect.at.x, rect.right(), self.left, self.right);
        let (top, bottom) = clip_span(rect.at.y, rect.bottom(), self.top, self.bottom);
        Self { left, top, right, bottom }
    }
}

fn clip_span(from: f64, to: f64, min: usize, max: usize) -> (usize, usize) {
    let start = from.round();
    let end = start + (to - from + 0.01).floor().max(1.0);
    // A cast of a negative float is zero.
    let start = (start as usize).clamp(min, max);
    (start, (end as usize).clamp(start, max))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const RED: Rgba = Rgba([255, 0, 0, 255]);

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect::new(Point::new(x, y), Size { width, height })
    }

    fn count_red(pixels: &PixelBuffer) -> usize {
        pixels.bytes.chunks(4).filter(|pixel| *pixel == RED.0).count()
    }

    #[wasm_bindgen_test]
    fn block_is_clipped_to_the_region() {
        for (block, count) in [
            (rect(1.0, 1.0, 2.0, 2.0), 4),
            (rect(-1.0, -1.0, 2.0, 2.0), 1),
            (rect(9.0, 9.0, 5.0, 5.0), 1),
            (rect(2.0, 2.0, 0.1, 0.1), 1),
            (rect(-5.0, 0.0, 2.0, 2.0), 0),
            (rect(20.0, 20.0, 2.0, 2.0), 0),
        ] {
            let mut pixels = PixelBuffer::default();
            pixels.resize(10, 10);
            pixels.begin_region(&rect(0.0, 0.0, 10.0, 10.0));
            pixels.fill(&block, RED);
            assert_eq!(count_red(&pixels), count, "{block:?}");
        }
    }

    #[wasm_bindgen_test]
    fn translucent_color_is_blended_with_what_is_below() {
        let mut pixels = PixelBuffer::default();
        pixels.resize(1, 1);
        let all = rect(0.0, 0.0, 1.0, 1.0);
        pixels.begin_region(&all);
        let tint = Rgba([0, 0, 255, 51]);
        pixels.fill(&all, tint);
        assert_eq!(pixels.bytes, tint.0);
        pixels.fill(&all, RED);
        pixels.fill(&all, tint);
        assert_eq!(pixels.bytes, [204, 0, 51, 255]);
        pixels.begin_region(&all);
        assert_eq!(pixels.bytes, [0; 4]);
    }

    #[wasm_bindgen_test]
    fn only_the_current_region_is_painted_and_returned() {
        let mut pixels = PixelBuffer::default();
        pixels.resize(4, 4);
        pixels.begin_region(&rect(0.0, 0.0, 4.0, 4.0));
        pixels.begin_region(&rect(1.0, 2.0, 2.0, 9.0));
        pixels.fill(&rect(-9.0, -9.0, 99.0, 99.0), RED);
        assert_eq!(count_red(&pixels), 4);
        let (left, top, width, bytes) = pixels.region();
        assert_eq!((left, top, width, bytes.len()), (1, 2, 2, 16));
        pixels.fill(&rect(0.0, 0.0, 1.0, 1.0), RED);
        assert_eq!(count_red(&pixels), 4, "nothing outside of the region changes");
    }
}
