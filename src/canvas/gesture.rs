//! What a hand on the canvas means: pan, pinch, press, drag. Pure: places in, meanings out. Never a browser's event.

use orrery_protocol::WorkspaceId;

use orrery_layout::Point;

pub type PointerId = i32;

/// What a move from here would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    Pan,
    /// It takes the workspace along.
    Drag,
    /// It draws a box around what shall be selected.
    Box,
}

/// Less than this is a trembling hand, not a drag.
const THRESHOLD: f64 = 4.0;

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Gesture {
    #[default]
    Idle,
    /// Down on a workspace, or on the ground: a click, as long as nothing moves.
    Press {
        pointer: PointerId,
        at: Point,
        on: Option<WorkspaceId>,
        moves: Moves,
    },
    Box {
        pointer: PointerId,
        from: Point,
    },
    Pan {
        pointer: PointerId,
        last: Point,
    },
    Drag {
        pointer: PointerId,
        from: Point,
        id: WorkspaceId,
    },
    Pinch {
        one: (PointerId, Point),
        other: (PointerId, Point),
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    Nothing,
    Panned(Point),
    Pinched {
        factor: f64,
        around: Point,
        by: Point,
    },
    PickedUp(WorkspaceId),
    /// In pixels of the screen, since it was picked up.
    Dragged {
        by: Point,
        at: Point,
    },
    Dropped {
        by: Point,
        at: Point,
    },
    /// From a corner to the opposite one, so far and at last.
    Boxing(Point, Point),
    Boxed(Point, Point),
    LetGo,
    Clicked(Option<WorkspaceId>),
}

impl Gesture {
    pub fn down(&mut self, pointer: PointerId, at: Point, on: Option<WorkspaceId>, moves: Moves) -> Meaning {
        let first = match self {
            Self::Idle => None,
            Self::Press { pointer, at, .. } | Self::Pan { pointer, last: at } => Some((*pointer, *at)),
            Self::Drag { .. } | Self::Pinch { .. } | Self::Box { .. } => return Meaning::Nothing,
        };
        *self = match first {
            Some(one) if one.0 != pointer => Self::Pinch { one, other: (pointer, at) },
            _ => Self::Press { pointer, at, on, moves },
        };
        Meaning::Nothing
    }

    pub fn moved(&mut self, pointer: PointerId, to: Point) -> Meaning {
        match self {
            Self::Press { pointer: mine, at, on, moves } if *mine == pointer => {
                if at.distance(to) < THRESHOLD {
                    return Meaning::Nothing;
                }
                let from = *at;
                match on.take().filter(|_| *moves == Moves::Drag) {
                    _ if *moves == Moves::Box => {
                        *self = Self::Box { pointer, from };
                        Meaning::Boxing(from, to)
                    }
                    Some(id) => {
                        *self = Self::Drag { pointer, from, id: id.clone() };
                        Meaning::PickedUp(id)
                    }
                    None => {
                        *self = Self::Pan { pointer, last: to };
                        Meaning::Panned(to.minus(from))
                    }
                }
            }
            Self::Pan { pointer: mine, last } if *mine == pointer => {
                let by = to.minus(*last);
                *last = to;
                Meaning::Panned(by)
            }
            Self::Box { pointer: mine, from } if *mine == pointer => Meaning::Boxing(*from, to),
            Self::Drag { pointer: mine, from, .. } if *mine == pointer => {
                Meaning::Dragged { by: to.minus(*from), at: to }
            }
            Self::Pinch { one, other } => {
                let (moving, still) = if one.0 == pointer { (one, *other) } else { (other, *one) };
                if moving.0 != pointer {
                    return Meaning::Nothing;
                }
                let middle = |a: Point, b: Point| a.plus(b).times(0.5);
                let (before, around) = (moving.1, middle(to, still.1));
                moving.1 = to;
                let factor = to.distance(still.1) / before.distance(still.1).max(1.0);
                Meaning::Pinched { factor, around, by: around.minus(middle(before, still.1)) }
            }
            _ => Meaning::Nothing,
        }
    }

    pub fn up(&mut self, pointer: PointerId, at: Point) -> Meaning {
        match std::mem::take(self) {
            Self::Press { pointer: mine, on, .. } if mine == pointer => Meaning::Clicked(on),
            Self::Pan { pointer: mine, .. } if mine == pointer => Meaning::Nothing,
            Self::Drag { pointer: mine, from, .. } if mine == pointer => Meaning::Dropped { by: at.minus(from), at },
            Self::Box { pointer: mine, from } if mine == pointer => Meaning::Boxed(from, at),
            Self::Pinch { one, other } => {
                // The finger that stays goes on panning.
                let (pointer, last) = if one.0 == pointer { other } else { one };
                *self = Self::Pan { pointer, last };
                Meaning::Nothing
            }
            unchanged => {
                *self = unchanged;
                Meaning::Nothing
            }
        }
    }

    /// Escape, or the browser took the pointer away.
    pub fn cancel(&mut self) -> Meaning {
        match std::mem::take(self) {
            Self::Drag { .. } | Self::Box { .. } => Meaning::LetGo,
            _ => Meaning::Nothing,
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
    fn a_press_that_trembles_is_a_click() {
        let mut gesture = Gesture::default();
        gesture.down(1, at(0.0, 0.0), card(), Moves::Drag);
        assert_eq!(gesture.moved(1, at(2.0, 2.0)), Meaning::Nothing);
        assert_eq!(gesture.up(1, at(2.0, 2.0)), Meaning::Clicked(card()));
        gesture.down(1, at(0.0, 0.0), None, Moves::Drag);
        assert_eq!(gesture.up(1, at(0.0, 0.0)), Meaning::Clicked(None));
    }

    #[wasm_bindgen_test]
    fn a_card_is_dragged_and_the_ground_panned() {
        let mut gesture = Gesture::default();
        gesture.down(1, at(10.0, 10.0), card(), Moves::Drag);
        assert_eq!(gesture.moved(1, at(20.0, 10.0)), Meaning::PickedUp(card().unwrap()));
        let (by, to) = (at(20.0, 5.0), at(30.0, 15.0));
        assert_eq!(gesture.moved(1, to), Meaning::Dragged { by, at: to });
        assert_eq!(gesture.up(1, to), Meaning::Dropped { by, at: to });
        gesture.down(1, at(10.0, 10.0), None, Moves::Drag);
        assert_eq!(gesture.moved(1, at(20.0, 10.0)), Meaning::Panned(at(10.0, 0.0)));
        assert_eq!(gesture.moved(1, at(21.0, 12.0)), Meaning::Panned(at(1.0, 2.0)));
        assert_eq!(gesture.up(1, at(21.0, 12.0)), Meaning::Nothing);
    }

    #[wasm_bindgen_test]
    fn a_box_is_drawn_from_a_card_and_from_the_ground_alike() {
        for on in [card(), None] {
            let mut gesture = Gesture::default();
            gesture.down(1, at(10.0, 10.0), on.clone(), Moves::Box);
            assert_eq!(gesture.moved(1, at(11.0, 11.0)), Meaning::Nothing);
            assert_eq!(gesture.moved(1, at(40.0, 30.0)), Meaning::Boxing(at(10.0, 10.0), at(40.0, 30.0)));
            assert_eq!(gesture.up(1, at(5.0, 30.0)), Meaning::Boxed(at(10.0, 10.0), at(5.0, 30.0)));
            gesture.down(1, at(10.0, 10.0), on.clone(), Moves::Box);
            assert_eq!(gesture.up(1, at(10.0, 10.0)), Meaning::Clicked(on));
        }
    }

    #[wasm_bindgen_test]
    fn a_drag_that_is_cancelled_is_let_go() {
        let mut gesture = Gesture::default();
        gesture.down(1, at(0.0, 0.0), card(), Moves::Drag);
        gesture.moved(1, at(20.0, 10.0));
        assert_eq!(gesture.cancel(), Meaning::LetGo);
        assert_eq!(gesture.moved(1, at(50.0, 50.0)), Meaning::Nothing);
    }

    #[wasm_bindgen_test]
    fn two_fingers_zoom_around_their_middle_and_one_goes_on_panning() {
        let mut gesture = Gesture::default();
        gesture.down(1, at(0.0, 0.0), None, Moves::Pan);
        gesture.down(2, at(100.0, 0.0), None, Moves::Pan);
        let meaning = gesture.moved(2, at(200.0, 0.0));
        assert_eq!(meaning, Meaning::Pinched { factor: 2.0, around: at(100.0, 0.0), by: at(50.0, 0.0) });
        gesture.up(1, at(0.0, 0.0));
        assert_eq!(gesture.moved(2, at(210.0, 0.0)), Meaning::Panned(at(10.0, 0.0)));
    }
}
