//! Placement of the painted overview in the viewport. More than the viewport is painted, so that a pan or a zoom only changes
//! one CSS transform.

use orrery_protocol::record::Viewport;

use crate::canvas::culling::LevelOfDetail;
use orrery_layout::{Point, Rect, Size, camera};

/// What a frame shows, or what is painted.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderInput {
    pub camera: Viewport,
    pub viewport_size: Size,
    pub level_of_detail: LevelOfDetail,
}

/// Where in the viewport the top left corner of the painted area lies, and how much the area is scaled around that corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    pub offset: Point,
    pub scale: f64,
}

/// How exactly the painted overview has to show a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Device pixel on device pixel.
    Sharp,
    /// At the same zoom and level of detail, but possibly between two pixels.
    Moving,
    /// At another zoom, and at another level of detail.
    Rough,
}

/// The margin painted on each side of the viewport, as a part of the viewport's width or height.
const MARGIN: f64 = 0.2;
/// The most that the painted overview is scaled up or down.
const MAX_SCALE: f64 = 4.0;
/// Offsets less than this part of a pixel apart differ by rounding alone.
const ROUNDING_ERROR: f64 = 0.001;

impl Placement {
    /// Returns where `painted` lies in the viewport of `input`.
    pub fn new(painted: &RenderInput, input: &RenderInput) -> Self {
        let scale = input.camera.zoom / painted.camera.zoom;
        let corner = Point::new(painted.camera.x, painted.camera.y).times(scale);
        Self { offset: Point::new(input.camera.x, input.camera.y).minus(corner), scale }
    }

    fn is_sharp(&self, device_pixel_ratio: f64) -> bool {
        let distance = |offset: f64| {
            let pixels = offset * device_pixel_ratio;
            (pixels - pixels.round()).abs()
        };
        self.scale == 1.0 && distance(self.offset.x) + distance(self.offset.y) < ROUNDING_ERROR
    }
}

impl RenderInput {
    /// Returns the same with a margin around it, of whole device pixels.
    pub fn with_margin(&self, device_pixel_ratio: f64) -> Self {
        let margin = |side: f64| (side * MARGIN * device_pixel_ratio).ceil() / device_pixel_ratio;
        let Size { width, height } = self.viewport_size;
        let (left, top) = (margin(width), margin(height));
        let camera = Viewport { x: self.camera.x + left, y: self.camera.y + top, ..self.camera };
        let viewport_size = Size { width: width + 2.0 * left, height: height + 2.0 * top };
        Self { camera, viewport_size, level_of_detail: self.level_of_detail }
    }

    /// Returns the camera zoomed out by a factor around the middle of the viewport.
    pub fn zoomed_out(&self, factor: f64) -> Viewport {
        let Size { width, height } = self.viewport_size;
        camera::zoomed(&self.camera, 1.0 / factor, Point::new(width / 2.0, height / 2.0))
    }

    /// Returns how to place what is painted from this input to show `input`, or `None` if it cannot at that quality.
    /// `bounds` are those of all nodes.
    pub fn placement_for(
        &self,
        input: &Self,
        bounds: Option<Rect>,
        quality: Quality,
        device_pixel_ratio: f64,
    ) -> Option<Placement> {
        let placement = Placement::new(self, input);
        let has_quality = match quality {
            Quality::Sharp => self.level_of_detail == input.level_of_detail && placement.is_sharp(device_pixel_ratio),
            Quality::Moving => self.level_of_detail == input.level_of_detail && placement.scale == 1.0,
            Quality::Rough => (1.0 / MAX_SCALE..=MAX_SCALE).contains(&placement.scale),
        };
        (has_quality && self.covers(input, bounds)).then_some(placement)
    }

    /// Returns whether all nodes in view of `input` are in view of this input. `bounds` are those of all nodes.
    pub fn covers(&self, input: &Self, bounds: Option<Rect>) -> bool {
        let needed = bounds.and_then(|bounds| camera::seen(&input.camera, input.viewport_size).common(&bounds));
        needed.is_none_or(|needed| camera::seen(&self.camera, self.viewport_size).encloses(&needed))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const BOUNDS: Rect = Rect::new(Point::new(-5000.0, -5000.0), Size { width: 10_000.0, height: 10_000.0 });

    fn input(x: f64, y: f64, zoom: f64) -> RenderInput {
        let viewport_size = Size { width: 1000.0, height: 600.0 };
        RenderInput { camera: Viewport { x, y, zoom }, viewport_size, level_of_detail: LevelOfDetail::Far }
    }

    #[wasm_bindgen_test]
    fn painted_point_is_placed_where_the_camera_sees_it() {
        let painted = input(40.0, -30.0, 0.1).with_margin(1.0);
        for input in [input(40.0, -30.0, 0.1), input(75.0, -31.0, 0.1), input(0.0, 12.0, 0.17)] {
            let Placement { offset, scale } = Placement::new(&painted, &input);
            let world = Point::new(123.0, 45.0);
            let placed = camera::to_screen(&painted.camera, world).times(scale).plus(offset);
            assert!(placed.distance(camera::to_screen(&input.camera, world)) < 1e-9);
        }
    }

    #[wasm_bindgen_test]
    fn painted_area_covers_inputs_within_its_margin() {
        let painted = input(0.0, 0.0, 0.1).with_margin(1.0);
        for (x, y, is_covered) in
            [(0.0, 0.0, true), (200.0, -120.0, true), (201.0, 0.0, false), (0.0, 121.0, false), (9000.0, 0.0, true)]
        {
            assert_eq!(painted.covers(&input(x, y, 0.1), Some(BOUNDS)), is_covered, "{x}, {y}");
        }
    }

    #[wasm_bindgen_test]
    fn area_without_nodes_needs_no_painting() {
        let painted = input(0.0, 0.0, 0.1).with_margin(1.0);
        let bounds = Rect::new(Point::new(100.0, 100.0), Size { width: 10.0, height: 10.0 });
        assert!(painted.covers(&input(900.0, 0.0, 0.1), Some(bounds)));
        assert!(painted.covers(&input(900.0, 0.0, 0.1), None));
    }

    #[wasm_bindgen_test]
    fn painted_area_is_reused_as_far_as_the_quality_allows() {
        let painted = input(0.0, 0.0, 0.1).with_margin(1.0);
        let near = |x, y, zoom| RenderInput { level_of_detail: LevelOfDetail::Near, ..input(x, y, zoom) };
        for (input, sharp, moving, rough) in [
            (input(30.0, 0.0, 0.1), true, true, true),
            (input(0.5, 0.0, 0.1), false, true, true),
            (input(-10.0, -10.0, 0.11), false, false, true),
            (near(-500.0, -300.0, 0.39), false, false, true),
            (near(-500.0, -300.0, 0.41), false, false, false),
            (near(0.0, 0.0, 0.1), false, false, true),
        ] {
            let can_place = |quality| painted.placement_for(&input, Some(BOUNDS), quality, 1.0).is_some();
            let qualities = [Quality::Sharp, Quality::Moving, Quality::Rough].map(can_place);
            assert_eq!(qualities, [sharp, moving, rough], "{input:?}");
        }
        // Half a CSS pixel is a whole device pixel.
        assert!(painted.placement_for(&input(0.5, 0.0, 0.1), Some(BOUNDS), Quality::Sharp, 2.0).is_some());
    }
}
