//! What arrived since the last frame, in its order: the first state, events, and how the connection stands.
//! Never the reading of frames (`uplink`), never the folding (`fleet`).

use orrery_model::Canvas;
use orrery_protocol::{DecodeError, Logged, Timestamp};

use crate::api::FirstState;
use crate::socket::Connection;

/// Events that wait for a snapshot are not more than this: beyond it a new snapshot is cheaper.
const HOLDS: usize = 200_000;
/// Memory that was needed once is never given back: a frame that came late must not need much.
const AT_A_TIME: usize = 512;

#[derive(Default)]
pub struct Inbox {
    state: Option<Known>,
    arrivals: Vec<Arrival>,
    connection: Option<(Connection, Timestamp)>,
    /// While the first state is on its way, the events wait for it.
    holding: bool,
}

/// How much of the first state is there.
pub enum Known {
    /// Rows to look at until the rest is here. Events wait.
    Partly(Box<Canvas>),
    Wholly(Box<FirstState>),
}

pub enum Arrival {
    Event(Logged),
    Malformed(DecodeError),
}

/// What one frame of the page works on.
#[derive(Default)]
pub struct Post {
    pub state: Option<Known>,
    pub arrivals: Vec<Arrival>,
    /// And when something was last heard on it.
    pub connection: Option<(Connection, Timestamp)>,
}

/// More arrived than is kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

#[derive(Debug, PartialEq, Eq)]
pub enum Room {
    Enough,
    /// Better fold now than wait for the frame.
    Little,
}

impl Inbox {
    pub fn push(&mut self, arrival: Arrival) -> Result<Room, Full> {
        if self.arrivals.len() >= HOLDS {
            return Err(Full);
        }
        self.arrivals.push(arrival);
        let is_much = !self.holding && self.arrivals.len() >= AT_A_TIME;
        Ok(if is_much { Room::Little } else { Room::Enough })
    }

    pub fn stand(&mut self, connection: Connection, heard_at: Timestamp) {
        self.connection = Some((connection, heard_at));
    }

    /// From now on events wait for a state; those that came for an earlier one are `kept` or thrown away.
    pub fn hold(&mut self, kept: bool) {
        self.holding = true;
        if !kept {
            self.arrivals.clear();
        }
    }

    pub fn put_part(&mut self, rows: Canvas) {
        self.state = Some(Known::Partly(Box::new(rows)));
    }

    pub fn put_state(&mut self, state: FirstState) {
        self.holding = false;
        self.state = Some(Known::Wholly(Box::new(state)));
    }

    /// The state that was waited for will not come: what waited belongs to nothing.
    pub fn let_go(&mut self) {
        if std::mem::take(&mut self.holding) {
            self.arrivals.clear();
        }
    }

    pub fn take(&mut self) -> Post {
        let arrivals = if self.holding { Vec::new() } else { std::mem::take(&mut self.arrivals) };
        Post { state: self.state.take(), arrivals, connection: self.connection.take() }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn event() -> Arrival {
        Arrival::Event(Logged::read(r#"{"event":"X"}"#).unwrap())
    }

    #[wasm_bindgen_test]
    fn events_wait_for_the_state_that_is_on_its_way() {
        let mut inbox = Inbox::default();
        inbox.push(event()).unwrap();
        inbox.hold(false);
        inbox.push(event()).unwrap();
        inbox.put_part(Canvas::new());
        assert!(inbox.take().arrivals.is_empty(), "a part of the state is no state to fold into");
        inbox.put_state(FirstState::default());
        let post = inbox.take();
        assert_eq!((post.state.is_some(), post.arrivals.len()), (true, 1));
    }

    #[wasm_bindgen_test]
    fn what_waited_for_a_state_that_never_came_is_not_folded_into_another() {
        let mut inbox = Inbox::default();
        inbox.hold(false);
        inbox.push(event()).unwrap();
        inbox.let_go();
        assert!(inbox.take().arrivals.is_empty());
    }

    #[wasm_bindgen_test]
    fn it_is_bounded() {
        let mut inbox = Inbox::default();
        let error = DecodeError { kind: String::new(), seq: None, reason: String::new() };
        for pushed in 1..=HOLDS {
            let room = inbox.push(Arrival::Malformed(error.clone()));
            assert_eq!(room, Ok(if pushed < AT_A_TIME { Room::Enough } else { Room::Little }));
        }
        assert_eq!(inbox.push(event()), Err(Full));
    }
}
