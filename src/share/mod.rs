//! Links to a view, images of it, and states saved to and opened from files.

mod shared_view;
mod deep_link;
mod download;
mod export_image;
mod export_state;
mod open_state;

pub use deep_link::DeepLink;
pub use export_image::save_image;
pub use export_state::save_state;
pub use open_state::{DropZone, choose_file, use_open_state};
