//! The page's line to a server: what is heard, in which order, and what is done when it breaks. Knows no canvas.

pub mod connection;
pub mod backoff;

pub use connection::{Connection, StopReason};
