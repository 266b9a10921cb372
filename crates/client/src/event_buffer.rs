//! What has arrived since the last frame, in order: the initial state, events and the connection status.

use orrery_model::Canvas;
use orrery_protocol::{DecodeError, EventEnvelope, Timestamp};

use crate::connection_status::ConnectionStatus;
use crate::initial_state::InitialState;

/// How many arrivals the buffer takes while it is held: beyond that a new snapshot is cheaper.
const CAPACITY: usize = 200_000;
/// How many arrivals are applied at once at most, even when a frame is late: WebAssembly never returns memory.
const FLUSH_AT: usize = 512;

/// Collects arrivals until a frame takes them. While an initial state is being loaded, events are held back.
#[derive(Default)]
pub struct EventBuffer {
    state: Option<LoadedState>,
    arrivals: Vec<Arrival>,
    connection: Option<(ConnectionStatus, Timestamp)>,
    /// Whether events wait for an initial state.
    is_held: bool,
}

/// How much of the initial state has been loaded.
pub enum LoadedState {
    /// The rows so far, to be shown until the rest has arrived. Events are held back.
    Partial(Box<Canvas>),
    Complete(Box<InitialState>),
}

/// One message that has a place in the log.
pub enum Arrival {
    Event(EventEnvelope),
    /// An event that could not be read. Its `seq` counts all the same.
    Malformed(DecodeError),
}

/// What one frame applies.
#[derive(Default)]
pub struct FrameBatch {
    pub state: Option<LoadedState>,
    pub arrivals: Vec<Arrival>,
    /// The status, and when the last message arrived; `None` when neither has changed.
    pub connection: Option<(ConnectionStatus, Timestamp)>,
}

/// The buffer is full: the arrival was dropped, so the state must be loaded again.
#[derive(Debug, PartialEq, Eq)]
pub struct BufferFull;

/// Whether the reader should wait for the next frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Backpressure {
    /// The batch can wait for the next frame.
    None,
    /// The batch should be taken now.
    FlushNow,
}

impl EventBuffer {
    /// Appends an arrival.
    ///
    /// # Errors
    /// [`BufferFull`] when too many are waiting.
    pub fn push(&mut self, arrival: Arrival) -> Result<Backpressure, BufferFull> {
        if self.arrivals.len() >= CAPACITY {
            return Err(BufferFull);
        }
        self.arrivals.push(arrival);
        let is_large = !self.is_held && self.arrivals.len() >= FLUSH_AT;
        Ok(if is_large { Backpressure::FlushNow } else { Backpressure::None })
    }

    /// Sets the status that the next batch carries.
    pub fn set_connection(&mut self, connection: ConnectionStatus, last_message_at: Timestamp) {
        self.connection = Some((connection, last_message_at));
    }

    /// Holds back events until [`put_state`](Self::put_state), those that are already here included.
    pub fn hold(&mut self) {
        self.is_held = true;
    }

    /// Discards the events that are already here, and holds back later ones until [`put_state`](Self::put_state).
    pub fn hold_and_discard(&mut self) {
        self.hold();
        self.arrivals.clear();
    }

    /// Sets the rows that the next batch carries. Events stay held back.
    pub fn put_partial_state(&mut self, rows: Canvas) {
        self.state = Some(LoadedState::Partial(Box::new(rows)));
    }

    /// Sets the initial state that the next batch carries, and releases the events.
    pub fn put_state(&mut self, state: InitialState) {
        self.is_held = false;
        self.state = Some(LoadedState::Complete(Box::new(state)));
    }

    /// Discards the events that wait for an initial state which will not come.
    pub fn discard_held(&mut self) {
        if std::mem::take(&mut self.is_held) {
            self.arrivals.clear();
        }
    }

    /// Returns what has arrived since the last call. Events that are held back stay.
    pub fn take_batch(&mut self) -> FrameBatch {
        let arrivals = if self.is_held { Vec::new() } else { std::mem::take(&mut self.arrivals) };
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
    fn holds_events_back_until_the_state_is_complete() {
        let mut buffer = EventBuffer::default();
        buffer.push(event()).unwrap();
        buffer.hold_and_discard();
        buffer.push(event()).unwrap();
        buffer.put_partial_state(Canvas::new());
        assert!(buffer.take_batch().arrivals.is_empty(), "events are not applied to a part of the state");
        buffer.put_state(InitialState::default());
        let batch = buffer.take_batch();
        assert_eq!((batch.state.is_some(), batch.arrivals.len()), (true, 1));
    }

    #[test]
    fn discards_events_whose_state_never_came() {
        let mut buffer = EventBuffer::default();
        buffer.hold_and_discard();
        buffer.push(event()).unwrap();
        buffer.discard_held();
        assert!(buffer.take_batch().arrivals.is_empty());
    }

    #[test]
    fn refuses_arrivals_beyond_its_capacity() {
        let mut buffer = EventBuffer::default();
        let error = DecodeError { kind: String::new(), seq: None, reason: String::new() };
        for pushed in 1..=CAPACITY {
            let pushed_result = buffer.push(Arrival::Malformed(error.clone()));
            assert_eq!(pushed_result, Ok(if pushed < FLUSH_AT { Backpressure::None } else { Backpressure::FlushNow }));
        }
        assert_eq!(buffer.push(event()), Err(BufferFull));
    }
}
