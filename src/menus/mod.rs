//! Menus of a workspace: the panel's, and the one at the pointer on the canvas. Never the doing.

mod commands;
mod more;
mod page;
mod pointer;

pub use commands::workspace_menu_items;
pub use more::MoreMenu;
pub use page::{PageMenu, page_menu_items};
pub use pointer::PointerMenu;
