//! What the events add up to: the state that the server and the page fold alike.
//! Never I/O, a clock, signals, the DOM or CSS.

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

pub use canvas::{Canvas, Counts, Slot};
pub use changes::Changes;
pub use reduce::Applied;
pub use runs::Runs;
pub use state_snapshot::StateSnapshot;
