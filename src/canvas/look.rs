//! What one frame shows: all that is to be seen there, or, while a hand zooms, what is there already, placed anew, and
//! roughly what comes into view. Never what moves the camera (`stage`), never how anything is drawn (`drawing`).

use std::collections::HashSet;

use leptos::prelude::*;
use orrery_model::Slot;
use orrery_protocol::{Timestamp, WorkspaceId};

use super::controller::{CanvasController, Inner};
use super::drawing::Due;
use super::mounting::{self, Mounting};
use super::raster::Shown;
use crate::browser::clock;
use crate::store::CanvasStore;
use crate::store::PUBLISH_INTERVAL;
use orrery_layout::camera;

/// The last look that was not rough.
#[derive(Default)]
pub(super) struct Look {
    shown: Option<Shown>,
    slots: Vec<Slot>,
    /// When it was, or since when the camera moves.
    at: Timestamp,
}

/// A zoom that goes on is shown in full so often, in milliseconds.
const FULL_EVERY: i64 = 300;

impl Look {
    pub(super) fn begins_to_move(&mut self, now: Timestamp) {
        self.at = now;
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        (0..FULL_EVERY).contains(&(now.millis() - self.at.millis()))
    }
}

impl CanvasController {
    /// Once a frame: the transform, what is mounted, and what is only drawn.
    pub fn draw(&self) {
        let now = clock::now();
        let touch = |inner: &mut Inner| self.store.with_value(|store| inner.drawing.touch(store, now));
        let due = self.inner.try_update_value(touch).unwrap_or_default();
        if due != Due::Touched {
            self.look(due, now);
        }
        self.inner.update_value(|inner| {
            if inner.drawing.waits() {
                inner.scheduler.request_frame_within(PUBLISH_INTERVAL);
            }
        });
    }

    fn look(&self, due: Due, now: Timestamp) {
        let (camera, window) = (self.camera(), self.window());
        if self.session.viewport.get_untracked() != camera {
            self.session.viewport.set(camera);
        }
        let is_moving = self.is_moving.get_untracked();
        self.store.with_value(|store| {
            let before = self.inner.with_value(|inner| inner.look.shown.clone().filter(|_| inner.look.is_recent(now)));
            if let Some(before) = before.filter(|it| is_moving && due == Due::Moved && it.camera.zoom != camera.zoom) {
                let seen = Shown { camera, window, detail: before.detail };
                return self.inner.update_value(|inner| inner.drawing.sketch(store, &seen, &before));
            }
            let kept = self.kept(store);
            let Mounting { detail, slots } =
                mounting::choose(store, &camera::seen(&camera, window), camera.zoom, &kept);
            if self.detail.get_untracked() != detail {
                self.detail.set(detail);
            }
            self.signals.set_rendered(store, &slots);
            self.inner.update_value(|inner| {
                let shown = Shown { camera, window, detail };
                inner.drawing.show(store, &shown, due, is_moving, now);
                inner.look = Look { shown: Some(shown), slots, at: now };
            });
        });
    }

    /// The elements of the page, for the keyboard's way through them.
    pub fn rendered(&self) -> Vec<Slot> {
        self.inner.with_value(|inner| inner.look.slots.clone())
    }

    pub fn replace(&self, slots: &[Slot]) {
        self.store.with_value(|store| self.signals.publish_positions(store, slots));
    }

    fn kept(&self, store: &CanvasStore) -> Vec<Slot> {
        let selected = self.session.selection.get_untracked();
        let focused = self.focused.get_untracked();
        let target = self.target.get_untracked();
        let followed = self.session.followed.get_untracked();
        let named = [selected, focused, target, followed].into_iter().flatten();
        let mut kept: Vec<Slot> = named.filter_map(|id| store.canvas().find(&id)).collect();
        let selected_ids = |selected_ids: &HashSet<WorkspaceId>| {
            selected_ids.iter().filter_map(|id| store.canvas().find(id)).take(mounting::MOST / 3).collect::<Vec<_>>()
        };
        kept.extend(self.session.selected_ids.with_untracked(selected_ids));
        kept.extend(store.dragged().into_iter().take(mounting::MOST / 2));
        kept
    }
}
