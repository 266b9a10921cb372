//! The page: a Leptos app compiled to WebAssembly. A module imports only modules that stand below it in this list.
#![cfg(target_arch = "wasm32")]

pub mod app;
pub mod lazy;
pub mod debug_api;
pub mod toolbar;
pub mod feedback;
pub mod search;
pub mod panel;
pub mod runs;
pub mod menus;
pub mod share;
pub mod dialogs;
pub mod a11y;
pub mod canvas;
pub mod commands;
pub mod sync;
pub mod api;
pub mod session;
pub mod store;
pub mod ui;
pub mod browser;
