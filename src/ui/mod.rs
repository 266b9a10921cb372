//! Small parts that know no domain: they take words, signals and callbacks. Never a record, never the server.

pub mod icon;
pub mod button;
pub mod tabs;
pub mod menu;
pub mod dialog;
pub mod field;
pub mod copy;
pub mod json;
pub mod list_state;
pub mod state;
pub mod tooltip;
pub mod toast;
pub mod theme;
pub mod moment;
pub mod text;
pub mod written;
pub mod kept;
