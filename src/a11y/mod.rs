//! Keyboard and screen reader access: the tree of workspaces, the focus, and announcements.

pub mod announcer;
pub mod tree;
