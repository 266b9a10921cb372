//! The design system: components and helpers that know nothing of workspaces, agents or the server.

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
pub mod time;
pub mod storage;
pub mod text;

/// The former names of [`time`], until their last users are gone.
pub mod moment {
    pub use super::time::{
        format_duration as length, format_stopwatch as stopwatch, format_time_of_day as clock,
        format_time_of_day_short as clock_short,
    };
}
