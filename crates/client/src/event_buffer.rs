//! What arrived since the last frame, in its order: the first state, events, and how the connection stands.
//! Never the reading of frames (`uplink`), never the folding (`fleet`).

use orrery_model::Canvas;
use orrery_protocol::{DecodeError, EventEnvelope, Timestamp};

use crate::connection_status::ConnectionStatus;
use crate::initial_state::InitialState;

/// Events that wait for a snapshot are not more than this: beyond it a new snapshot is cheaper.
const HOLDS: usize = 200_000;
/// Memory that was needed once is never given back: a frame that came late must not need much.
const AT_A_TIME: usize = 512;

#[derive(Default)]
pub struct EventBuffer {
    state: Option<LoadedState>,
    arrivals: Vec<Arrival>,
    connection: Option<(ConnectionStatus, Timestamp)>,
    /// While the first state is on its way, the events wait for it.
    holding: bool,
}

/// How much of the first state is there.
pub enum LoadedState {
    /// Rows to look at until the rest is here. Events wait.
    Partial(Box<Canvas>),
    Complete(Box<InitialState>),
}

pub enum Arrival {
    Event(EventEnvelope),
    Malformed(DecodeError),
}

/// What one frame of the page works on.
#[derive(Default)]
pub struct FrameBatch {
    pub state: Option<LoadedState>,
    pub arrivals: Vec<Arrival>,
    /// And when something was last input on it.
    pub connection: Option<(ConnectionStatus, Timestamp)>,
}

/// More arrived than is kept.
#[derive(Debug, PartialEq, Eq)]
pub struct BufferFull;

#[derive(Debug, PartialEq, Eq)]
pub enum Backpressure {
    None,
    /// Better fold now than wait for the frame.
    FlushNow,
}

impl EventBuffer {
    pub fn push(&mut self, arrival: Arrival) -> Result<Backpressure, BufferFull> {
        if self.arrivals.len() >= HOLDS {
            return Err(BufferFull);
        }
        self.arrivals.push(arrival);
        let is_much = !self.holding && self.arrivals.len() >= AT_A_TIME;
        Ok(if is_much { Backpressure::FlushNow } else { Backpressure::None })
    }

    pub fn set_connection(&mut self, connection: ConnectionStatus, last_message_at: Timestamp) {
        self.connection = Some((connection, last_message_at));
    }

    /// From now on events wait for a state; those that came for an earlier one are `kept` or thrown away.
    pub fn hold(&mut self, kept: bool) {
        self.holding = true;
        if !kept {
            self.arrivals.clear();
        }
    }

    pub fn put_partial_state(&mut self, rows: Canvas) {
        self.state = Some(LoadedState::Partial(Box::new(rows)));
    }

    pub fn put_state(&mut self, state: InitialState) {
        self.holding = false;
        self.state = Some(LoadedState::Complete(Box::new(state)));
    }

    /// The state that was waited for will not come: what waited belongs to nothing.
    pub fn discard_held(&mut self) {
        if std::mem::take(&mut self.holding) {
            self.arrivals.clear();
        }
    }

    pub fn take_batch(&mut self) -> FrameBatch {
        let arrivals = if self.holding { Vec::new() } else { std::mem::take(&mut self.arrivals) };
        FrameBatch { state: self.state.take(), arrivals, connection: self.connection.take() }
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    fn event() -> Arrival {
        Arrival::Event(EventEnvelope::read(r#"{"event":"X"}"#).unwrap())
    }

    #[test]
    fn events_wait_for_the_state_that_is_on_its_way() {
        let mut buffer = EventBuffer::default();
        buffer.push(event()).unwrap();
        buffer.hold(false);
        buffer.push(event()).unwrap();
        buffer.put_partial_state(Canvas::new());
        assert!(buffer.take_batch().arrivals.is_empty(), "a part of the state is no state to fold into");
        buffer.put_state(InitialState::default());
        let batch = buffer.take_batch();
        assert_eq!((batch.state.is_some(), batch.arrivals.len()), (true, 1));
    }

    #[test]
    fn what_waited_for_a_state_that_never_came_is_not_folded_into_another() {
        let mut buffer = EventBuffer::default();
        buffer.hold(false);
        buffer.push(event()).unwrap();
        buffer.discard_held();
        assert!(buffer.take_batch().arrivals.is_empty());
    }

    #[test]
    fn it_is_bounded() {
        let mut buffer = EventBuffer::default();
        let error = DecodeError { kind: String::new(), seq: None, reason: String::new() };
        for pushed in 1..=HOLDS {
            let room = buffer.push(Arrival::Malformed(error.clone()));
            assert_eq!(room, Ok(if pushed < AT_A_TIME { Backpressure::None } else { Backpressure::FlushNow }));
        }
        assert_eq!(buffer.push(event()), Err(BufferFull));
    }
}
