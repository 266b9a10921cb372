//! The room that makes `dist/`: the page as files that any web server can serve. Never compiles: it takes a wasm file.

pub mod bundle;
mod boot;
pub mod bindings;
mod compress;
mod directive;
mod shell;
mod sheet;
mod sizes;
mod split;
