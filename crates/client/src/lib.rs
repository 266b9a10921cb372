//! Sans-I/O client of the event stream (see chapter 13 of docs/protocol.md): sockets, requests, the clock and randomness are
//! passed in, so the page and native clients share it.

mod connection;
mod connection_status;
mod input;
mod phase;
mod sequence;
mod backoff;
mod event_buffer;
mod initial_state;
mod line_buffer;
mod optimistic;

pub use backoff::Backoff;
pub use connection::Connection;
pub use connection_status::{ConnectionStatus, StopReason};
pub use event_buffer::{Arrival, Backpressure, BufferFull, EventBuffer, FrameBatch, LoadedState};
pub use initial_state::{InitialState, InitialStateError, SnapshotReader, UnreadableRow};
pub use input::{Effect, Input, LoadFailure};
pub use line_buffer::{LineBuffer, NotUtf8};
pub use optimistic::{
    Diff, FieldChange, OptimisticOverlay, PendingId, Position, PositionSource, WorkspaceDiff, WorkspaceRequest,
};
pub use sequence::{Sequence, SequenceCheck};
