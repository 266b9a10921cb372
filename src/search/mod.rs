//! Search: the command palette, the filter bar, the way to the next problem, and following a workspace.

mod filter_bar;
mod filter_select;
mod filtering;
mod follow;
mod keys;
mod palette;
mod palette_commands;
mod palette_rows;

pub use filter_bar::{FilterBar, FilterButton};
pub use follow::FollowIndicator;
pub use keys::SearchKeys;
pub use palette::{Palette, PaletteButton};
