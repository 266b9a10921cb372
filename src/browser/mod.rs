//! Thin wrappers of browser APIs. They know nothing of the page.

pub mod clock;
mod composition;
mod frame_scheduler;
mod selector;
mod throttle;

pub use composition::withhold_composition_keys;
pub use frame_scheduler::FrameScheduler;
pub use selector::attribute_selector;
pub use throttle::throttled_effect;
