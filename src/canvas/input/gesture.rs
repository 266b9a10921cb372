//! State machine of pointer gestures: turns presses, moves and releases into clicks, drags, pans, pinches and marquees.

use orrery_protocol::WorkspaceId;

use crate::canvas::interaction::DragKind;
use orrery_layout::Point;

pub type PointerId = i32;

/// A pointer that moves less than this many CSS pixels is clicking.
const DRAG_THRESHOLD: f64 = 4.0;

/// All points are in CSS pixels of the canvas element.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    #[default]
    Idle,
    /// A pointer is down and has not moved: it becomes a click or a drag.
    Press {
        pointer: PointerId,
        start: Point,
        /// The node under the pointer.
        node: Option<WorkspaceId>,
        /// What the drag would do.
        drag_kind: DragKind,
    },
    Pan {
        pointer: PointerId,
        last: Point,
    },
    Drag {
        pointer: PointerId,
        start: Point,
    },
    Marquee {
        pointer: PointerId,
        start: Point,
    },
    Pinch {
        first: (PointerId, Point),
        second: (PointerId, Point),
    },
}

/// What a step of a gesture asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum GestureEvent {
    Click(Option<WorkspaceId>),
    Pan {
        by: Point,
    },
    Pinch {
        factor: f64,
        center: Point,
        by: Point,
    },
    DragStart(WorkspaceId),
    /// `by` is the distance from where the drag started.
    Drag {
        by: Point,
        pointer: Point,
    },
    Drop {
        by: Point,
        pointer: Point,
    },
    /// From one corner to the opposite one.
    Marquee {
        from: Point,
        to: Point,
    },
    MarqueeEnd {
        from: Point,
        to: Point,
    },
    /// A drag or a marquee was cancelled.
    Cancel,
}

impl Gesture {
    /// Handles a pointer that goes down, the second one of two as the start of a pinch.
    pub fn pointer_down(&mut self, pointer: PointerId, at: Point, node: Option<WorkspaceId>, drag_kind: DragKind) {
        let first = match self {
            Self::Idle => None,
            Self::Press { pointer, start: at, .. } | Self::Pan { pointer, last: at } => Some((*pointer, *at)),
            Self::Drag { .. } | Self::Marquee { .. } | Self::Pinch { .. } => return,
        };
        *self = match first {
            Some(first) if first.0 != pointer => Self::Pinch { first, second: (pointer, at) },
            _ => Self::Press { pointer, start: at, node, drag_kind },
        };
    }

    pub fn pointer_move(&mut self, pointer: PointerId, to: Point) -> Option<GestureEvent> {
        match self {
            Self::Press { pointer: own, start, node, drag_kind } if *own == pointer => {
                let (start, drag_kind) = (*start, *drag_kind);
                if start.distance(to) < DRAG_THRESHOLD {
                    return None;
                }
                let (gesture, event) = match (drag_kind, node.take()) {
                    (DragKind::Marquee, _) => {
                        (Self::Marquee { pointer, start }, GestureEvent::Marquee { from: start, to })
                    }
                    (DragKind::Nodes, Some(node)) => (Self::Drag { pointer, start }, GestureEvent::DragStart(node)),
                    _ => (Self::Pan { pointer, last: to }, GestureEvent::Pan { by: to.minus(start) }),
                };
                *self = gesture;
                Some(event)
            }
            Self::Pan { pointer: own, last } if *own == pointer => {
                let by = to.minus(std::mem::replace(last, to));
                Some(GestureEvent::Pan { by })
            }
            Self::Drag { pointer: own, start } if *own == pointer => {
                Some(GestureEvent::Drag { by: to.minus(*start), pointer: to })
            }
            Self::Marquee { pointer: own, start } if *own == pointer => {
                Some(GestureEvent::Marquee { from: *start, to })
            }
            Self::Pinch { first, second } => {
                let (moving, resting) = if first.0 == pointer { (first, *second) } else { (second, *first) };
                if moving.0 != pointer {
                    return None;
                }
                let middle = |a: Point, b: Point| a.plus(b).times(0.5);
                let before = std::mem::replace(&mut moving.1, to);
                let center = middle(to, resting.1);
                let factor = to.distance(resting.1) / before.distance(resting.1).max(1.0);
                Some(GestureEvent::Pinch { factor, center, by: center.minus(middle(before, resting.1)) })
            }
            _ => None,
        }
    }

    pub fn pointer_up(&mut self, pointer: PointerId, at: Point) -> Option<GestureEvent> {
        match std::mem::take(self) {
            Self::Press { pointer: own, node, .. } if own == pointer => Some(GestureEvent::Click(node)),
            Self::Pan { pointer: own, .. } if own == pointer => None,
            Self::Drag { pointer: own, start } if own == pointer => {
                Some(GestureEvent::Drop { by: at.minus(start), pointer: at })
            }
            Self::Marquee { pointer: own, start } if own == pointer => {
                Some(GestureEvent::MarqueeEnd { from: start, to: at })
            }
            Self::Pinch { first, second } => {
                // The finger that stays down goes on as a pan.
                let (pointer, last) = if first.0 == pointer { second } else { first };
                *self = Self::Pan { pointer, last };
                None
            }
            unchanged => {
                *self = unchanged;
                None
            }
        }
    }

