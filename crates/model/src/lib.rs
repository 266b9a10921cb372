//! Reducer from events to state, shared by the server and the page. No I/O and no clock, so that both come to the same state.

pub mod slot;
pub mod canvas;
pub mod runs;
pub mod reduce;
pub mod changes;
pub mod tree;
pub mod visibility;
pub mod state_snapshot;
mod bounded_history;
mod orphaned_events;
mod digest;

pub use canvas::{Canvas, Counts};
pub use changes::Changes;
pub use reduce::Applied;
pub use runs::Runs;
pub use slot::Slot;
pub use state_snapshot::StateSnapshot;
