//! The camera of the canvas: pans, zooms and fits the view.

use std::time::Duration;

use leptos::prelude::*;
use orrery_protocol::record::Viewport;

use super::controller::{CanvasController, CanvasState};
use super::overview::RepaintScope;
use crate::browser::clock;
use crate::session::CameraCommand;
use crate::store::CanvasStore;
use orrery_layout::{Point, Rect, Size, camera, decimal, factor};

/// The camera rests when it has not moved for this long; text is rendered sharply again then.
const REST_AFTER: Duration = Duration::from_millis(180);
/// A node is zoomed to at least this zoom, at which its card can be read.
const READABLE_ZOOM: f64 = 0.8;

impl CanvasController {
    pub fn camera(&self) -> Viewport {
        self.state.with_value(|state| state.camera)
    }

    /// Returns the size of the canvas element in CSS pixels.
    pub fn viewport_size(&self) -> Size {
        self.state.with_value(|state| state.viewport_size)
    }

    pub fn to_world(&self, screen: Point) -> Point {
        camera::to_world(&self.camera(), screen)
    }

    /// Returns whether the camera follows the size of the fleet: until the person moves it or selects something, and again
    /// after `CameraCommand::Fit`.
    pub fn has_auto_fit(&self) -> bool {
        self.state.with_value(|state| state.has_auto_fit)
    }

    /// Leaves the camera where it is until the person moves it.
    pub fn stop_auto_fit(&self) {
        self.state.update_value(|state| state.has_auto_fit = false);
    }

    /// Places the camera.
    pub fn set_camera(&self, camera: Viewport) {
        self.stop_auto_fit();
        self.place_camera(camera);
    }

    /// Places the camera as one step of a running gesture: until it rests, the overview may be painted roughly.
    pub(super) fn move_camera(&self, camera: Viewport) {
        if self.camera() != camera {
            self.extend_movement();
            self.set_camera(camera);
        }
    }

    /// Moves the camera by a distance of the world, so that what moved by that distance stays where it was on the screen.
    pub fn pan_by(&self, distance: Point) {
        if distance != Point::default() {
            let camera = self.camera();
            self.set_camera(camera::panned(&camera, distance.times(-camera.zoom)));
        }
    }

    /// Centres the camera on a point of the world, at the zoom given.
    pub fn pan_to(&self, center: Point, zoom: f64) {
        self.set_camera(camera::centred(center, zoom, self.viewport_size()));
    }

    /// Centres the camera on a rectangle of the world, near enough to read a card.
    pub fn zoom_to(&self, rect: Rect) {
        let fitting = camera::fitted(rect, self.viewport_size()).zoom;
        self.pan_to(rect.middle(), fitting.min(self.camera().zoom.max(READABLE_ZOOM)));
    }

    /// Zooms by a factor around the middle of the viewport.
    pub fn zoom_by(&self, factor: f64) {
        let Size { width, height } = self.viewport_size();
        self.set_camera(camera::zoomed(&self.camera(), factor, Point::new(width / 2.0, height / 2.0)));
    }

    /// Fits the whole fleet into the viewport.
    pub fn fit_view(&self) {
        let size = self.viewport_size();
        self.place_camera(match self.store.with_value(CanvasStore::bounds) {
            Some(bounds) => camera::fitted(bounds, size),
            None => camera::centred(Point::default(), 1.0, size),
        });
    }

    pub fn execute(&self, command: CameraCommand) {
        match command {
            CameraCommand::Fit => {
                self.fit_view();
                self.state.update_value(|state| state.has_auto_fit = true);
            }
            CameraCommand::Zoom(factor) => self.zoom_by(factor),
            CameraCommand::Show(id) => {
                let rect = self.store.with_value(|store| store.rect(store.canvas().find(&id)?));
                rect.into_iter().for_each(|rect| self.zoom_to(rect));
            }
        }
    }

    fn place_camera(&self, camera: Viewport) {
        self.state.update_value(|state| state.camera = camera);
        self.schedule_frame(RepaintScope::Camera);
    }

    fn extend_movement(&self) {
        let count = |state: &mut CanvasState| {
            state.camera_moves += 1;
            state.camera_moves
        };
        let moves = self.state.try_update_value(count).unwrap_or_default();
        if !self.is_moving.get_untracked() {
            self.is_moving.set(true);
            self.state.update_value(|state| state.last_frame.start_movement(clock::now()));
        }
        let controller = *self;
        let rest = move || {
            if controller.state.with_value(|state| state.camera_moves == moves) {
                controller.is_moving.set(false);
                controller.schedule_frame(RepaintScope::Camera);
            }
        };
        set_timeout(rest, REST_AFTER);
    }
}

/// Returns the value of the CSS property `transform` that scales around the origin and then moves it to `offset`.
pub(super) fn css_transform(offset: Point, scale: f64) -> String {
    format!("translate({}px, {}px) scale({})", decimal(offset.x), decimal(offset.y), factor(scale))
}