    /// Ends the gesture without its effect: Escape was pressed, or the browser took the pointer away.
    pub fn cancel(&mut self) -> Option<GestureEvent> {
        match std::mem::take(self) {
            Self::Drag { .. } | Self::Marquee { .. } => Some(GestureEvent::Cancel),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    fn card() -> Option<WorkspaceId> {
        WorkspaceId::parse("w").ok()
    }

    #[wasm_bindgen_test]
    fn press_that_hardly_moves_is_a_click() {
        let mut gesture = Gesture::default();
        gesture.pointer_down(1, at(0.0, 0.0), card(), DragKind::Nodes);
        assert_eq!(gesture.pointer_move(1, at(2.0, 2.0)), None);
        assert_eq!(gesture.pointer_up(1, at(2.0, 2.0)), Some(GestureEvent::Click(card())));
        gesture.pointer_down(1, at(0.0, 0.0), None, DragKind::Nodes);
        assert_eq!(gesture.pointer_up(1, at(0.0, 0.0)), Some(GestureEvent::Click(None)));
    }

    #[wasm_bindgen_test]
    fn card_is_dragged_and_background_is_panned() {
        let mut gesture = Gesture::default();
        gesture.pointer_down(1, at(10.0, 10.0), card(), DragKind::Nodes);
        assert_eq!(gesture.pointer_move(1, at(20.0, 10.0)), card().map(GestureEvent::DragStart));
        let (by, pointer) = (at(20.0, 5.0), at(30.0, 15.0));
        assert_eq!(gesture.pointer_move(1, pointer), Some(GestureEvent::Drag { by, pointer }));
        assert_eq!(gesture.pointer_up(1, pointer), Some(GestureEvent::Drop { by, pointer }));
        gesture.pointer_down(1, at(10.0, 10.0), None, DragKind::Nodes);
        assert_eq!(gesture.pointer_move(1, at(20.0, 10.0)), Some(GestureEvent::Pan { by: at(10.0, 0.0) }));
        assert_eq!(gesture.pointer_move(1, at(21.0, 12.0)), Some(GestureEvent::Pan { by: at(1.0, 2.0) }));
        assert_eq!(gesture.pointer_up(1, at(21.0, 12.0)), None);
    }

    #[wasm_bindgen_test]
    fn marquee_starts_on_a_card_as_on_the_background() {
        for node in [card(), None] {
            let mut gesture = Gesture::default();
            let from = at(10.0, 10.0);
            gesture.pointer_down(1, from, node.clone(), DragKind::Marquee);
            assert_eq!(gesture.pointer_move(1, at(11.0, 11.0)), None);
            let to = at(40.0, 30.0);
            assert_eq!(gesture.pointer_move(1, to), Some(GestureEvent::Marquee { from, to }));
            let to = at(5.0, 30.0);
            assert_eq!(gesture.pointer_up(1, to), Some(GestureEvent::MarqueeEnd { from, to }));
            gesture.pointer_down(1, from, node.clone(), DragKind::Marquee);
            assert_eq!(gesture.pointer_up(1, from), Some(GestureEvent::Click(node)));
        }
    }

    #[wasm_bindgen_test]
    fn cancelled_drag_ends_without_a_drop() {
        let mut gesture = Gesture::default();
        gesture.pointer_down(1, at(0.0, 0.0), card(), DragKind::Nodes);
        gesture.pointer_move(1, at(20.0, 10.0));
        assert_eq!(gesture.cancel(), Some(GestureEvent::Cancel));
        assert_eq!(gesture.pointer_move(1, at(50.0, 50.0)), None);
    }

    #[wasm_bindgen_test]
    fn two_fingers_zoom_around_their_middle_and_one_goes_on_panning() {
        let mut gesture = Gesture::default();
        gesture.pointer_down(1, at(0.0, 0.0), None, DragKind::Pan);
        gesture.pointer_down(2, at(100.0, 0.0), None, DragKind::Pan);
        let event = gesture.pointer_move(2, at(200.0, 0.0));
        let (center, by) = (at(100.0, 0.0), at(50.0, 0.0));
        assert_eq!(event, Some(GestureEvent::Pinch { factor: 2.0, center, by }));
        gesture.pointer_up(1, at(0.0, 0.0));
        assert_eq!(gesture.pointer_move(2, at(210.0, 0.0)), Some(GestureEvent::Pan { by: at(10.0, 0.0) }));
    }
}
