//! The rooms of the page; see ARCHITECTURE.md. Never a line of logic.
#![cfg(target_arch = "wasm32")]

pub mod app;
pub mod session;
pub mod live;
pub mod fleet;
pub mod feed;
pub mod geometry;
pub mod canvas;
pub mod socket;
pub mod api;
pub mod uplink;
pub mod inbox;
pub mod pulse;
pub mod clock;
pub mod tally;
pub mod hooks;
pub mod actions;
pub mod roster;
pub mod toolbar;
pub mod notices;
pub mod forms;
pub mod menus;
pub mod later;
pub mod panel;
pub mod runs;
pub mod ui;
