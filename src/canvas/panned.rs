//! A pan moves the picture that is there and draws what comes into view. It comes with the hands: nobody pans before.
//! Never what is drawn there (`raster`).

use super::mounting::Detail;
use super::pen::Pen;
use super::raster::{Raster, Shown, density, in_pixels, put};
use crate::fleet::Fleet;
use crate::geometry::{Point, Rect, Size, sort};

/// Of a pixel: less is the rounding of numbers.
const WHOLE: f64 = 0.001;

impl Raster {
    /// The same from elsewhere, at the same zoom: what is seen still is only moved. False: better draw all of it.
    pub(super) fn pan(&mut self, fleet: &Fleet, to: &Shown) -> bool {
        let Some(from) = &mut self.shown else { return false };
        let density = density();
        let by = Point::new(to.camera.x - from.camera.x, to.camera.y - from.camera.y);
        let [right, down] = [by.x * density, by.y * density].map(f64::round);
        // Between two pixels it would be another picture.
        let is_whole = (by.x * density - right).abs() + (by.y * density - down).abs() < WHOLE;
        let is_same = (from.window, from.detail, from.camera.zoom) == (to.window, to.detail, to.camera.zoom);
        let Size { width, height } = to.window;
        if !is_whole || !is_same || by.x.abs() > width / 2.0 || by.y.abs() > height / 2.0 {
            return false;
        }
        *from = to.clone();
        let left = if by.x > 0.0 { 0.0 } else { width + by.x };
        let top = if by.y > 0.0 { 0.0 } else { height + by.y };
        let across = Rect::new(Point::new(left, 0.0), Size { width: by.x.abs(), height });
        let along = Rect::new(Point::new(0.0, top), Size { width, height: by.y.abs() });
        let strips = [across, along].into_iter().filter(|it| it.size.width * it.size.height > 0.0);
        let strips = strips.map(|it| in_pixels(&it, density));
        match to.detail {
            Detail::Far => self.move_pixels(fleet, [right, down], strips, density),
            _ => {
                self.move_boxes([right, down]);
                strips.for_each(|strip| self.draw_anew(fleet, &strip, density));
            }
        }
        true
    }

    fn move_boxes(&self, [right, down]: [f64; 2]) {
        self.context.save();
        // None of these fails for a canvas that has pixels, and one without shows nothing.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let _ = self.context.set_global_composite_operation("copy");
        let _ = self.context.draw_image_with_html_canvas_element(&self.element, right, down);
        self.context.restore();
    }

    /// Put as a whole: the browser would wait for its own move before it took a part.
    fn move_pixels(&mut self, fleet: &Fleet, by: [f64; 2], strips: impl Iterator<Item = Rect>, density: f64) {
        let [right, down] = by.map(|it| it as isize);
        self.pixels.shift(right, down);
        let mut came = Vec::new();
        for strip in strips {
            came.extend(self.fill_part(fleet, &strip, density));
        }
        let Self { context, palette: Some(palette), pixels, shown: Some(shown), headed, .. } = self else { return };
        pixels.open_all();
        put(context, pixels);
        let pen = Pen { context, palette, fleet, shown };
        let window = Rect::new(Point::default(), shown.window);
        headed.extend(came);
        headed.retain(|team| pen.label(*team).is_some_and(|label| label.meets(&window)));
        sort::once(headed);
        pen.heads(headed);
    }
}
