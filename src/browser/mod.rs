//! Thin wrappers over browser APIs that know nothing of the page.

pub mod clock;
mod frame_scheduler;

pub use frame_scheduler::FrameScheduler;
