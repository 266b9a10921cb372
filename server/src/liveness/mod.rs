//! Who was last heard of when, and the timers that follow from it (wire §3). Never a status: that is the fold's.

mod vitals;
mod timer;

pub use timer::{saving, watch};
pub use vitals::{Heard, Vitals};
