//! Menus of a workspace: the panel's, and the one at the pointer on the canvas. Never the doing.

mod deeds;
mod more;
mod page;
mod pointer;

pub use deeds::deeds;
pub use more::MoreMenu;
pub use page::{PageMenu, page_deeds};
pub use pointer::PointerMenu;
