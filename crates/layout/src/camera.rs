//! The camera: screen = world × zoom + offset.

use orrery_protocol::record::Viewport;

use super::{Point, Rect, Size};

/// The smallest zoom.
pub const LEAST_ZOOM: f64 = 0.01;
/// The largest zoom.
pub const MOST_ZOOM: f64 = 2.0;
/// In pixels: the margin around what is fitted into the window.
const MARGIN: f64 = 48.0;
/// The same for small windows, such as a phone's: a part of the shorter side.
const RELATIVE_MARGIN: f64 = 0.06;

/// Converts a point of the world to the screen.
pub fn to_screen(camera: &Viewport, world: Point) -> Point {
    Point::new(world.x * camera.zoom + camera.x, world.y * camera.zoom + camera.y)
}

/// Converts a rectangle of the world to the screen.
pub fn rect_to_screen(camera: &Viewport, world: &Rect) -> Rect {
    Rect::new(to_screen(camera, world.at), world.size.times(camera.zoom))
}

/// Converts a point of the screen to the world.
pub fn to_world(camera: &Viewport, screen: Point) -> Point {
    Point::new((screen.x - camera.x) / camera.zoom, (screen.y - camera.y) / camera.zoom)
}

/// Returns the part of the world that a window of this size shows.
pub fn seen(camera: &Viewport, window: Size) -> Rect {
    Rect::from_corners(to_world(camera, Point::default()), to_world(camera, Point::new(window.width, window.height)))
}

/// Returns the camera moved by this many pixels of the screen.
pub fn panned(camera: &Viewport, by: Point) -> Viewport {
    Viewport { x: camera.x + by.x, y: camera.y + by.y, ..*camera }
}

/// Returns the camera zoomed by a factor, such that the point of the world under `screen` stays there.
pub fn zoomed(camera: &Viewport, factor: f64, screen: Point) -> Viewport {
    let zoom = (camera.zoom * factor).clamp(LEAST_ZOOM, MOST_ZOOM);
    let world = to_world(camera, screen);
    Viewport { x: screen.x - world.x * zoom, y: screen.y - world.y * zoom, zoom }
}

/// Returns the camera that shows all of `world` in the middle of the window, at zoom 1 at most.
pub fn fitted(world: Rect, window: Size) -> Viewport {
    let margin = (window.width.min(window.height) * RELATIVE_MARGIN).min(MARGIN);
    let room = |window: f64, world: f64| (window - 2.0 * margin).max(1.0) / world.max(1.0);
    let zoom = room(window.width, world.size.width).min(room(window.height, world.size.height));
    centred(world.middle(), zoom.clamp(LEAST_ZOOM, 1.0), window)
}

/// Returns the camera that shows a point of the world in the middle of the window.
pub fn centred(world: Point, zoom: f64, window: Size) -> Viewport {
    Viewport { x: window.width / 2.0 - world.x * zoom, y: window.height / 2.0 - world.y * zoom, zoom }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Size = Size { width: 1280.0, height: 800.0 };

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let camera = Viewport { x: 17.0, y: -250.0, zoom: 0.6 };
        let pointer = Point::new(333.0, 444.0);
        let before = to_world(&camera, pointer);
        for factor in [0.0001, 0.5, 1.3, 100.0] {
            let zoomed = zoomed(&camera, factor, pointer);
            assert!(to_world(&zoomed, pointer).distance(before) < 1e-6);
            assert!((LEAST_ZOOM..=MOST_ZOOM).contains(&zoomed.zoom));
        }
    }

    #[test]
    fn a_fitted_rectangle_is_visible_at_zoom_one_at_most() {
        for size in [Size { width: 240.0, height: 152.0 }, Size { width: 40_000.0, height: 900.0 }] {
            let world = Rect::new(Point::new(-500.0, 90.0), size);
            let camera = fitted(world, WINDOW);
            let seen = seen(&camera, WINDOW);
            assert_eq!(seen.union(&world), seen);
            assert!(camera.zoom <= 1.0);
        }
    }
}
