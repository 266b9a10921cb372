//! What the events add up to: the state that the server and the page fold alike.
//! Never I/O, a clock, signals, the DOM or CSS.

pub mod canvas;
pub mod runs;
pub mod reduce;
pub mod changes;
pub mod tree;
pub mod reach;
pub mod still;
mod shelf;
mod waiting;
mod digest;

pub use canvas::{Canvas, Counts, Slot};
pub use changes::Changes;
pub use reduce::Applied;
pub use runs::Runs;
pub use still::Still;
