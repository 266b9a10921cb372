//! Runs a test binary of the page in a headless Chromium; cargo builds and calls it.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

#[derive(Args)]
pub struct Options {
    /// The test binary and the arguments of the tests, as cargo passes them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    arguments: Vec<OsString>,
}

/// What the runner reads from the environment (a browser rather than Node, the time-out) stands in `.cargo/config.toml`.
pub fn run_in_chromium(options: &Options) -> Result<()> {
    let program = OsString::from("wasm-bindgen-test-runner");
    // What `cargo test -q` adds and the library does not know.
    let known = options.arguments.iter().filter(|argument| *argument != "--quiet").cloned();
    let arguments = std::iter::once(program).chain(known);
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
}
