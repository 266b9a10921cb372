//! The canvas that a person looks at and works on: layers, cards, gestures. Never decodes or folds.

mod view;
mod cards;
mod card;
mod team;
mod reason;
mod pressed;
mod work;
mod looks;
mod controller;
mod interaction;
mod camera;
mod culling;
mod frame;
mod overview;
mod input;
mod hover_tip;
pub mod landing;
mod landings;
pub mod relocation;
mod in_sight;
mod freshness;

pub use controller::CanvasController;
pub use culling::LevelOfDetail;
pub use freshness::Freshness;
pub use hover_tip::HoverTip;
pub use in_sight::{InSight, bring_into_sight_to_read};
pub use input::{CanvasInput, Hover, Touch, focus_on};
pub use landings::Landings;
pub use overview::Minimap;
pub use view::Canvas;
