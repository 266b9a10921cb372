//! Keyboard and screen reader access: the tree of workspaces, focus, and announcements.

pub mod announcer;
pub mod tree;
