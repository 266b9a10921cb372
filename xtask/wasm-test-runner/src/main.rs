//! Runs a test binary of the page in a headless Chromium. Cargo builds and calls it: `.cargo/config.toml`, which also holds
//! what it reads from the environment (a browser rather than Node, the time-out).

use std::ffi::OsString;

use anyhow::Result;

/// Passes on the test binary and the arguments of the tests.
fn main() -> Result<()> {
    let program = OsString::from("wasm-bindgen-test-runner");
    // What `cargo test -q` adds and the library does not know.
    let known = std::env::args_os().skip(1).filter(|argument| argument != "--quiet");
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::iter::once(program).chain(known))
}
