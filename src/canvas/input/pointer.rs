//! Pointer listeners of the canvas: feed the gesture's state machine and carry out what it asks for.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};

use super::drag::NodeDrag;
use super::event_target::{closest, local_point, workspace_around};
use super::gesture::{Gesture, GestureEvent};
use crate::canvas::controller::CanvasController;
use crate::canvas::interaction::DragKind;
use crate::commands::selection;
use crate::session::{CameraCommand, Session};
use orrery_layout::hit::Part;
use orrery_layout::{Rect, camera};

#[derive(Clone, Copy)]
pub(super) struct PointerInput {
    controller: CanvasController,
    session: Session,
    drag: NodeDrag,
    gesture: StoredValue<Gesture>,
    /// In CSS pixels of the canvas.
    marquee: RwSignal<Option<Rect>>,
}

/// Parts of a card that handle pointers themselves.
const CONTROLS: &str = "button, a, input, textarea";

impl PointerInput {
    pub(super) fn new(controller: CanvasController, session: Session, drag: NodeDrag) -> Self {
        let (gesture, marquee) = (StoredValue::new(Gesture::Idle), RwSignal::new(None));
        Self { controller, session, drag, gesture, marquee }
    }

    pub(super) fn marquee(&self) -> ReadSignal<Option<Rect>> {
        self.marquee.read_only()
    }

    pub(super) fn on_down(&self, event: &PointerEvent) {
        self.controller.stop_auto_fit();
        let is_middle_button = event.button() == 1;
        if !(event.button() == 0 || is_middle_button) || closest(event.target().as_ref(), CONTROLS).is_some() {
            return;
        }
        let is_pan = self.controller.is_space_down().get_untracked() || is_middle_button;
        let point = local_point(event);
        let hit = self.controller.hit_test(point).filter(|_| !is_pan);
        // A finger pans on cards too: a small screen may have nothing but cards.
        let is_on_handle = hit.as_ref().is_some_and(|(_, part)| *part != Part::Ground);
        let drag_kind = match () {
            () if event.shift_key() && !is_pan => DragKind::Marquee,
            () if is_on_handle && event.pointer_type() != "touch" => DragKind::Nodes,
            () => DragKind::Pan,
        };
        let node = hit.map(|(id, _)| id);
        self.gesture.update_value(|gesture| gesture.pointer_down(event.pointer_id(), point, node, drag_kind));
    }

    pub(super) fn on_move(&self, event: &PointerEvent) {
        let point = local_point(event);
        self.advance(event, |gesture| gesture.pointer_move(event.pointer_id(), point));
    }

    pub(super) fn on_up(&self, event: &PointerEvent) {
        let point = local_point(event);
        self.advance(event, |gesture| gesture.pointer_up(event.pointer_id(), point));
    }

    /// Cancels the gesture, and returns whether it was a drag or a marquee.
    pub(super) fn cancel(&self) -> bool {
        let event = self.gesture.try_update_value(Gesture::cancel).flatten();
        self.controller.set_drag_kind(None);
        let is_cancelled = event == Some(GestureEvent::Cancel);
        if is_cancelled {
            self.marquee.set(None);
            self.drag.cancel();
        }
        is_cancelled
    }

    /// Opens the workspace of a click that no pointer made: by a screen reader or a script.
    pub(super) fn on_click(&self, event: &MouseEvent) {
        let target = event.target();
        if event.detail() == 0
            && closest(target.as_ref(), "button, a").is_none()
            && let Some(id) = workspace_around(target.as_ref())
        {
            self.session.open(id);
        }
    }

    /// Zooms to the workspace.
    pub(super) fn on_double_click(&self, event: &MouseEvent) {
        let is_on_control = closest(event.target().as_ref(), CONTROLS).is_some();
        let hit = self.controller.hit_test(local_point(event));
        if let Some((id, _)) = hit.filter(|_| !is_on_control && !event.shift_key()) {
            self.controller.execute(CameraCommand::Show(id));
        }
    }

    fn advance(&self, event: &PointerEvent, step: impl FnOnce(&mut Gesture) -> Option<GestureEvent>) {
        if let Some(gesture_event) = self.gesture.try_update_value(step).flatten() {
            self.handle(gesture_event, event);
        }
        if self.gesture.with_value(|gesture| *gesture == Gesture::Idle) {
            self.controller.set_drag_kind(None);
        }
    }

    fn handle(&self, gesture_event: GestureEvent, event: &PointerEvent) {
        match gesture_event {
            GestureEvent::Pan { by } => {
                self.start_drag(event, DragKind::Pan);
                self.controller.move_camera(camera::panned(&self.controller.camera(), by));
            }
            GestureEvent::Pinch { factor, center, by } => {
                let panned = camera::panned(&self.controller.camera(), by);
                self.controller.move_camera(camera::zoomed(&panned, factor, center));
            }
            GestureEvent::DragStart(id) => {
                self.drag.start(id);
                self.start_drag(event, DragKind::Nodes);
            }
            GestureEvent::Drag { by, pointer } => self.drag.move_by(by, pointer),
            GestureEvent::Drop { by, pointer } => self.drag.drop_at(by, pointer),
            GestureEvent::Cancel => self.drag.cancel(),
            GestureEvent::Marquee { from, to } => {
                self.start_drag(event, DragKind::Marquee);
                self.marquee.set(Some(Rect::from_corners(from, to)));
            }
            GestureEvent::MarqueeEnd { from, to } => {
                self.marquee.set(None);
                let area = Rect::from_corners(self.controller.to_world(from), self.controller.to_world(to));
                let ids = self.controller.store.with_value(|store| selection::inside_box(store, &area));
                selection::add(self.session, ids);
            }
            GestureEvent::Click(Some(id)) if event.shift_key() => selection::toggle(self.session, id),
            GestureEvent::Click(Some(id)) => self.session.open(id),
            GestureEvent::Click(None) => {
                if !self.controller.is_space_down().get_untracked() && !event.shift_key() {
                    self.session.close();
                }
            }
        }
    }

    /// Captures the pointer for the rest of the drag. Not before it is one: a click belongs to the element under the pointer.
    fn start_drag(&self, event: &PointerEvent, kind: DragKind) {
        if self.controller.drag_kind().get_untracked() == Some(kind) {
            return;
        }
        if let Some(canvas) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Fails if the pointer is gone already; then there is nothing to capture.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.controller.set_drag_kind(Some(kind));
    }
}
