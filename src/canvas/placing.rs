//! Where the drawn picture lies in the window. It is of more than the window shows, so that a pan or a zoom only places
//! it: one transform, and nothing is drawn. Pure. Never what is drawn (`raster`).

use orrery_protocol::record::Viewport;

use super::raster::Shown;
use orrery_layout::{Point, Rect, Size, camera};

/// Drawn around the window, of its width and height, on each side.
const MARGIN: f64 = 0.2;
/// Roughly, it is seen so much larger or smaller than it was drawn.
const MOST_SCALED: f64 = 4.0;
/// Of a pixel: less is the rounding of numbers.
const WHOLE: f64 = 0.001;

/// Scaled around its corner, which lies there in the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placing {
    pub at: Point,
    pub scale: f64,
}

/// How well a picture has to show what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Pixel by pixel.
    Sharp,
    /// A pan may lie between two pixels.
    Moving,
    /// At another zoom, and from another distance.
    Rough,
}

impl Placing {
    pub fn of(picture: &Shown, seen: &Shown) -> Self {
        let scale = seen.camera.zoom / picture.camera.zoom;
        let corner = Point::new(picture.camera.x, picture.camera.y).times(scale);
        Self { at: Point::new(seen.camera.x, seen.camera.y).minus(corner), scale }
    }

    fn is_sharp(&self, density: f64) -> bool {
        let between = |along: f64| (along * density - (along * density).round()).abs();
        self.scale == 1.0 && between(self.at.x) + between(self.at.y) < WHOLE
    }
}

impl Shown {
    /// The same with what is around it.
    pub fn with_margin(&self, density: f64) -> Self {
        let margin = |side: f64| (side * MARGIN * density).ceil() / density;
        let [aside, above] = [self.window.width, self.window.height].map(margin);
        let (x, y) = (self.camera.x + aside, self.camera.y + above);
        let window = Size { width: self.window.width + 2.0 * aside, height: self.window.height + 2.0 * above };
        Self { camera: Viewport { x, y, ..self.camera }, window, detail: self.detail }
    }

    /// The camera so many times as far away, over the same place.
    pub fn seen_from_above(&self, times: f64) -> Viewport {
        camera::zoomed(&self.camera, 1.0 / times, Point::new(self.window.width / 2.0, self.window.height / 2.0))
    }

    /// Does this picture show what is seen there, well enough? How it is placed then.
    pub fn serves(&self, seen: &Self, bounds: Option<Rect>, quality: Quality, density: f64) -> Option<Placing> {
        let placing = Placing::of(self, seen);
        let is_good = match quality {
            Quality::Sharp => self.detail == seen.detail && placing.is_sharp(density),
            Quality::Moving => self.detail == seen.detail && placing.scale == 1.0,
            Quality::Rough => (1.0 / MOST_SCALED..=MOST_SCALED).contains(&placing.scale),
        };
        (is_good && self.reaches(seen, bounds)).then_some(placing)
    }

    /// Is all that is seen there, as far as there is anything, seen here?
    pub fn reaches(&self, seen: &Self, bounds: Option<Rect>) -> bool {
        let wanted = bounds.and_then(|bounds| camera::seen(&seen.camera, seen.window).common(&bounds));
        wanted.is_none_or(|wanted| camera::seen(&self.camera, self.window).encloses(&wanted))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::canvas::Detail;

    const ALL: Rect = Rect::new(Point::new(-5000.0, -5000.0), Size { width: 10_000.0, height: 10_000.0 });

    fn seen(x: f64, y: f64, zoom: f64) -> Shown {
        let window = Size { width: 1000.0, height: 600.0 };
        Shown { camera: Viewport { x, y, zoom }, window, detail: Detail::Far }
    }

    #[wasm_bindgen_test]
    fn what_is_drawn_in_the_picture_is_seen_where_it_is() {
        let picture = seen(40.0, -30.0, 0.1).with_margin(1.0);
        for there in [seen(40.0, -30.0, 0.1), seen(75.0, -31.0, 0.1), seen(0.0, 12.0, 0.17)] {
            let Placing { at, scale } = Placing::of(&picture, &there);
            let world = Point::new(123.0, 45.0);
            let placed = camera::to_screen(&picture.camera, world).times(scale).plus(at);
            assert!(placed.distance(camera::to_screen(&there.camera, world)) < 1e-9);
        }
    }

    #[wasm_bindgen_test]
    fn a_picture_serves_as_far_as_it_reaches() {
        let picture = seen(0.0, 0.0, 0.1).with_margin(1.0);
        for (x, y, reaches) in
            [(0.0, 0.0, true), (200.0, -120.0, true), (201.0, 0.0, false), (0.0, 121.0, false), (9000.0, 0.0, true)]
        {
            assert_eq!(picture.reaches(&seen(x, y, 0.1), Some(ALL)), reaches, "{x}, {y}");
        }
        // Where nothing is, nothing has to be drawn.
        let small = Rect::new(Point::new(100.0, 100.0), Size { width: 10.0, height: 10.0 });
        assert!(picture.reaches(&seen(900.0, 0.0, 0.1), Some(small)));
        assert!(picture.reaches(&seen(900.0, 0.0, 0.1), None));
    }

    #[wasm_bindgen_test]
    fn the_more_the_camera_moves_the_rougher_it_may_be() {
        let picture = seen(0.0, 0.0, 0.1).with_margin(1.0);
        let near = |x, y, zoom| Shown { detail: Detail::Near, ..seen(x, y, zoom) };
        for (there, sharp, moving, rough) in [
            (seen(30.0, 0.0, 0.1), true, true, true),
            (seen(0.5, 0.0, 0.1), false, true, true),
            (seen(-10.0, -10.0, 0.11), false, false, true),
            (near(-500.0, -300.0, 0.39), false, false, true),
            (near(-500.0, -300.0, 0.41), false, false, false),
            (near(0.0, 0.0, 0.1), false, false, true),
        ] {
            let serves = |quality| picture.serves(&there, Some(ALL), quality, 1.0).is_some();
            let qualities = [Quality::Sharp, Quality::Moving, Quality::Rough].map(serves);
            assert_eq!(qualities, [sharp, moving, rough], "{there:?}");
        }
        // Half a pixel of the page is a whole one of the device.
        assert!(picture.serves(&seen(0.5, 0.0, 0.1), Some(ALL), Quality::Sharp, 2.0).is_some());
    }
}
