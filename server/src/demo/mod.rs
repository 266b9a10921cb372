//! The demo fleet (`--demo N`): agents that are clients of the public API like anyone's. The show is pure (`show`), the
//! stage makes its calls over HTTP. Never a way into the server that others do not have.

mod cast;
mod chance;
mod lines;
mod plays;
mod show;
mod stage;

pub use stage::{Demo, run};
