//! What the page has to say over the canvas: that it is not live, that nothing is there yet, what was just done.
//! Never the fleet.

mod banner;
mod empty;
mod missing;
mod no_agents;
mod toasts;

pub use banner::ConnectionBanner;
pub use empty::EmptyCanvas;
pub use missing::MissingPart;
pub use no_agents::NoAgents;
pub use toasts::Toasts;
