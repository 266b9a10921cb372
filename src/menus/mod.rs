//! Menus: of a workspace, in the panel and at the pointer, and of the page.

mod more;
mod page;
mod pointer;
mod workspace;

pub use more::MoreMenu;
pub use page::{PageMenu, page_menu_items};
pub use pointer::PointerMenu;
pub use workspace::workspace_menu_items;
