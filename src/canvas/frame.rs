//! What the canvas does in one frame: publishes the camera, culls, and repaints what is out of date.

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Timestamp, WorkspaceId};

use super::controller::{CanvasController, CanvasState};
use super::culling::{self, LevelOfDetail, VisibleNodes};
use super::interaction::set_if_changed;
use super::overview::{RenderInput, RepaintScope};
use crate::browser::clock;
use crate::store::CanvasStore;
use crate::store::PUBLISH_INTERVAL;
use orrery_layout::camera;

/// The last frame that was culled and painted in full.
#[derive(Default)]
pub(super) struct LastFrame {
    pub(super) input: Option<RenderInput>,
    /// The rendered nodes.
    pub(super) slots: Vec<Slot>,
    /// When the frame was rendered, or when the camera started to move after it.
    at: Timestamp,
}

/// While a zoom goes on, a full frame is rendered once in this many milliseconds, and rough ones between them.
const FULL_FRAME_INTERVAL: i64 = 300;

impl LastFrame {
    pub(super) fn start_movement(&mut self, now: Timestamp) {
        self.at = now;
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        (0..FULL_FRAME_INTERVAL).contains(&(now.millis() - self.at.millis()))
    }
}

impl CanvasController {
    /// Renders one frame. Called once an animation frame, after the store's changes have been published.
    pub fn render_frame(&self) {
        let now = clock::now();
        let repaint =
            |state: &mut CanvasState| self.store.with_value(|store| state.overview.repaint_changed(store, now));
        let scope = self.state.try_update_value(repaint).unwrap_or_default();
        if scope != RepaintScope::Changed {
            self.render(scope, now);
        }
        self.state.update_value(|state| {
            if state.overview.has_changes() {
                state.scheduler.request_frame_within(PUBLISH_INTERVAL);
            }
        });
    }

    fn render(&self, scope: RepaintScope, now: Timestamp) {
        let (camera, viewport_size) = (self.camera(), self.viewport_size());
        set_if_changed(self.session.viewport, camera);
        let is_moving = self.is_moving.get_untracked();
        let is_zooming =
            |last: &RenderInput| is_moving && scope == RepaintScope::Camera && last.camera.zoom != camera.zoom;
        let last =
            self.state.with_value(|state| state.last_frame.input.clone().filter(|_| state.last_frame.is_recent(now)));
        if let Some(last) = last.filter(is_zooming) {
            let input = RenderInput { camera, viewport_size, level_of_detail: last.level_of_detail };
            let paint = |store: &CanvasStore| {
                self.state.update_value(|state| state.overview.paint_roughly(store, &input, &last));
            };
            return self.store.with_value(paint);
        }
        let set_zoom = |store: &mut CanvasStore| store.set_zoom(camera.zoom);
        let are_bands_changed = self.store.try_update_value(set_zoom).unwrap_or_default();
        self.store.with_value(|store| {
            let in_view = camera::seen(&camera, viewport_size);
            let VisibleNodes { level_of_detail, painted, slots } =
                culling::visible_nodes(store, &in_view, camera.zoom, &self.always_rendered(store));
            set_if_changed(self.level_of_detail, level_of_detail);
            set_if_changed(self.name_letters, culling::name_letters(level_of_detail, camera.zoom));
            set_if_changed(self.is_painted, painted != LevelOfDetail::Near);
            self.signals.set_rendered(store, &slots);
            if are_bands_changed {
                self.signals.publish_positions(store, &slots);
            }
            self.state.update_value(|state| {
                let input = RenderInput { camera, viewport_size, level_of_detail: painted };
                state.overview.paint(store, &input, scope, is_moving, now);
                state.last_frame = LastFrame { input: Some(input), slots, at: now };
            });
        });
    }

    /// Returns the nodes that stay rendered outside of the viewport, because their element has the focus or is in use.
    fn always_rendered(&self, store: &CanvasStore) -> Vec<Slot> {
        let ids = [
            self.session.selection.get_untracked(),
            self.interaction.focused_id.get_untracked(),
            self.interaction.drop_target_id.get_untracked(),
            self.session.followed.get_untracked(),
        ];
        let mut slots: Vec<Slot> = ids.into_iter().flatten().filter_map(|id| store.canvas().find(&id)).collect();
        let selected = |ids: &HashSet<WorkspaceId>| {
            ids.iter().filter_map(|id| store.canvas().find(id)).take(culling::MAX_RENDERED / 3).collect::<Vec<_>>()
        };
        slots.extend(self.session.selected_ids.with_untracked(selected));
        slots.extend(store.displaced().into_iter().take(culling::MAX_RENDERED / 2));
        slots
    }
}
