//! The canvas: its layers, the cards and teams on it, and how a person moves and changes them.

mod view;
mod card;
mod team;
mod node;
mod node_parts;
mod problem;
mod labels;
mod annotations;
mod event;
mod controller;
mod interaction;
mod camera;
mod culling;
mod frame;
mod overview;
mod input;
mod hover_tip;
mod reveal;
mod freshness;

pub use annotations::NodeAnnotations;
pub use controller::CanvasController;
pub use culling::LevelOfDetail;
pub use event::CanvasEvent;
pub use freshness::Freshness;
pub use hover_tip::HoverTip;
pub use input::{CanvasInput, Hover, Touch, focus_on};
pub use overview::Minimap;
pub use reveal::{RevealSelected, reveal_readable};
pub use view::Canvas;
