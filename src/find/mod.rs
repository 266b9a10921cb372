//! Finding: by a few letters, by what is looked for, the next problem, the map in the corner. Never what is found: that is the fleet's.

mod fuzzy;
mod filter;
mod facets;
mod filter_bar;
mod letters;
mod sift;
mod palette;
mod commands;
mod problems;
mod follow;
mod keys;

pub use filter::Filter;
pub use filter_bar::{FilterBar, FilterButton};
pub use follow::Following;
pub use fuzzy::fit;
pub use keys::FindKeys;
pub use palette::{Palette, PaletteButton};
