//! Makes `dist/` from a wasm file: the page as files that any web server can serve.

pub mod bundle;
mod boot;
pub mod bindings;
mod compress;
mod directive;
mod shell;
mod stylesheet;
mod sizes;
mod split;
