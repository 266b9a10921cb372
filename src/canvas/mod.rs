//! The canvas that a person looks at and works on: layers, cards, gestures. Never decodes or folds.

mod view;
mod cards;
mod card;
mod team;
mod reason;
mod pressed;
mod work;
mod looks;
pub mod stage;
mod look;
pub mod mounting;
mod drawing;
mod changed;
mod raster;
mod placing;
mod pen;
mod pixels;
mod palette;
mod gesture;
mod pointer;
mod keys;
mod hand;
mod hands;
pub mod landing;
mod landings;
pub mod relocation;
mod minimap;
mod freshness;

pub use freshness::Freshness;
pub use hands::give_hands;
pub use keys::focus_on;
pub use landings::Landings;
pub use minimap::Minimap;
pub use mounting::Detail;
pub use stage::Stage;
pub use view::{Layers, show_canvas};
