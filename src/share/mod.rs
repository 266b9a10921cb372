//! What one hands to somebody else: a link to this very view, a picture of it, the state as a file, and such a file opened.
//! Never a change to the fleet.

mod address;
mod link;
mod picture;
mod saved;
mod open;
mod download;

pub use link::CopyLink;
pub use open::{DropZone, choose, opening};
pub use picture::save_picture;
pub use saved::save_state;
