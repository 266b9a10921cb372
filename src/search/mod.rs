//! Finding: by a few letters, by what is looked for, the next problem, the map in the corner. Never what is found: that is the fleet's.

mod filter_bar;
mod sift;
mod palette;
mod commands;

mod follow;
mod keys;

pub use filter_bar::{FilterBar, FilterButton};
pub use follow::Following;
pub use keys::SearchKeys;
pub use palette::{Palette, PaletteButton};
