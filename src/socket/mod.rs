//! The page's line to a server: what is heard, in which order, and what is done when it breaks. Knows no canvas.

pub mod connection;
pub mod heard;
mod phase;
pub mod link;
pub mod sequence;
pub mod backoff;
pub mod transport;

pub use connection::{Connection, StopReason};
pub use heard::{Heard, LoadFailure, Order};
pub use link::Link;
pub use sequence::Verdict;
pub use transport::{Signal, Transport};
