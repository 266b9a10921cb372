//! Turns the browser's pointer and wheel events into gestures, and gestures into what the stage and the hand do.
//! Never decides what a gesture means (`gesture`).

use leptos::prelude::*;
use orrery_protocol::WorkspaceId;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, MouseEvent, PointerEvent, WheelEvent};

use super::controller::CanvasController;
use super::gesture::{Gesture, Meaning, Moves};
use super::hand::Hand;
use super::hit::point_of;
use crate::commands::selection;
use crate::session::{CameraCommand, Session};
use orrery_layout::hit::Part;
use orrery_layout::{Point, Rect, camera};

#[derive(Clone, Copy)]
pub struct Pointer {
    controller: CanvasController,
    hand: Hand,
    session: Session,
    gesture: StoredValue<Gesture>,
    /// The box that is being drawn, on the screen.
    pub marquee: RwSignal<Option<Rect>>,
}

/// One notch of a mouse wheel must not jump; a pinch comes in small steps anyway.
const WHEEL_MOST: f64 = 24.0;
const LINE: f64 = 16.0;

impl Pointer {
    pub fn new(controller: CanvasController, hand: Hand, session: Session) -> Self {
        Self { controller, hand, session, gesture: StoredValue::new(Gesture::Idle), marquee: RwSignal::new(None) }
    }

    pub fn down(&self, event: &PointerEvent) {
        self.controller.hold_still();
        let target = event.target();
        let on_part = |selector: &str| closest(target.as_ref(), selector).is_some();
        if !matches!(event.button(), 0 | 1) || on_part("button, a, input, textarea") {
            return;
        }
        let pans = self.controller.space.get_untracked() || event.button() == 1;
        let at = place(event);
        let hit = self.controller.hit(at).filter(|_| !pans);
        // A finger on a card pans too: otherwise a small screen could not be moved.
        let drags = hit.as_ref().is_some_and(|(_, part)| *part != Part::Ground) && event.pointer_type() != "touch";
        let moves = match () {
            () if event.shift_key() && !pans => Moves::Box,
            () if drags => Moves::Drag,
            () => Moves::Pan,
        };
        let on = hit.map(|(id, _)| id);
        self.mean(|gesture| gesture.down(event.pointer_id(), at, on, moves), event);
    }

    pub fn moved(&self, event: &PointerEvent) {
        let at = place(event);
        self.mean(|gesture| gesture.moved(event.pointer_id(), at), event);
    }

    pub fn up(&self, event: &PointerEvent) {
        let at = place(event);
        self.mean(|gesture| gesture.up(event.pointer_id(), at), event);
    }

    pub fn cancelled(&self) {
        self.cancel();
    }

    /// Answers whether there was something to cancel.
    pub fn cancel(&self) -> bool {
        let meaning = self.gesture.try_update_value(Gesture::cancel);
        self.controller.gesture.set(None);
        let dragged = meaning == Some(Meaning::LetGo);
        if dragged {
            self.marquee.set(None);
            self.hand.put_down();
        }
        dragged
    }

    /// A press without a pointer: a screen reader, a script.
    pub fn clicked(&self, event: &MouseEvent) {
        let target = event.target();
        if event.detail() == 0
            && closest(target.as_ref(), "button, a").is_none()
            && let Some(id) = workspace_of(target.as_ref())
        {
            self.session.open(id);
        }
    }

    /// Goes to the workspace, near enough to read it.
    pub fn double_clicked(&self, event: &MouseEvent) {
        let is_on_part = closest(event.target().as_ref(), "button, a, input, textarea").is_some();
        if let Some((id, _)) = self.controller.hit(place(event)).filter(|_| !is_on_part && !event.shift_key()) {
            self.controller.grant(CameraCommand::Show(id));
        }
    }

    pub fn wheeled(&self, event: &WheelEvent) {
        event.prevent_default();
        let scale = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE };
        let (dx, dy) = (event.delta_x() * scale, event.delta_y() * scale);
        let now = self.controller.camera();
        self.controller.drift(if event.ctrl_key() || event.meta_key() {
            let factor = js_sys::Math::pow(2.0, -dy.clamp(-WHEEL_MOST, WHEEL_MOST) * 0.01);
            camera::zoomed(&now, factor, place(event))
        } else {
            camera::panned(&now, Point::new(-dx, -dy))
        });
    }

    fn mean(&self, step: impl FnOnce(&mut Gesture) -> Meaning, event: &PointerEvent) {
        let meaning = self.gesture.try_update_value(step).unwrap_or(Meaning::Nothing);
        match meaning {
            Meaning::Nothing => {}
            Meaning::Panned(by) => {
                self.capture(event, "pan");
                self.controller.drift(camera::panned(&self.controller.camera(), by));
            }
            Meaning::Pinched { factor, around, by } => {
                let panned = camera::panned(&self.controller.camera(), by);
                self.controller.drift(camera::zoomed(&panned, factor, around));
            }
            Meaning::PickedUp(id) => {
                self.capture(event, "drag");
                self.hand.pick_up(id);
            }
            Meaning::Dragged { by, at } => self.hand.carry(by, at),
            Meaning::Dropped { by, at } => self.hand.drop_at(by, at),
            Meaning::LetGo => self.hand.put_down(),
            Meaning::Boxing(from, to) => {
                self.capture(event, "box");
                self.marquee.set(Some(Rect::from_corners(from, to)));
            }
            Meaning::Boxed(from, to) => {
                self.marquee.set(None);
                let inside = Rect::from_corners(self.controller.to_world(from), self.controller.to_world(to));
                let met = self.controller.store.with_value(|store| selection::inside_box(store, &inside));
                selection::add(self.session, met);
            }
            Meaning::Clicked(Some(id)) if event.shift_key() => selection::toggle(self.session, id),
            Meaning::Clicked(Some(id)) => self.session.open(id),
            Meaning::Clicked(None) => {
                if !self.controller.space.get_untracked() && !event.shift_key() {
                    self.session.close();
                }
            }
        }
        if self.gesture.with_value(|gesture| *gesture == Gesture::Idle)
            && self.controller.gesture.get_untracked().is_some()
        {
            self.controller.gesture.set(None);
        }
    }

    /// From here on the pointer is ours wherever it goes. Not before: a click belongs to what is under it.
    fn capture(&self, event: &PointerEvent, gesture: &'static str) {
        if self.controller.gesture.get_untracked() == Some(gesture) {
            return;
        }
        if let Some(canvas) = event.current_target().and_then(|it| it.dyn_into::<Element>().ok()) {
            // The pointer may be gone already; then there is nothing to capture.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.controller.gesture.set(Some(gesture));
    }
}

pub(super) fn place(event: &MouseEvent) -> Point {
    let client = point_of(event);
    match event.current_target().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        Some(canvas) => {
            let rect = canvas.get_bounding_client_rect();
            client.minus(Point::new(rect.left(), rect.top()))
        }
        None => client,
    }
}

pub(super) fn closest(target: Option<&EventTarget>, selector: &str) -> Option<Element> {
    target?.dyn_ref::<Element>()?.closest(selector).ok()?
}

/// The workspace whose element this is.
pub(super) fn workspace_at(target: Option<&EventTarget>) -> Option<WorkspaceId> {
    target?.dyn_ref::<Element>()?.get_attribute("data-workspace-id")?.parse().ok()
}

pub(super) fn workspace_of(target: Option<&EventTarget>) -> Option<WorkspaceId> {
    closest(target, "[data-workspace-id]")?.get_attribute("data-workspace-id")?.parse().ok()
}
