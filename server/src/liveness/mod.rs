//! Who was last heard of when, and the timers that follow from it (see section 7.2 of docs/protocol.md). Never a status: that is the fold's.

mod vitals;
mod timer;

pub use timer::{saving, watch};
pub use vitals::{Heard, Vitals};
